"use client";
import { useTranslations } from "#translations";
import { type Deployment, isAwaitingSwitch, isInFlight } from "@/lib/domain/deployment/deployment.ts";
import { ByHand } from "./by-hand.tsx";

/** What can be done about a deployment when Switchyard cannot do it; about any, when its record cannot be read (null). */
export function ByHandSection({ application, deployment }: { application: string; deployment: Deployment | null }) {
  const t = useTranslations("byHand");
  return (
    <section className="card flex flex-col gap-2 p-4" aria-labelledby="by-hand-heading">
      <h3 id="by-hand-heading" className="font-semibold">
        {t("title")}
      </h3>
      <p className="text-xs text-second">{t("why")}</p>
      {actionsOf(deployment).map((action) => (
        <ByHand key={action} title={t(`title.${action}`)} application={application} request={{ action }} />
      ))}
    </section>
  );
}

function actionsOf(deployment: Deployment | null): ("switch" | "rollback" | "abort" | "retire")[] {
  if (!deployment) return ["rollback", "switch"];
  if (!isInFlight(deployment)) return ["rollback", "retire"];
  return isAwaitingSwitch(deployment) ? ["switch", "abort"] : ["rollback", "abort"];
}
