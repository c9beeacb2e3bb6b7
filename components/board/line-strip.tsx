"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import type { Role } from "@/lib/domain/access/role.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { AcknowledgeButton } from "./acknowledge-button.tsx";
import type { BoardActions } from "./board-actions.ts";

/** What blocks deployments: a freeze, and what somebody else changed in AWS until a person has taken note of it. */
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
  const said = useSaid();
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
                by: said(nameSaid(freeze.startedBy)),
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
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <div className="card flex flex-wrap items-center gap-x-3 gap-y-1.5 border-warning px-3.5 py-2">
      <StateIcon shape="warning" />
      <p className="min-w-0 flex-1 break-words max-sm:basis-3/4">
        <span className="font-semibold">{said(drift.said, drift.message)}.</span>{" "}
        <span className="text-second">{drift.blocks ? t("driftBlocks") : t("driftShown")}</span>
        {problem ? <span role="alert"> {problem}</span> : null}
      </p>
      <AcknowledgeButton
        role={role}
        send={() => acknowledge({ application, drift: drift.id })}
        onProblem={setProblem}
      />
    </div>
  );
}
