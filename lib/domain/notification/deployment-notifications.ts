import { approvalCount } from "../deployment/approval.ts";
import { type Deployment, isAwaitingSwitch, pauseStage } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { limitsOf } from "../deployment/stage-limit.ts";
import { windowEnd } from "../deployment/window.ts";
import { explainStoppedTask } from "../observation/plain-words.ts";
import type { Revision } from "../observation/slot.ts";
import { timeLimitWords } from "../rules/approval-rules.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { oneLine } from "../text/one-line.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { approvalNotifications } from "./approval-notifications.ts";
import { makeNotification } from "./make-notification.ts";
import type { Notification, NotificationKind } from "./notification.ts";

/** How long before a waiting release is given up people are told. */
const EXPIRING_LEAD_MS = 30 * 60_000;
/** A bake's end is told a quarter of the bake before it, but no sooner than this. */
const CLOSING_LEAD_MS = 10 * 60_000;
/** Less time than this helps nobody. */
const LEAST_LEAD_MS = 30_000;

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
    ...keptClosing(deployment, now),
    ...ending(deployment),
  ];
  return found.sort((a, b) => a.at - b.at);
}

/** Whether it asks for something that a person can still do, however long ago it began. */
export function isStillAsked(kind: NotificationKind): boolean {
  return kind === "approval.wanted" || kind === "approval.expiring" || kind === "window.closing";
}

function waiting(deployment: Deployment, now: number): Notification[] {
  if (!isAwaitingSwitch(deployment)) return [];
  const { from, to, approval } = deployment;
  // All have said yes, or nobody is asked yet.
  if (approval && (approval.state !== "waiting" || approval.expiresAt === null)) return [];
  const record = stageRecord(deployment, pauseStage(deployment));
  const since = record.startedAt ?? deployment.startedAt;
  const expiresAt = approval?.expiresAt ?? since + limitsOf(deployment).awaitSwitch;
  if (now >= expiresAt) return [];
  const what = revisionName(deployment.revision);
  const ifNobody = approval
    ? `${approvalCount(approval)}. If nobody acts, at ${utcMinute(expiresAt)} ${timeLimitWords(deployment)}.`
    : `If nobody switches by ${utcMinute(expiresAt)}, the deployment is given up and ${from} stays live.`;
  // A shift that was refused makes it wait again, for a reason people have not been told yet.
  const again = record.detail?.startsWith("Not shifted") ? record.detail : null;
  const wanted = makeNotification(deployment, "approval.wanted", since, again ? [fingerprint(again)] : [], {
    title: `${deployment.application}: ${what} on ${to} waits for a person`,
    text: sentences(
      again,
      `${what} is healthy on ${to}; ${from} (${revisionName(deployment.fromRevision)}) is live`,
      startedBy(deployment),
      ifNobody,
    ),
  });
  const leadMs = Math.min(EXPIRING_LEAD_MS, (expiresAt - since) / 4);
  if (now < expiresAt - leadMs) return [wanted];
  const expiring = makeNotification(deployment, "approval.expiring", expiresAt - leadMs, [String(expiresAt)], {
    title: `${deployment.application}: ${what} on ${to} waits only until ${utcMinute(expiresAt)}`,
    text: sentences(ifNobody, startedBy(deployment)),
  });
  return [wanted, expiring];
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
  if (record.status !== "SUCCEEDED" || !record.detail?.startsWith("Switched, not proven")) return [];
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
  const leadMs = Math.min(CLOSING_LEAD_MS, (bakeUntil - record.startedAt) / 4);
  if (leadMs < LEAST_LEAD_MS || now < bakeUntil - leadMs || now >= bakeUntil) return [];
  return [
    makeNotification(deployment, "window.closing", bakeUntil - leadMs, [String(bakeUntil)], {
      title: `${deployment.application}: the bake of ${to} ends at ${utcMinute(bakeUntil)}`,
      text: sentences(
        `Until then a rollback to ${from} is part of this deployment. Extend the window if you are not sure yet.`,
      ),
    }),
  ];
}

/** The window after a deployment that ended well. */
function keptClosing(deployment: Deployment, now: number): Notification[] {
  const end = windowEnd(deployment);
  if (end === null || deployment.finishedAt === null || now >= end) return [];
  const leadMs = Math.min(CLOSING_LEAD_MS, (end - deployment.finishedAt) / 4);
  if (leadMs < LEAST_LEAD_MS || now < end - leadMs) return [];
  const { application, from, to } = deployment;
  return [
    makeNotification(deployment, "window.closing", end - leadMs, ["kept", String(end)], {
      title: `${application}: ${from} is kept warm until ${utcMinute(end)}`,
      text: sentences(
        `Until then a rollback from ${to} is instant; afterwards ${from} may have to start first. Extend the window if you are not sure yet.`,
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
          title: `${application}: ${deployment.kind.toLowerCase()} of ${what} to ${to} stopped`,
          text: sentences(why, firstEvidence(deployment), startedBy(deployment)),
        }),
      ];
    default:
      return [];
  }
}

/** "1.4.0", else the digest's or the task definition's short form. */
function revisionName(revision: Revision | null): string {
  if (!revision) return "its revision";
  return revision.tag ?? revision.digest?.slice(0, 19) ?? revision.taskDefinition.replace(/^.*\//, "");
}

function startedBy({ actor, reason }: Deployment): string {
  return `By ${actor.name}${reason ? `: ${reason}` : ", who gave no reason"}`;
}

function firstEvidence({ evidence }: Deployment): string | null {
  const task = evidence?.tasks[0];
  return task ? `A task stopped: ${explainStoppedTask(task)}` : null;
}

/** One sentence a line; each ends in a full stop. */
function sentences(...parts: readonly (string | null | undefined)[]): string {
  const lines = parts.flatMap((part) => (part ? [oneLine(part)] : []));
  return lines.map((line) => (/[.!?…]$/.test(line) ? line : `${line}.`)).join("\n");
}
