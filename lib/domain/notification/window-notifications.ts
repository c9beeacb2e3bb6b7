import type { Deployment, EndedGate } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { expirySaid, isGateBeforeShift, isHeldOpen } from "../deployment/gate-words.ts";
import { windowEnd } from "../deployment/window.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { makeNotification } from "./make-notification.ts";
import type { Notification } from "./notification.ts";
import { revisionName, sentences } from "./notification-text.ts";

/** A window's end is told a quarter of it before, but no sooner than this. */
const CLOSING_LEAD_MS = 10 * 60_000;
/** Less time than this helps nobody. */
const LEAST_LEAD_MS = 30_000;

/** How long before its end a window is told to close; null for one that is too short for that. */
export function closingLeadMs(since: number, until: number): number | null {
  const lead = Math.min(CLOSING_LEAD_MS, (until - since) / 4);
  return lead < LEAST_LEAD_MS ? null : lead;
}

/** Of every old side that is kept: that it is, that it will not be for long, and that its time ended by itself. */
export function windowNotifications(deployment: Deployment, now: number): Notification[] {
  return [
    ...held(deployment, now),
    ...kept(deployment, now),
    ...(deployment.aws?.ended ?? []).flatMap(ended(deployment)),
  ];
}

/** Kept by AWS until somebody answers its gate. */
function held(deployment: Deployment, now: number): Notification[] {
  const gate = deployment.aws?.gate;
  if (!gate || !isHeldOpen(deployment)) return [];
  const { application, from, to } = deployment;
  const since = stageRecord(deployment, gate.stage).startedAt ?? deployment.startedAt;
  const until = gate.expiresAt;
  if (until !== null && now >= until) return [];
  const mark = fingerprint(gate.id);
  const end = until === null ? "" : ` until ${utcMinute(until)}`;
  const ifNobody = `If nobody closes the window${until === null ? "" : ` by then`}, ${inEnglish(expirySaid(gate, deployment, "AWS"))}`;
  const opened = makeNotification(deployment, "window.opened", since, [mark], {
    title: `${application}: ${to} is live, and ${from} is kept${end}`,
    text: sentences(
      `A rollback to ${from} (${revisionName(deployment.fromRevision)}) is part of this deployment`,
      ifNobody,
    ),
  });
  const lead = until === null ? null : closingLeadMs(since, until);
  if (until === null || lead === null || now < until - lead) return [opened];
  const closing = makeNotification(deployment, "window.closing", until - lead, [mark, String(until)], {
    title: `${application}: ${from} is kept only until ${utcMinute(until)}`,
    text: sentences(ifNobody),
  });
  return [opened, closing];
}

/** Kept warm by Switchyard after a deployment that ended well. */
function kept(deployment: Deployment, now: number): Notification[] {
  const end = windowEnd(deployment);
  const { application, from, to, finishedAt } = deployment;
  if (end === null || finishedAt === null || deployment.retired) return [];
  const opened = makeNotification(deployment, "window.opened", finishedAt, ["kept"], {
    title: `${application}: ${to} is live, and ${from} is kept warm until ${utcMinute(end)}`,
    text: sentences(`Until then a rollback from ${to} is instant`),
  });
  if (now >= end)
    return [
      makeNotification(deployment, "window.closed", end, ["kept", String(end)], {
        title: `${application}: ${from} is no longer kept warm`,
        text: sentences(`The window ended at ${utcMinute(end)}; a rollback from ${to} may have to start ${from} first`),
      }),
    ];
  const lead = closingLeadMs(finishedAt, end);
  if (lead === null || now < end - lead) return [opened];
  const closing = makeNotification(deployment, "window.closing", end - lead, ["kept", String(end)], {
    title: `${application}: ${from} is kept warm until ${utcMinute(end)}`,
    text: sentences(
      `Until then a rollback from ${to} is instant; afterwards ${from} may have to start first. Extend the window if you are not sure yet.`,
    ),
  });
  return [opened, closing];
}

/** A gate that nobody answered in time, and what AWS did. */
const ended =
  (deployment: Deployment) =>
  (gate: EndedGate): Notification[] => {
    if (gate.how !== "expired") return [];
    const { application, revision, to } = deployment;
    const isBefore = isGateBeforeShift(gate);
    const what = isBefore ? `${revisionName(revision)} on ${to}` : "the window";
    return [
      makeNotification(deployment, isBefore ? "gate.expired" : "window.closed", gate.at, [fingerprint(gate.id)], {
        title: `${application}: nobody answered for ${what}, and its time is over`,
        text: sentences(inEnglish(expirySaid(gate, deployment, "AWS"))),
      }),
    ];
  };
