import { randomUUID } from "node:crypto";
import type { Metadata } from "next";
import { RollbackPage } from "@/components/board/rollback-page.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { roleOn } from "@/lib/domain/access/role.ts";
import { getDeployment } from "@/lib/queries/get-deployment.ts";
import { pageContext } from "../../page-context.ts";
import { rollBackFormAction } from "../actions.ts";

type Props = {
  params: Promise<{ application: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("board"))("rollBack") };
}

export default async function PlainRollbackPage({ params, searchParams }: Props) {
  const application = decodeURIComponent((await params).application);
  const { deployment: id } = await searchParams;
  const context = await pageContext();
  const acceptedId = typeof id === "string" ? id : null;
  const found = acceptedId ? await getDeployment(context, acceptedId) : null;
  const accepted = found?.ok && found.value.deployment.application === application ? found.value.deployment : null;
  return (
    <RollbackPage
      application={application}
      role={roleOn(context.identity, application)}
      action={rollBackFormAction}
      formKey={randomUUID()}
      acceptedId={acceptedId}
      accepted={accepted}
    />
  );
}
