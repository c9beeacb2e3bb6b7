import { actorSaid } from "../deployment/actor-said.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { say } from "../sentence/sentence.ts";
import { makeNotification } from "./make-notification.ts";
import type { Notification } from "./notification.ts";
import { revisionSaid } from "./notification-text.ts";

/** That a deployment began and that it ended well, for programs that follow deployments. Read from the record alone. */
export function lifecycleNotifications(deployment: Deployment): Notification[] {
  const { application, kind, from, to, reason, startedAt, finishedAt, status, revision } = deployment;
  const what = { application, kind, what: revisionSaid(revision), to };
  const who = actorSaid(deployment);
  const by = reason ? say("notice.by", { who, reason }) : say("notice.byAlone", { who });
  const started = makeNotification(deployment, "deployment.started", startedAt, [], say("notice.started", what), [
    say("notice.isLive", { side: from }),
    by,
  ]);
  if (status !== "SUCCESSFUL" || finishedAt === null) return [started];
  const succeeded = makeNotification(
    deployment,
    "deployment.succeeded",
    finishedAt,
    [],
    say("notice.succeeded", what),
    [say("notice.isLive", { side: to }), by],
  );
  return [started, succeeded];
}
