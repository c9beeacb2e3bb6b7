"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { PERMISSIONS, ROLES, type Role } from "@/lib/domain/access/role.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { BoardActions } from "./board-actions.ts";

/** What holds the line up: a freeze, and what somebody else changed in AWS until a person has taken note of it. */
export function LineStrip({
  snapshot,
  role,
  acknowledge,
}: {
  snapshot: ApplicationSnapshot;
  role: Role | null;
  acknowledge: BoardActions["acknowledge"];
}) {
  const t = useTranslations("board");
  const { freeze, drifts = [] } = snapshot;
  if (!freeze && drifts.length === 0) return null;
  return (
    <section aria-label={t("holdsLine")} className="flex flex-col gap-1.5 max-md:order-3">
      {freeze ? (
        <div className="card flex items-start gap-2 border-warning px-3.5 py-2">
          <span className="mt-[3px]">
            <StateIcon shape="warning" />
          </span>
          <p className="min-w-0 break-words">
            <span className="font-semibold">
              {t.rich(freeze.until === null ? "freeze.untilLifted" : "freeze.until", {
                scope: freeze.application === null ? "every" : "one",
                by: freeze.startedBy,
                time: () => <ClockTime at={freeze.until ?? 0} precision="minute" />,
              })}
            </span>{" "}
            {freeze.reason}. <span className="text-second">{t("rollbackPossible")}</span>
          </p>
        </div>
      ) : null}
      {drifts.map((drift) => (
        <DriftRow key={drift.id} drift={drift} application={snapshot.name} role={role} acknowledge={acknowledge} />
      ))}
    </section>
  );
}

function DriftRow({
  drift,
  application,
  role,
  acknowledge,
}: {
  drift: NonNullable<ApplicationSnapshot["drifts"]>[number];
  application: string;
  role: Role | null;
  acknowledge: BoardActions["acknowledge"];
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const needed = PERMISSIONS.acknowledge;
  const may = role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
  const press = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const result = await acknowledge({ application, drift: drift.id });
      if (result.ok) announce(t("acknowledged"));
      else setProblem(said(result.said, result.message));
    } catch {
      setProblem(t("noAnswer"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="card flex flex-wrap items-center gap-x-3 gap-y-1.5 border-warning px-3.5 py-2">
      <StateIcon shape="warning" />
      <p className="min-w-0 flex-1 break-words max-sm:basis-3/4">
        <span className="font-semibold">{said(drift.said, drift.message)}.</span>{" "}
        <span className="text-second">{drift.blocks ? t("driftBlocks") : t("driftShown")}</span>
        {problem ? <span role="alert"> {problem}</span> : null}
      </p>
      <Button
        size="small"
        busy={isBusy}
        blocked={may ? null : t("acknowledgeNeeds", { needed })}
        onClick={() => void press()}
      >
        {t("acknowledge")}
      </Button>
    </div>
  );
}
