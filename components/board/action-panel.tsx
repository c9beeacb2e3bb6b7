"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { useSaid, useTranslations } from "#translations";
import { statusSaid, titleSaid } from "@/components/live/stage-words.ts";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age, ClockTime } from "@/components/ui/time.tsx";
import { type Deployment, isAwaitingSwitch } from "@/lib/domain/deployment/deployment.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import { explainStoppedTask } from "@/lib/domain/observation/plain-words.ts";
import { rolloutSaid } from "@/lib/domain/observation/rollout.ts";
import { otherColor, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { timeLimitSaid } from "@/lib/domain/rules/approval-rules.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { type ButtonProps, PrimaryButton, RollbackButton, SecondaryButtons } from "./action-buttons.tsx";
import {
  choosePrimaryAction,
  healthSaid,
  isRollbackInBar,
  ruleChange,
  standbyColor,
  stickySaid,
} from "./board-facts.ts";
import { isDriven, shortArn, startedOutside } from "./driven-facts.ts";
import { IfNobodyAnswers } from "./gate-facts.tsx";
import { OverrideEntry } from "./override-entry.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { ProofLines } from "./proof-lines.tsx";
import { SentNotice } from "./sent-notice.tsx";
import { StageList } from "./stage-list.tsx";
import { UndoOffer } from "./undo-offer.tsx";
import { WaitingLine } from "./waiting-line.tsx";
import { WatchedAlarms } from "./watched-alarms.tsx";

/** What is under way, what a switch would do, and the actions: the primary one, and the way back at the foot. */
export function ActionPanel(props: ButtonProps) {
  const { snapshot, runner } = props;
  const shown = snapshot.deployment ?? snapshot.lastDeployment;
  const primary = choosePrimaryAction(snapshot);
  const isRollbackPrimary = primary?.verb === "rollback";
  return (
    <section
      aria-labelledby="action-heading"
      className="card flex min-h-0 min-w-0 flex-col max-md:order-5 md:max-lg:col-span-2"
    >
      <div className="fade-foot min-h-0 flex-1 overflow-y-auto px-3.5 pt-3 pb-3" tabIndex={-1}>
        <div className="max-md:hidden">
          <Alarms snapshot={snapshot} />
        </div>
        <div className="max-lg:hidden">
          <UndoOffer snapshot={snapshot} onSwitch={props.onSwitch} />
        </div>
        <WatchedAlarms alarms={snapshot.watchedAlarms ?? []} />
        {shown ? <DeploymentHead deployment={shown} /> : <AtRest snapshot={snapshot} />}
        {shown ? <DeploymentBody deployment={shown} snapshot={snapshot} /> : null}
        <OverrideEntry {...props} />
      </div>
      <div className="flex flex-col gap-2.5 px-3.5 pt-2 pb-3">
        <div className="flex flex-col gap-2 max-lg:hidden empty:hidden">
          <SentNotice application={snapshot.name} runner={runner} sent={props.sent} />
          <ProblemNotice problem={runner.problem} />
        </div>
        {/* Its height is kept while there is no primary action, so that nothing above moves when one comes or goes. */}
        <div className="flex min-h-10 flex-col gap-2.5 max-lg:hidden">
          <PrimaryButton {...props} idPrefix="panel" />
        </div>
        <SecondaryButtons {...props} />
        {isRollbackPrimary ? null : (
          <div className={`mt-1 ${isRollbackInBar(snapshot) ? "max-lg:hidden" : ""}`}>
            <RollbackButton {...props} idPrefix="panel-foot" primaryId="panel" />
          </div>
        )}
      </div>
    </section>
  );
}

const ALARM_LOOK = { fault: "border-fault", warning: "border-warning" } as const;
const ALARMS_SHOWN = 3;
/** CloudWatch's reasons are long: beyond this, what is under way needs the room more; the rest is on hover. */
const LONG_ALARM = 110;

/** What to look at first, worst first. */
export function Alarms({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const said = useSaid();
  const t = useTranslations("board");
  // What somebody else changed has its own strip, with what can be done about it.
  const told = new Set(snapshot.drifts?.map(({ message }) => message));
  const alarms = snapshot.alarms.filter(({ message }) => !told.has(message));
  const words = (alarm: (typeof alarms)[number]) => said(alarm.said, alarm.message);
  if (alarms.length === 0) return null;
  return (
    <ul className="mb-2.5 flex flex-col gap-1.5 max-md:mb-0" aria-label={t("lookFirst")}>
      {alarms.slice(0, ALARMS_SHOWN).map((alarm) => (
        <li
          key={`${alarm.severity}${alarm.slot}${alarm.message}`}
          className={`flex items-start gap-2 rounded-control border bg-card px-2.5 py-1.5 text-xs max-md:rounded-card max-md:px-3.5 max-md:py-3 max-md:text-sm ${ALARM_LOOK[alarm.severity]}`}
        >
          <span className="mt-px max-md:mt-[3px]">
            <StateIcon shape={alarm.severity} />
          </span>
          <p className="min-w-0 break-words">
            <span
              className={`font-medium ${words(alarm).length > LONG_ALARM ? "md:line-clamp-2" : ""}`}
              title={words(alarm)}
            >
              {words(alarm).replace(/\.$/, "")}
            </span>
            <span className="text-second">
              {words(alarm).length > LONG_ALARM ? " " : ", "}
              {t.rich("ago", { age: () => <Age at={alarm.since} /> })}
            </span>
          </p>
        </li>
      ))}
      {alarms.length > ALARMS_SHOWN ? (
        <li className="text-xs text-second">{t("andMore", { count: alarms.length - ALARMS_SHOWN })}</li>
      ) : null}
    </ul>
  );
}

function DeploymentHead({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("board");
  const said = useSaid();
  const outside = startedOutside(deployment);
  const startedAt = <ClockTime at={deployment.startedAt} precision="minute" />;
  return (
    <header className="mb-1.5">
      <h2 id="action-heading" tabIndex={-1} className="font-semibold">
        <Link href={`/${deployment.application}/deployments/${deployment.id}`} className="hover:underline">
          {said(titleSaid(deployment))}
        </Link>
        <span className="font-normal text-second">: {said(statusSaid(deployment))}</span>
      </h2>
      <p className="line-clamp-2 text-xs text-second" title={deployment.reason ?? undefined}>
        {outside
          ? t.rich("outsideAt", { outside: said(outside), time: () => startedAt })
          : t.rich("startedBy", { by: deployment.actor.name, time: () => startedAt })}
        {deployment.reason ? `: ${deployment.reason}` : ""}
      </p>
    </header>
  );
}

function AtRest({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const t = useTranslations("board");
  const driver = driverName(snapshot.controller);
  const standby = standbyColor(snapshot);
  return (
    <>
      <h2 id="action-heading" tabIndex={-1} className="mb-1.5 font-semibold">
        {t("nothingUnderWay")}
      </h2>
      {standby ? (
        <>
          <p className="mb-2.5 text-xs text-second">
            {isDriven(snapshot) ? t("atRestDriven", { standby, driver }) : t("atRest", { standby })}
          </p>
          {isDriven(snapshot) ? null : <SwitchFacts snapshot={snapshot} />}
        </>
      ) : (
        <p className="text-xs text-second">{t("noStandby")}</p>
      )}
    </>
  );
}

function DeploymentBody({ deployment, snapshot }: { deployment: Deployment; snapshot: ApplicationSnapshot }) {
  const said = useSaid();
  const isOver = snapshot.deployment === null;
  const reason = deployment.evidence?.tasks.length ? null : deployment.statusReason;
  return (
    <div className="flex flex-col gap-2.5">
      {/* Above the stages, which go at the end: what is read then stays where it is. */}
      {deployment.proof ? <ProofLines deployment={deployment} proof={deployment.proof} /> : null}
      {isOver && (deployment.proof || deployment.evidence) ? null : <StageList deployment={deployment} />}
      {isOver ? null : <WaitingLine deployment={deployment} />}
      {isOver ? null : <AwsLine deployment={deployment} snapshot={snapshot} />}
      {reason && !(isOver && deployment.status === "SUCCESSFUL") ? (
        <p className="text-xs break-words text-second">{said(deployment.statusSaid, reason)}</p>
      ) : null}
      {deployment.evidence ? <Evidence deployment={deployment} /> : null}
      {deployment.proof || (isOver && deployment.aws) ? null : <SwitchFacts snapshot={snapshot} />}
    </div>
  );
}

/** What is AWS's own of it: which deployment, and whether its bake can be moved. */
function AwsLine({ deployment, snapshot }: { deployment: Deployment; snapshot: ApplicationSnapshot }) {
  const t = useTranslations("board");
  const said = useSaid();
  const { aws, rollout, stage } = deployment;
  if (!aws?.id) return null;
  const driver = driverName(snapshot.controller);
  return (
    <p className="text-xs break-words text-second">
      {t.rich(rollout ? "deploysItAs" : "deploysItAsOnly", {
        driver,
        id: shortArn(aws.id),
        rollout: rollout ? said(rolloutSaid(rollout)) : "",
        mono: (chunks) => <span className="font-mono break-all">{chunks}</span>,
      })}
      {stage === "BAKE_TIME" ? ` ${t("bakeCannotMove", { driver })}` : ""}
    </p>
  );
}

function Evidence({ deployment }: { deployment: Deployment }) {
  const t = useTranslations("board");
  const said = useSaid();
  const task = deployment.evidence?.tasks[0];
  const lines = deployment.evidence?.lines.slice(-3) ?? [];
  return (
    <div className="rounded-control bg-fault-ground p-2.5 text-xs">
      {task ? (
        <p className="font-semibold text-fault">
          <span className="font-mono">{task.id.slice(0, 8)}</span>: {said(explainStoppedTask(task))}
        </p>
      ) : null}
      {lines.length > 0 ? (
        <pre className="mt-1 font-mono text-2xs break-words whitespace-pre-wrap">
          {lines.map((line) => line.text).join("\n")}
        </pre>
      ) : null}
      <Link
        href={`/${deployment.application}/deployments/${deployment.id}`}
        className="mt-1 inline-block underline underline-offset-2"
      >
        {t("allLeftBehind")}
      </Link>
    </div>
  );
}

function IfNobodyActs({ deployment, to, driver }: { deployment: Deployment | null; to: SlotColor; driver: string }) {
  const said = useSaid();
  const t = useTranslations("board");
  const gate = deployment?.aws?.gate;
  const expiresAt = deployment?.approval?.state === "waiting" ? deployment.approval.expiresAt : null;
  if (deployment && gate && (expiresAt === null || (gate.expiresAt !== null && gate.expiresAt < expiresAt)))
    return <IfNobodyAnswers gate={gate} deployment={deployment} driver={driver} />;
  if (!deployment || expiresAt === null) return <>{t("staysLive", { side: otherColor(to) })}</>;
  return (
    <>
      {t.rich("atTime", {
        time: () => <ClockTime at={expiresAt} precision="minute" />,
        what: said(timeLimitSaid(deployment)),
      })}
    </>
  );
}

function SwitchFacts({ snapshot }: { snapshot: ApplicationSnapshot }) {
  const said = useSaid();
  const t = useTranslations("board");
  const to = snapshot.deployment?.to ?? standbyColor(snapshot);
  if (!to) return null;
  const slot = snapshot.slots[to];
  const isWaiting = snapshot.deployment !== null && isAwaitingSwitch(snapshot.deployment);
  const { test } = snapshot.traffic;
  const preview =
    test?.url && snapshot.deployment && test.weights[to] > 0 && test.weights[otherColor(to)] === 0 ? (
      <a href={test.url} target="_blank" rel="noreferrer" className="underline underline-offset-2">
        {test.takes
          ? t("throughWith", { to, name: test.name, takes: test.takes })
          : t("through", { to, name: test.name })}
      </a>
    ) : null;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t("fact.rule"), said(ruleChange(snapshot.traffic.weights, to))],
    [t("fact.healthy"), said(healthSaid(slot, snapshot.observedAt))],
    [t("fact.sticky"), said(stickySaid(snapshot, otherColor(to)))],
    ...(preview ? [[t("fact.preview"), preview] as const] : []),
    ...(isWaiting
      ? [
          [
            t("fact.ifNobodyActs"),
            <IfNobodyActs key="if" deployment={snapshot.deployment} to={to} driver={driverName(snapshot.controller)} />,
          ] as const,
        ]
      : []),
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-xs leading-[17px]">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-second">{name}</dt>
          <dd className="font-medium break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
