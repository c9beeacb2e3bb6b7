import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { DeploymentDetail } from "@/components/deployments/deployment-detail.tsx";
import { ManualCommandsSection } from "@/components/manual-commands/manual-commands-section.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { isInFlight } from "@/lib/domain/deployment/deployment.ts";
import { getDeployment } from "@/lib/queries/get-deployment.ts";
import { getIncident } from "@/lib/queries/get-incidents.ts";
import { pageContext } from "../../../page-context.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deployments"))("page.deployment") };
}

export default async function DeploymentPage({ params }: { params: Promise<{ application: string; id: string }> }) {
  const { application, id } = await params;
  const context = await pageContext();
  const result = await getDeployment(context, decodeURIComponent(id));
  if (!result.ok) {
    if (result.code === "NOT_FOUND") notFound();
    return (
      <div className="flex flex-col gap-3">
        <Problem title={(await getTranslations("deployments"))("page.oneCannotBeShown")} problem={result} />
        <ManualCommandsSection application={decodeURIComponent(application)} deployment={null} />
      </div>
    );
  }
  const { deployment, journal } = result.value;
  if (deployment.application !== decodeURIComponent(application)) notFound();
  const incident = isInFlight(deployment)
    ? null
    : await getIncident(context, deployment.application, `i-${deployment.id}`);
  const t = await getTranslations("incident");
  return (
    <>
      {incident?.ok ? (
        <p className="card mb-3 px-4 py-2">
          <Link href={`/${application}/incidents/${encodeURIComponent(incident.value.id)}`} className="hover:underline">
            {t("title")}
          </Link>
        </p>
      ) : null}
      <DeploymentDetail deployment={deployment} journal={journal} />
    </>
  );
}
