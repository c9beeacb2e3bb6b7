import type { Metadata } from "next";
import { IncidentList } from "@/components/incidents/incident-list.tsx";
import { LogPanel } from "@/components/logs/log-panel.tsx";
import { StoppedTasks } from "@/components/logs/stopped-tasks.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { can } from "@/lib/domain/access/role.ts";
import { listIncidents } from "@/lib/queries/get-incidents.ts";
import { getStoppedTasks } from "@/lib/queries/get-stopped-tasks.ts";
import { pageContext } from "../../page-context.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("logs"))("title") };
}

export default async function LogsPage({ params }: { params: Promise<{ application: string }> }) {
  const name = decodeURIComponent((await params).application);
  const [context, t] = await Promise.all([pageContext(), getTranslations("logs")]);
  const [stopped, incidents] = await Promise.all([getStoppedTasks(context, name), listIncidents(context, name)]);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex h-[calc(100dvh-64px)] min-h-[420px] flex-col">
        <LogPanel application={name} maySearch={can(context.identity, "deploy", name)} />
      </div>
      {incidents.ok ? <IncidentList application={name} incidents={incidents.value} /> : null}
      {stopped.ok ? (
        <StoppedTasks stopped={stopped.value} />
      ) : (
        <Problem title={t("stopped.cannotBeShown")} problem={stopped} />
      )}
    </div>
  );
}
