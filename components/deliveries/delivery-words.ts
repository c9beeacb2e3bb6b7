import type { StateShape } from "@/components/ui/state-icon.tsx";
import type { Delivery, NotificationKind } from "@/lib/domain/notification/notification.ts";

/** What each kind tells, as a person would say it. */
export const KIND_WORDS: Readonly<Record<NotificationKind, string>> = {
  "approval.wanted": "Approval wanted",
  "approval.expiring": "Approval about to expire",
  "approval.lapsed": "Approval lapsed",
  "approval.rejected": "Approval rejected",
  "approval.expired": "Approval expired",
  "traffic.switched": "Switched",
  "switch.notProven": "Switched, not proven",
  "window.closing": "Rollback window closing",
  "deployment.rolledBack": "Rolled back",
  "deployment.rollbackFailed": "Rollback failed",
  "deployment.stopped": "Stopped",
  "traffic.drifted": "Drift",
  "line.frozen": "Line stopped",
  "line.lifted": "Line runs again",
  "traffic.unserved": "Nobody answers",
  "gate.expired": "Gate ended by itself",
  "window.opened": "Rollback window open",
  "window.closed": "Rollback window closed",
  "deployment.started": "Started",
  "deployment.succeeded": "Succeeded",
};

/** How a delivery stands at `now`: on its way, tried again later, arrived, or given up. */
export function deliveryState(delivery: Delivery): { word: string; shape: StateShape } {
  if (delivery.state === "delivered") return { word: "delivered", shape: "done" };
  if (delivery.state === "failed") return { word: "given up", shape: "fault" };
  return delivery.lastError === null ? { word: "on its way", shape: "starting" } : { word: "trying", shape: "warning" };
}

/** Why it cannot be tried now; null when it can. */
export function findRetryBlock(delivery: Delivery, isConfigured: boolean): string | null {
  if (delivery.state === "delivered") return "It has arrived";
  return isConfigured ? null : "Its endpoint is no longer in switchyard.yaml";
}
