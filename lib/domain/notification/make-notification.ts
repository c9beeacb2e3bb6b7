import type { Deployment } from "../deployment/deployment.ts";
import { oneLine } from "../text/one-line.ts";
import type { Notification, NotificationKind } from "./notification.ts";

/**
 * One thing to tell of a deployment. The same kind with the same marks is the same event, and told once; it leads to where
 * people decide, or to the deployment.
 */
export function makeNotification(
  deployment: Deployment,
  kind: NotificationKind,
  at: number,
  marks: readonly string[],
  words: { title: string; text: string },
): Notification {
  return {
    id: [deployment.id, kind, ...marks].join(":"),
    application: deployment.application,
    deploymentId: deployment.id,
    kind,
    title: oneLine(words.title, 200),
    text: words.text,
    deepLinkPath:
      deployment.approval && kind.startsWith("approval.")
        ? `/approvals/${encodeURIComponent(deployment.id)}`
        : `/${encodeURIComponent(deployment.application)}/deployments/${encodeURIComponent(deployment.id)}`,
    at,
  };
}
