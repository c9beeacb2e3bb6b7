import type { Metadata } from "next";
import { Suspense } from "react";
import { DeployForm } from "@/components/deploy/deploy-form.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { NotReady } from "@/components/readiness/not-ready.tsx";
import { roleOn } from "@/lib/domain/access/role.ts";
import { getReadiness } from "@/lib/queries/get-readiness.ts";
import { listImageTags } from "@/lib/queries/list-image-tags.ts";
import type { Context } from "@/lib/request/context.ts";
import { pageContext } from "../../page-context.ts";
import { addGroupAction, deployAction, deployPlanAction } from "../actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("layout"))("page.deploy") };
}

const ACTIONS = { plan: deployPlanAction, deploy: deployAction, addGroup: addGroupAction };

export default async function DeployPage({ params }: { params: Promise<{ application: string }> }) {
  const name = decodeURIComponent((await params).application);
  const ctx = await pageContext();
  return (
    <>
      <DeployForm
        application={name}
        role={roleOn(ctx.identity, name)}
        tags={await listImageTags(ctx, name)}
        actions={ACTIONS}
      />
      <Suspense fallback={null}>
        <Missing ctx={ctx} name={name} />
      </Suspense>
    </>
  );
}

/** Comes after the form, because a look at all that a deployment needs takes a moment. */
async function Missing({ ctx, name }: { ctx: Context; name: string }) {
  const readiness = await getReadiness(ctx, name);
  return readiness.ok ? <NotReady report={readiness.value} /> : null;
}
