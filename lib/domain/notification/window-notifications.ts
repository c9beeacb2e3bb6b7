import type { Deployment, EndedGate } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { expirySaid, isGateBeforeShift, isHeldOpen } from "../deployment/gate-words.ts";
import { windowEnd } from "../deployment/window.ts";
import { say } from "../sentence/sentence.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { makeNotification } from "./make-notification.ts";
import type { Notification } from "./notification.ts";
import { revisionSaid } from "./notification-text.ts";

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
  const outcome = expirySaid(gate, deployment, "AWS");
  const sides = { application, from, to };
  const ifNobody = say(until === null ? "notice.window.ifNobody" : "notice.window.ifNobodyBy", { outcome });
  const title =
    until === null
      ? say("notice.window.kept", sides)
      : say("notice.window.keptUntil", { ...sides, until: utcMinute(until) });
  const opened = makeNotification(deployment, "window.opened", since, [mark], title, [
    say("notice.window.part", { from, was: revisionSaid(deployment.fromRevision) }),
    ifNobody,
  ]);
  const lead = until === null ? null : closingLeadMs(since, until);
  if (until === null || lead === null || now < until - lead) return [opened];
  const closing = makeNotification(
    deployment,
    "window.closing",
    until - lead,
    [mark, String(until)],
    say("notice.window.onlyUntil", { application, from, until: utcMinute(until) }),
    [ifNobody],
  );
  return [opened, closing];
}

/** Kept warm by Switchyard after a deployment that ended well. */
function kept(deployment: Deployment, now: number): Notification[] {
  const end = windowEnd(deployment);
  const { application, from, to, finishedAt } = deployment;
  if (end === null || finishedAt === null || deployment.retired) return [];
  const opened = makeNotification(
    deployment,
    "window.opened",
    finishedAt,
    ["kept"],
    say("notice.window.warm", { application, from, to, until: utcMinute(end) }),
    [say("notice.window.instant", { to })],
  );
  if (now >= end)
    return [
      makeNotification(
        deployment,
        "window.closed",
        end,
        ["kept", String(end)],
        say("notice.window.noLonger", { application, from }),
        [say("notice.window.ended", { at: utcMinute(end), from, to })],
      ),
    ];
  const lead = closingLeadMs(finishedAt, end);
  if (lead === null || now < end - lead) return [opened];
  const closing = makeNotification(
    deployment,
    "window.closing",
    end - lead,
    ["kept", String(end)],
    say("notice.window.warmUntil", { application, from, until: utcMinute(end) }),
    [say("notice.window.afterwards", { from, to })],
  );
  return [opened, closing];
}

/** A gate that nobody answered in time, and what AWS did. */
const ended =
  (deployment: Deployment) =>
  (gate: EndedGate): Notification[] => {
    if (gate.how !== "expired") return [];
    const { application, revision, to } = deployment;
    const isBefore = isGateBeforeShift(gate);
    const title = isBefore
      ? say("notice.gate.nobody", { application, what: revisionSaid(revision), to })
      : say("notice.gate.nobodyWindow", { application });
    return [
      makeNotification(
        deployment,
        isBefore ? "gate.expired" : "window.closed",
        gate.at,
        [fingerprint(gate.id)],
        title,
        [expirySaid(gate, deployment, "AWS")],
      ),
    ];
  };
