import { approvalCountSaid } from "../deployment/approval.ts";
import { type Deployment, isAwaitingSwitch, pauseStage } from "../deployment/deployment.ts";
import { reasonOf, stageRecord } from "../deployment/deployment-stage.ts";
import { limitsOf } from "../deployment/stage-limit.ts";
import { explainStoppedTask } from "../observation/plain-words.ts";
import { timeLimitSaid } from "../rules/approval-rules.ts";
import { findWait } from "../rules/waits.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { approvalNotifications } from "./approval-notifications.ts";
import { makeNotification } from "./make-notification.ts";
import type { Notification, NotificationKind } from "./notification.ts";
import { revisionSaid, startedBy } from "./notification-text.ts";
import { closingLeadMs, windowNotifications } from "./window-notifications.ts";

/** How long before a waiting release is given up people are told. */
const EXPIRING_LEAD_MS = 30 * 60_000;

const STILL_ASKED: ReadonlySet<NotificationKind> = new Set([
  "approval.wanted",
  "approval.expiring",
  "window.opened",
  "window.closing",
]);

/**
 * Everything that people are to be told of by now, read from the record alone: whoever looks, and whenever, finds the same
 * with the same ids, so that nothing is lost in a crash and nothing is told twice. Oldest first.
 */
export function deploymentNotifications(deployment: Deployment, now: number): Notification[] {
  const found = [
    ...waiting(deployment, now),
    ...approvalNotifications(deployment),
    ...shiftOf(deployment),
    ...notProven(deployment),
    ...closing(deployment, now),
    ...windowNotifications(deployment, now),
    ...ending(deployment),
  ];
  return found.sort((a, b) => a.at - b.at);
}

/** Whether it asks for something that a person can still do, however long ago it began. */
export function isStillAsked(kind: NotificationKind): boolean {
  return STILL_ASKED.has(kind);
}

function waiting(deployment: Deployment, now: number): Notification[] {
  if (!isAwaitingSwitch(deployment)) return [];
  const { from, to, approval, aws } = deployment;
  // All have said yes, or nobody is asked yet.
  if (approval && (approval.state !== "waiting" || approval.expiresAt === null)) return [];
  const record = stageRecord(deployment, pauseStage(deployment));
  const since = record.startedAt ?? deployment.startedAt;
  const end = aws ? gateEnd(deployment) : ownEnd(deployment, since);
  if (!end || (end.at !== null && now >= end.at)) return [];
  const what = revisionSaid(deployment.revision);
  const sides = { what, to, from, was: revisionSaid(deployment.fromRevision) };
  const { application } = deployment;
  const isUp = aws?.gate?.stage !== "PRE_SCALE_UP";
  // A shift that was refused makes it wait again, for a reason people have not been told yet.
  const again = record.detailSaid?.code === "decision.notShifted" ? record.detailSaid : null;
  const marks = [
    ...(aws?.gate ? [fingerprint(aws.gate.id)] : []),
    ...(again ? [fingerprint(record.detail ?? "")] : []),
  ];
  const wanted = makeNotification(
    deployment,
    "approval.wanted",
    since,
    marks,
    say("notice.waits.title", { application, what, to }),
    [
      again,
      isUp ? say("notice.waits.healthy", sides) : say("notice.waits.starts", sides),
      startedBy(deployment),
      end.ifNobody,
    ],
  );
  if (end.at === null || now < end.at - leadMs(since, end.at)) return [wanted];
  const expiring = makeNotification(
    deployment,
    "approval.expiring",
    end.at - leadMs(since, end.at),
    [String(end.at)],
    say("notice.waits.only", { application, what, to, until: utcMinute(end.at) }),
    [end.ifNobody, startedBy(deployment)],
  );
  return [wanted, expiring];
}

interface WaitEnd {
  /** Epoch ms; null where AWS does not tell it. */
  at: number | null;
  ifNobody: Sentence;
}

function ownEnd(deployment: Deployment, since: number): WaitEnd {
  const { approval, from } = deployment;
  const at = approval?.expiresAt ?? since + limitsOf(deployment).awaitSwitch;
  const ifNobody = approval
    ? say("notice.ifNobodyActs", {
        count: approvalCountSaid(approval),
        at: utcMinute(at),
        outcome: timeLimitSaid(deployment),
      })
    : say("notice.ifNobodySwitches", { at: utcMinute(at), from });
  return { at, ifNobody };
}

