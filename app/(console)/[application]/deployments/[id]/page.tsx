import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ByHandSection } from "@/components/by-hand/by-hand-section.tsx";
import { DeploymentDetail } from "@/components/deployments/deployment-detail.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { getDeployment } from "@/lib/queries/get-deployment.ts";
import { pageContext } from "../../../page-context.ts";

export const metadata: Metadata = { title: "Deployment" };

export default async function DeploymentPage({ params }: { params: Promise<{ application: string; id: string }> }) {
  const { application, id } = await params;
  const result = await getDeployment(await pageContext(), decodeURIComponent(id));
  if (!result.ok) {
    if (result.code === "NOT_FOUND") notFound();
    return (
      <div className="flex flex-col gap-3">
        <Problem title="This deployment cannot be shown" problem={result} />
        <ByHandSection application={decodeURIComponent(application)} deployment={null} />
      </div>
    );
  }
  const { deployment, journal } = result.value;
  if (deployment.application !== decodeURIComponent(application)) notFound();
  return <DeploymentDetail deployment={deployment} journal={journal} />;
}
