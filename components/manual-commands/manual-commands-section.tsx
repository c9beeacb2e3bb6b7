"use client";
import { useTranslations } from "#translations";
import { type Deployment, isAwaitingSwitch, isInFlight } from "@/lib/domain/deployment/deployment.ts";
import { ManualCommands } from "./manual-commands.tsx";

/** What can be done about a deployment when Switchyard cannot do it; about any, when its record cannot be read (null). */
export function ManualCommandsSection({
  application,
  deployment,
}: {
  application: string;
  deployment: Deployment | null;
}) {
  const t = useTranslations("manualCommands");
  return (
    <section className="card flex flex-col gap-2 p-4" aria-labelledby="manual-commands-heading">
      <h3 id="manual-commands-heading" className="font-semibold">
        {t("title")}
      </h3>
      <p className="text-xs text-second">{t("why")}</p>
      {actionsOf(deployment).map((action) => (
        <ManualCommands key={action} title={t(`title.${action}`)} application={application} request={{ action }} />
      ))}
    </section>
  );
}

function actionsOf(deployment: Deployment | null): ("switch" | "rollback" | "abort" | "retire")[] {
  if (!deployment) return ["rollback", "switch"];
  if (!isInFlight(deployment)) return ["rollback", "retire"];
  return isAwaitingSwitch(deployment) ? ["switch", "abort"] : ["rollback", "abort"];
}