/** At AWS's own gate, what comes first counts: its end, or that of the asking for approval. */
function gateEnd(deployment: Deployment): WaitEnd | null {
  const wait = findWait(deployment, null);
  if (!wait) return null;
  const { approval } = deployment;
  const outcome = wait.said ?? wait.words;
  const at = wait.endsAt === null ? null : utcMinute(wait.endsAt);
  const count = approval && approvalCountSaid(approval);
  const ifNobody = count
    ? at === null
      ? say("notice.gateActsCountUnknown", { count, outcome })
      : say("notice.gateActsCount", { count, at, outcome })
    : at === null
      ? say("notice.gateActsUnknown", { outcome })
      : say("notice.gateActs", { at, outcome });
  return { at: wait.endsAt, ifNobody };
}

function leadMs(since: number, until: number): number {
  return Math.min(EXPIRING_LEAD_MS, Math.max(0, until - since) / 4);
}

function shiftOf(deployment: Deployment): Notification[] {
  const record = stageRecord(deployment, "PRODUCTION_TRAFFIC_SHIFT");
  if (record.status !== "SUCCEEDED" || record.finishedAt === null) return [];
  const { application, to, from } = deployment;
  const what = revisionSaid(deployment.revision);
  const was = say("notice.wasLive", { from, was: revisionSaid(deployment.fromRevision) });
  if (deployment.kind === "ROLLBACK")
    return [
      makeNotification(
        deployment,
        "deployment.rolledBack",
        record.finishedAt,
        [],
        say("notice.rolledBack.to", { application, what, to }),
        [startedBy(deployment), was],
      ),
    ];
  return [
    makeNotification(
      deployment,
      "traffic.switched",
      record.finishedAt,
      [],
      say("notice.switched", { application, what, to }),
      [was, startedBy(deployment)],
    ),
  ];
}

function notProven(deployment: Deployment): Notification[] {
  const record = stageRecord(deployment, "POST_PRODUCTION_TRAFFIC_SHIFT");
  if (record.status !== "SUCCEEDED" || record.detailSaid?.code !== "proof.unproven") return [];
  const { application, to } = deployment;
  return [
    makeNotification(
      deployment,
      "switch.notProven",
      record.finishedAt ?? deployment.startedAt,
      [],
      say("notice.notProven", { application, to }),
      [record.detailSaid, say("notice.nothingShows")],
    ),
  ];
}

function closing(deployment: Deployment, now: number): Notification[] {
  const { application, bakeUntil, from, to } = deployment;
  const record = stageRecord(deployment, "BAKE_TIME");
  const isBaking = deployment.status === "IN_PROGRESS" && deployment.stage === "BAKE_TIME";
  if (!isBaking || record.status !== "IN_PROGRESS" || bakeUntil === null || record.startedAt === null) return [];
  const lead = closingLeadMs(record.startedAt, bakeUntil);
  if (lead === null || now < bakeUntil - lead || now >= bakeUntil) return [];
  return [
    makeNotification(
      deployment,
      "window.closing",
      bakeUntil - lead,
      [String(bakeUntil)],
      say("notice.bakeEnds", { application, to, at: utcMinute(bakeUntil) }),
      [say(deployment.aws ? "notice.bakeUntilAws" : "notice.bakeUntil", { from })],
    ),
  ];
}

function ending(deployment: Deployment): Notification[] {
  const { application, from, to, status, kind, proof, finishedAt } = deployment;
  if (finishedAt === null || status === "SUCCESSFUL") return [];
  const what = revisionSaid(deployment.revision);
  const why = reasonOf(deployment) ?? say("notice.noReasonOnRecord");
  const how = deployment.aws?.isSuperseded ? "superseded" : deployment.aws?.isFailed ? "failed" : "stopped";
  switch (status) {
    case "ROLLBACK_SUCCESSFUL":
      return [
        makeNotification(
          deployment,
          "deployment.rolledBack",
          finishedAt,
          [],
          say("notice.rolledBack.from", { application, what, to, from }),
          [why, proof?.proven === false ? (proof.noteSaid ?? proof.note) : null],
        ),
      ];
    case "ROLLBACK_FAILED":
      return [
        makeNotification(
          deployment,
          "deployment.rollbackFailed",
          finishedAt,
          [],
          say("notice.rolledBack.failed", { application, to, from }),
          [why, say("notice.stillTraffic", { to })],
        ),
      ];
    case "STOPPED":
      return [
        makeNotification(
          deployment,
          "deployment.stopped",
          finishedAt,
          [],
          say("notice.stopped", { application, kind, what, to, how }),
          [why, firstEvidence(deployment), startedBy(deployment)],
        ),
      ];
    default:
      return [];
  }
}

function firstEvidence({ evidence }: Deployment): Sentence | null {
  const task = evidence?.tasks[0];
  return task ? say("notice.taskStopped", { why: explainStoppedTask(task) }) : null;
}
