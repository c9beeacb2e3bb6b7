"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { useSaid, useTranslations } from "#translations";
import { HandoverButton } from "@/components/audit/handover-button.tsx";
import { startedOutside } from "@/components/board/driven-facts.ts";
import { ProofLines } from "@/components/board/proof-lines.tsx";
import { stageShape } from "@/components/board/stage-list.tsx";
import { StepList } from "@/components/board/step-list.tsx";
import { WaitingLine } from "@/components/board/waiting-line.tsx";
import { useWhole } from "@/components/live/live-provider.tsx";
import { endShape, statusSaid, titleSaid, versionOf } from "@/components/live/stage-words.ts";
import { ManualCommandsSection } from "@/components/manual-commands/manual-commands-section.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { type Fact, FactList } from "@/components/ui/fact-list.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime, Elapsed } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import { type Deployment, isInFlight, type JournalEntry } from "@/lib/domain/deployment/deployment.ts";
import type { OutsideCaller } from "@/lib/domain/observation/outside-caller.ts";
import { ALL_AT_ONCE, rolloutSaid } from "@/lib/domain/observation/rollout.ts";
import type { Revision, SlotColor } from "@/lib/domain/observation/slot.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { shortName } from "@/lib/domain/text/short-name.ts";
import { EvidenceView } from "./evidence-view.tsx";
import { JournalTable } from "./journal-table.tsx";

/** One deployment with all that is known of it; while it is in flight, as it goes on. */
export function DeploymentDetail({
  deployment: first,
  journal,
}: {
  deployment: Deployment;
  journal: readonly JournalEntry[];
}) {
  const t = useTranslations("deployments");
  const said = useSaid();
  const router = useRouter();
  const snapshot = useWhole(first.application);
  const live = [snapshot?.deployment, snapshot?.lastDeployment].find((each) => each?.id === first.id);
  const deployment = live ?? first;
  const mark = `${deployment.status} ${deployment.stage} ${deployment.proof?.proven}`;
  const seen = useRef(mark);
  useEffect(() => {
    if (seen.current === mark) return;
    seen.current = mark;
    // The journal is not part of the stream.
    router.refresh();
  }, [mark, router]);

  return (
    <article className="flex flex-col gap-3">
      <header className="card flex flex-wrap items-start gap-x-8 gap-y-3 p-4">
        <div className="min-w-0 flex-1 basis-72 break-words">
          <h2 className="flex items-center gap-2.5 text-lg font-semibold">
            <SlotMark color={deployment.to} size={22} />
            <span className="min-w-0">{said(titleSaid(deployment))}</span>
          </h2>
          <p className="mt-1 flex flex-wrap items-center gap-x-2">
            <StateIcon shape={isInFlight(deployment) ? "busy" : endShape(deployment)} />
            {said(statusSaid(deployment))}
            <span className="font-mono text-xs text-second">{deployment.status}</span>
          </p>
          {isInFlight(deployment) ? <WaitingLine deployment={deployment} /> : null}
          {deployment.statusReason ? (
            <p className="mt-1 max-w-[720px] break-words text-second">
              {said(deployment.statusSaid, deployment.statusReason)}
            </p>
          ) : null}
          {deployment.late ? <p className="mt-1 text-second">{t("late")}</p> : null}
          <div className="mt-3">
            <HandoverButton url={`/api/v1/deployments/${encodeURIComponent(deployment.id)}/handover`} />
          </div>
        </div>
        <Facts deployment={deployment} />
      </header>
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]">
        <div className="flex min-w-0 flex-col gap-3">
          <Stages deployment={deployment} />
          {deployment.proof ? (
            <section className="card p-4" aria-label={t("proof")}>
              <ProofLines deployment={deployment} proof={deployment.proof} />
            </section>
          ) : null}
          <ManualCommandsSection application={deployment.application} deployment={deployment} />
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          {deployment.evidence ? <EvidenceView evidence={deployment.evidence} /> : null}
          <JournalTable journal={journal} />
        </div>
      </div>
    </article>
  );
}

/** Who did what nobody did here, as CloudTrail says, or why that is not known. */
function OutsideWords({ caller }: { caller: OutsideCaller }) {
  const t = useTranslations("deployments");
  switch (caller.state) {
    case "known":
      return t.rich("outside.known", {
        who: caller.who,
        call: caller.call,
        time: () => <ClockTime at={caller.at} precision="day" />,
      });
    case "denied":
      return t("outside.denied", { permission: caller.permission });
    default:
      return t("outside.none", { state: caller.state });
  }
}

