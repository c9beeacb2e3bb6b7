import type { Deployment } from "../deployment/deployment.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import type { Notification, NotificationKind } from "./notification.ts";
import { told } from "./notification-text.ts";

/**
 * One thing to tell of a deployment. The same kind with the same marks is the same event, and told once; it leads to where
 * people decide, or to the deployment.
 */
export function makeNotification(
  deployment: Deployment,
  kind: NotificationKind,
  at: number,
  marks: readonly string[],
  title: Sentence,
  lines: readonly (Told | null | undefined)[],
): Notification {
  return {
    id: [deployment.id, kind, ...marks].join(":"),
    application: deployment.application,
    deploymentId: deployment.id,
    kind,
    ...told(title, lines),
    deepLinkPath:
      deployment.approval && kind.startsWith("approval.")
        ? `/approvals/${encodeURIComponent(deployment.id)}`
        : `/${encodeURIComponent(deployment.application)}/deployments/${encodeURIComponent(deployment.id)}`,
    at,
  };
}
