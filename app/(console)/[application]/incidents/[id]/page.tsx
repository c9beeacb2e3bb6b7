import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { IncidentView } from "@/components/incidents/incident-view.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { getIncident } from "@/lib/queries/get-incidents.ts";
import { pageContext } from "../../../page-context.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("incident");
  return { title: t("title") };
}

export default async function IncidentPage({ params }: { params: Promise<{ application: string; id: string }> }) {
  const { application, id } = await params;
  const t = await getTranslations("incident");
  const result = await getIncident(await pageContext(), decodeURIComponent(application), decodeURIComponent(id));
  if (result.ok) return <IncidentView incident={result.value} />;
  if (result.code === "NOT_FOUND") notFound();
  return <Problem title={t("cannotBeShown")} problem={result} />;
}
