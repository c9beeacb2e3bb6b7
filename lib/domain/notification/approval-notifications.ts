import type { Approval } from "../deployment/approval.ts";
import { approvalCountSaid } from "../deployment/approval.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { listSaid } from "../sentence/list.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { oneLine } from "../text/one-line.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { makeNotification } from "./make-notification.ts";
import type { Notification } from "./notification.ts";

/** What became of the asking for approval: that approvals lapsed, a no, the end of the time. Read from the record alone. */
export function approvalNotifications(deployment: Deployment): Notification[] {
  return [...lapses(deployment), ...rejection(deployment), ...expiry(deployment)];
}

/** Approvals that lapsed together are one. */
function lapses(deployment: Deployment): Notification[] {
  const at = new Map<number, Approval[]>();
  for (const approval of deployment.approvals)
    if (approval.lapsed) at.set(approval.lapsed.at, [...(at.get(approval.lapsed.at) ?? []), approval]);
  return [...at].map(([time, approvals]) =>
    makeNotification(
      deployment,
      "approval.lapsed",
      time,
      [String(time)],
      say("notice.lapsed", { application: deployment.application, who: namesOf(approvals) }),
      [say("notice.lapsedAt", { at: utcMinute(time), why: whyOf(approvals[0]?.lapsed) }), say("notice.askedAnew")],
    ),
  );
}

function rejection(deployment: Deployment): Notification[] {
  const no = deployment.approval && deployment.approvals.findLast((each) => each.decision === "rejected");
  if (!no) return [];
  const { application, kind, from, to } = deployment;
  return [
    makeNotification(
      deployment,
      "approval.rejected",
      no.at,
      [],
      say("notice.rejected", { application, who: namesOf([no]), kind, to }),
      [no.comment ? oneLine(no.comment) : null, say("notice.staysLive", { from })],
    ),
  ];
}

function expiry(deployment: Deployment): Notification[] {
  const { approval, application, kind, from, to } = deployment;
  if (!approval?.expiresAt || (approval.state !== "expired" && approval.state !== "continued")) return [];
  const isOver = approval.state === "expired";
  return [
    makeNotification(
      deployment,
      "approval.expired",
      approval.expiresAt,
      [],
      say("notice.approvalOver", { application, kind, to }),
      [
        say("notice.countBy", { count: approvalCountSaid(approval), at: utcMinute(approval.expiresAt) }),
        isOver ? say("notice.staysLive", { from }) : say("notice.goesOnWithout", { to }),
      ],
    ),
  ];
}

function whyOf(lapsed: Approval["lapsed"]): Told {
  return lapsed?.said ?? lapsed?.why ?? "";
}

function namesOf(approvals: readonly Approval[]): Sentence {
  return listSaid(
    approvals.map((each) => each.name ?? each.actor),
    "and",
  );
}
