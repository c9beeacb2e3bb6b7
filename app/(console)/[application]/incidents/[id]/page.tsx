import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { IncidentSoon } from "@/components/incidents/incident-soon.tsx";
import { IncidentView } from "@/components/incidents/incident-view.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { endKindOf, incidentIdOf } from "@/lib/domain/incident/incident-kind.ts";
import { getDeployment } from "@/lib/queries/get-deployment.ts";
import { getIncident } from "@/lib/queries/get-incidents.ts";
import { pageContext } from "../../../page-context.ts";

type PageContext = Awaited<ReturnType<typeof pageContext>>;

const MOST_KEEPING_MS = 3 * 60_000;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("incident");
  return { title: t("title") };
}

export default async function IncidentPage({ params }: { params: Promise<{ application: string; id: string }> }) {
  const { application, id } = await params;
  const t = await getTranslations("incident");
  const context = await pageContext();
  const [name, wanted] = [decodeURIComponent(application), decodeURIComponent(id)];
  const result = await getIncident(context, name, wanted);
  if (result.ok) return <IncidentView incident={result.value} />;
  if (result.code === "NOT_FOUND") {
    if (await isBeingKept(context, name, wanted)) return <IncidentSoon />;
    notFound();
  }
  return <Problem title={t("cannotBeShown")} problem={result} />;
}

/** A deployment that ended a moment ago is kept once its last lines have arrived. */
async function isBeingKept(context: PageContext, application: string, id: string): Promise<boolean> {
  if (!id.startsWith("i-")) return false;
  const found = await getDeployment(context, id.slice(2));
  if (!found.ok) return false;
  const { deployment } = found.value;
  const age = context.runtime.now() - (deployment.finishedAt ?? 0);
  return (
    deployment.application === application &&
    age < MOST_KEEPING_MS &&
    endKindOf(deployment) !== null &&
    incidentIdOf(deployment) === id
  );
}
