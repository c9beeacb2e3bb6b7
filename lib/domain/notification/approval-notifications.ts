import type { Approval } from "../deployment/approval.ts";
import { approvalCountSaid } from "../deployment/approval.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { inEnglish } from "../sentence/in-language.ts";
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
    makeNotification(deployment, "approval.lapsed", time, [String(time)], {
      title: `${deployment.application}: ${namesOf(approvals)} approved what has changed`,
      text: `Lapsed at ${utcMinute(time)}: ${approvals[0]?.lapsed?.why ?? ""}.\nIt is asked for anew.`,
    }),
  );
}

function rejection(deployment: Deployment): Notification[] {
  const no = deployment.approval && deployment.approvals.findLast((each) => each.decision === "rejected");
  if (!no) return [];
  return [
    makeNotification(deployment, "approval.rejected", no.at, [], {
      title: `${deployment.application}: ${namesOf([no])} rejected the ${deployment.kind.toLowerCase()} to ${deployment.to}`,
      text: `${no.comment ? `${oneLine(no.comment)}\n` : ""}${deployment.from} stays live.`,
    }),
  ];
}

function expiry(deployment: Deployment): Notification[] {
  const { approval, application, from, to } = deployment;
  if (!approval?.expiresAt || (approval.state !== "expired" && approval.state !== "continued")) return [];
  const isOver = approval.state === "expired";
  return [
    makeNotification(deployment, "approval.expired", approval.expiresAt, [], {
      title: `${application}: the time to approve the ${deployment.kind.toLowerCase()} to ${to} is over`,
      text: `${inEnglish(approvalCountSaid(approval))} by ${utcMinute(approval.expiresAt)}.\n${isOver ? `${from} stays live.` : `It goes on to ${to} without an approval.`}`,
    }),
  ];
}

function namesOf(approvals: readonly Approval[]): string {
  return approvals.map((each) => each.name ?? each.actor).join(" and ");
}
