import type { Deployment } from "../deployment/deployment.ts";
import { makeNotification } from "./make-notification.ts";
import type { Notification } from "./notification.ts";
import { revisionName, sentences } from "./notification-text.ts";

/** That a deployment began and that it ended well, for programs that follow deployments. Read from the record alone. */
export function lifecycleNotifications(deployment: Deployment): Notification[] {
  const { application, kind, from, to, actor, reason, startedAt, finishedAt, status, revision } = deployment;
  const what = `${kind.toLowerCase()} of ${revisionName(revision)} to ${to}`;
  const by = `By ${actor.name}${reason ? `: ${reason}` : ""}`;
  const started = makeNotification(deployment, "deployment.started", startedAt, [], {
    title: `${application}: ${what} started`,
    text: sentences(`${from} is live`, by),
  });
  if (status !== "SUCCESSFUL" || finishedAt === null) return [started];
  const succeeded = makeNotification(deployment, "deployment.succeeded", finishedAt, [], {
    title: `${application}: ${what} succeeded`,
    text: sentences(`${to} is live`, by),
  });
  return [started, succeeded];
}
