import type { Metadata } from "next";
import { DeployForm } from "@/components/deploy/deploy-form.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { roleOn } from "@/lib/domain/access/role.ts";
import { listImageTags } from "@/lib/queries/list-image-tags.ts";
import { pageContext } from "../../page-context.ts";
import { deployAction, deployPlanAction } from "../actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("layout"))("page.deploy") };
}

const ACTIONS = { plan: deployPlanAction, deploy: deployAction };

export default async function DeployPage({ params }: { params: Promise<{ application: string }> }) {
  const name = decodeURIComponent((await params).application);
  const ctx = await pageContext();
  return (
    <DeployForm
      application={name}
      role={roleOn(ctx.identity, name)}
      tags={await listImageTags(ctx, name)}
      actions={ACTIONS}
    />
  );
}