function Facts({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("deployments");
  const said = useSaid();
  const { startedBy, endedBy } = deployment.aws ?? {};
  const facts: readonly Fact[] = [
    [t("fact.kind"), said(say(`live.kind.${deployment.kind}`))],
    [
      t("fact.askedBy"),
      said(
        startedOutside(deployment) ?? undefined,
        t("askedBy", { name: said(nameSaid(deployment.actor.name)), via: deployment.actor.via }),
      ),
    ],
    ...(deployment.aws?.id ? [[t("fact.aws"), shortName(deployment.aws.id)] as const] : []),
    ...(deployment.aws?.answered ?? []).map(
      ({ gate, action, at }, index) =>
        [
          t("fact.gate", { number: index + 1 }),
          <span key={gate}>
            {t.rich("answered", {
              action,
              gate,
              time: () => <ClockTime at={at} precision="day" />,
              mono: (chunks) => <span className="font-mono break-all">{chunks}</span>,
            })}
          </span>,
        ] as const,
    ),
    ...(startedBy ? [[t("fact.startedBy"), <OutsideWords key="startedBy" caller={startedBy} />] as const] : []),
    // What AWS ended by itself nobody called for.
    ...(endedBy?.state === "known"
      ? [[t("fact.endedBy"), <OutsideWords key="endedBy" caller={endedBy} />] as const]
      : []),
    [t("fact.reason"), deployment.reason ?? t("noReason")],
    [t("fact.traffic"), said(rolloutSaid(deployment.rollout ?? ALL_AT_ONCE))],
    [t("fact.started"), <ClockTime key="started" at={deployment.startedAt} precision="day" />],
    [t("fact.took"), <Elapsed key="took" from={deployment.startedAt} to={deployment.finishedAt} />],
    [t("fact.from"), <RevisionWords key="from" color={deployment.from} revision={deployment.fromRevision} />],
    [t("fact.to"), <RevisionWords key="to" color={deployment.to} revision={deployment.revision} />],
    ...deployment.approvals.map(
      (approval) =>
        [
          approval.lapsed
            ? t("fact.lapsed")
            : approval.decision === "approved"
              ? t("fact.approved")
              : t("fact.rejected"),
          `${said(nameSaid(approval.name ?? approval.actor))}${approval.comment ? `: ${approval.comment}` : ""}${approval.lapsed ? ` (${said(approval.lapsed.said, approval.lapsed.why)})` : ""}`,
        ] as const,
    ),
    [
      t("fact.id"),
      <span key="id" className="font-mono break-all">
        {deployment.id}
      </span>,
    ],
  ];
  return (
    <FactList facts={facts} className="min-w-0 max-w-[480px] basis-72 items-center max-lg:flex-1 gap-y-0.5 text-xs" />
  );
}

function RevisionWords({ color, revision }: { color: SlotColor; revision: Revision | null }) {
  const t = useTranslations("deployments");
  return (
    <span className="flex items-center gap-1.5">
      <SlotMark color={color} size={14} />
      <span className="min-w-0 break-words">
        {color}, {revision ? `${versionOf(revision)}, ${shortName(revision.taskDefinition)}` : t("nothing")}
      </span>
      {revision ? <CopyButton isSmall label={t("copyImage", { color })} text={revision.image} /> : null}
    </span>
  );
}

function Stages({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("deployments");
  const said = useSaid();
  return (
    <section className="card" aria-labelledby="stages-heading">
      <h3 id="stages-heading" className="px-4 pt-3 pb-2 font-semibold">
        {t("stages")}
      </h3>
      <ol>
        {deployment.stages.map((record) => (
          <li key={record.stage} className="flex items-start gap-2.5 border-t border-line px-4 py-2">
            <span className="mt-[3px]">
              <StateIcon shape={stageShape(record.status)} />
            </span>
            <div
              className={`min-w-0 flex-1 ${record.status === "PENDING" || record.status === "SKIPPED" ? "text-second" : ""}`}
            >
              <p>
                {record.status === "SKIPPED"
                  ? t("skipped", { stage: said(say(`live.stage.${record.stage}`)) })
                  : said(say(`live.stage.${record.stage}`))}{" "}
                <span className="font-mono text-2xs text-second">{record.stage}</span>
              </p>
              {record.detail ? (
                <p className="text-xs break-words text-second">{said(record.detailSaid, record.detail)}</p>
              ) : null}
              {record.smoke && !record.smoke.ok && record.detail !== record.smoke.message ? (
                <p className="text-xs break-words text-second">{record.smoke.message}</p>
              ) : null}
              {record.stage === "PRODUCTION_TRAFFIC_SHIFT" ? <StepList deployment={deployment} /> : null}
            </div>
            {record.startedAt !== null && (record.finishedAt !== null || isInFlight(deployment)) ? (
              <span className="shrink-0 text-second">
                <Elapsed from={record.startedAt} to={record.finishedAt} />
              </span>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
