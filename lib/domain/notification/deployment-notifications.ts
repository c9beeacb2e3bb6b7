import { approvalCountSaid } from "../deployment/approval.ts";
import { type Deployment, isAwaitingSwitch, pauseStage } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { limitsOf } from "../deployment/stage-limit.ts";
import { explainStoppedTask } from "../observation/plain-words.ts";
import { timeLimitSaid } from "../rules/approval-rules.ts";
import { findWait } from "../rules/waits.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { englishOf } from "../sentence/told.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { approvalNotifications } from "./approval-notifications.ts";
import { makeNotification } from "./make-notification.ts";
import type { Notification, NotificationKind } from "./notification.ts";
import { revisionName, sentences } from "./notification-text.ts";
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
  const what = revisionName(deployment.revision);
  const isUp = aws?.gate?.stage !== "PRE_SCALE_UP";
  // A shift that was refused makes it wait again, for a reason people have not been told yet.
  const again = record.detailSaid?.code === "decision.notShifted" ? (record.detail ?? null) : null;
  const marks = [...(aws?.gate ? [fingerprint(aws.gate.id)] : []), ...(again ? [fingerprint(again)] : [])];
  const wanted = makeNotification(deployment, "approval.wanted", since, marks, {
    title: `${deployment.application}: ${what} on ${to} waits for a person`,
    text: sentences(
      again,
      `${isUp ? `${what} is healthy on ${to}` : `${what} is to start on ${to}`}; ${from} (${revisionName(deployment.fromRevision)}) is live`,
      startedBy(deployment),
      end.ifNobody,
    ),
  });
  if (end.at === null || now < end.at - leadMs(since, end.at)) return [wanted];
  const expiring = makeNotification(deployment, "approval.expiring", end.at - leadMs(since, end.at), [String(end.at)], {
    title: `${deployment.application}: ${what} on ${to} waits only until ${utcMinute(end.at)}`,
    text: sentences(end.ifNobody, startedBy(deployment)),
  });
  return [wanted, expiring];
}

interface WaitEnd {
  /** Epoch ms; null where AWS does not tell it. */
  at: number | null;
  ifNobody: string;
}

function ownEnd(deployment: Deployment, since: number): WaitEnd {
  const { approval, from } = deployment;
  const at = approval?.expiresAt ?? since + limitsOf(deployment).awaitSwitch;
  const ifNobody = approval
    ? `${inEnglish(approvalCountSaid(approval))}. If nobody acts, at ${utcMinute(at)} ${inEnglish(timeLimitSaid(deployment))}.`
    : `If nobody switches by ${utcMinute(at)}, the deployment is given up and ${from} stays live.`;
  return { at, ifNobody };
}

/** At AWS's own gate, what comes first counts: its end, or that of the asking for approval. */
function gateEnd(deployment: Deployment): WaitEnd | null {
  const wait = findWait(deployment, null);
  if (!wait) return null;
  const { approval } = deployment;
  const count = approval ? `${inEnglish(approvalCountSaid(approval))}. ` : "";
  const when = wait.endsAt === null ? "AWS does not tell when" : `at ${utcMinute(wait.endsAt)}`;
  return { at: wait.endsAt, ifNobody: `${count}If nobody acts, ${when} ${wait.words}.` };
}

function leadMs(since: number, until: number): number {
  return Math.min(EXPIRING_LEAD_MS, Math.max(0, until - since) / 4);
}

function shiftOf(deployment: Deployment): Notification[] {
  const record = stageRecord(deployment, "PRODUCTION_TRAFFIC_SHIFT");
  if (record.status !== "SUCCEEDED" || record.finishedAt === null) return [];
  const { application, to, from } = deployment;
  const what = `${revisionName(deployment.revision)} (${to})`;
  const was = `${from} (${revisionName(deployment.fromRevision)}) was live before`;
  if (deployment.kind === "ROLLBACK")
    return [
      makeNotification(deployment, "deployment.rolledBack", record.finishedAt, [], {
        title: `${application}: rolled back to ${what}`,
        text: sentences(startedBy(deployment) ?? "No reason was given", was),
      }),
    ];
  return [
    makeNotification(deployment, "traffic.switched", record.finishedAt, [], {
      title: `${application}: switched to ${what}`,
      text: sentences(was, startedBy(deployment)),
    }),
  ];
}

function notProven(deployment: Deployment): Notification[] {
  const record = stageRecord(deployment, "POST_PRODUCTION_TRAFFIC_SHIFT");
  if (record.status !== "SUCCEEDED" || record.detailSaid?.code !== "proof.unproven") return [];
  return [
    makeNotification(deployment, "switch.notProven", record.finishedAt ?? deployment.startedAt, [], {
      title: `${deployment.application}: switched to ${deployment.to}, not proven`,
      text: sentences(record.detail, "The listener reads back as asked; nothing shows yet that requests followed"),
    }),
  ];
}

function closing(deployment: Deployment, now: number): Notification[] {
  const { bakeUntil, from, to } = deployment;
  const record = stageRecord(deployment, "BAKE_TIME");
  const isBaking = deployment.status === "IN_PROGRESS" && deployment.stage === "BAKE_TIME";
  if (!isBaking || record.status !== "IN_PROGRESS" || bakeUntil === null || record.startedAt === null) return [];
  const lead = closingLeadMs(record.startedAt, bakeUntil);
  if (lead === null || now < bakeUntil - lead || now >= bakeUntil) return [];
  return [
    makeNotification(deployment, "window.closing", bakeUntil - lead, [String(bakeUntil)], {
      title: `${deployment.application}: the bake of ${to} ends at ${utcMinute(bakeUntil)}`,
      text: sentences(
        `Until then a rollback to ${from} is part of this deployment. ${deployment.aws ? "AWS cannot be asked to bake for longer" : "Extend the window if you are not sure yet"}.`,
      ),
    }),
  ];
}

function ending(deployment: Deployment): Notification[] {
  const { application, from, to, status, statusReason, finishedAt } = deployment;
  if (finishedAt === null || status === "SUCCESSFUL") return [];
  const what = revisionName(deployment.revision);
  const why = statusReason ?? "No reason is on record";
  switch (status) {
    case "ROLLBACK_SUCCESSFUL":
      return [
        makeNotification(deployment, "deployment.rolledBack", finishedAt, [], {
          title: `${application}: rolled back from ${what} (${to}) to ${from}`,
          text: sentences(why, deployment.proof?.proven === false ? deployment.proof.note : null),
        }),
      ];
    case "ROLLBACK_FAILED":
      return [
        makeNotification(deployment, "deployment.rollbackFailed", finishedAt, [], {
          title: `${application}: the rollback from ${to} to ${from} FAILED`,
          text: sentences(why, `${to} may still have traffic: look at the board now`),
        }),
      ];
    case "STOPPED":
      return [
        makeNotification(deployment, "deployment.stopped", finishedAt, [], {
          title: `${application}: ${deployment.kind.toLowerCase()} of ${what} to ${to} ${deployment.aws?.isSuperseded ? "superseded" : "stopped"}`,
          text: sentences(why, firstEvidence(deployment), startedBy(deployment)),
        }),
      ];
    default:
      return [];
  }
}

function startedBy({ actor, reason }: Deployment): string {
  return `By ${actor.name}${reason ? `: ${reason}` : ", who gave no reason"}`;
}

function firstEvidence({ evidence }: Deployment): string | null {
  const task = evidence?.tasks[0];
  return task ? `A task stopped: ${englishOf(explainStoppedTask(task))}` : null;
}
