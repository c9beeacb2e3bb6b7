import type { AwsDeployment } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { isHealthUnread } from "../observation/side-health.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Deployment } from "./deployment.ts";

/**
 * How a deployment that AWS calls successful is told. A look that does not bear it out says so; a newer deployment may have moved
 * the weights since, and a reading from before the end tells nothing about it.
 */
export function successSaid(
  deployment: Deployment,
  seen: AwsDeployment,
  newest: AwsDeployment,
  observation: Observation,
): Sentence {
  const { to, aws } = deployment;
  const doubt = findDoubt(deployment, observation);
  if (doubt === null) return say("decision.awsSucceeded", { to });
  if (newest.id !== seen.id) return say("decision.awsSucceededBefore");
  if (doubt.readAt < (aws?.overSince ?? 0)) return say("decision.awsSucceededUnread");
  return say("decision.awsDoubt", { doubt: doubt.said });
}

/** What speaks against AWS's word that it succeeded, and when that was read: other weights, no healthy target, or tasks of another revision. */
export function findDoubt(
  { to, revision }: Deployment,
  { traffic, slots, observedAt }: Observation,
): { said: Sentence; readAt: number } | null {
  const { counts, tasks, targetsReadAt = 0 } = slots[to];
  if (traffic.live !== to)
    return { said: say("decision.doubt.weights", { name: traffic.name, ...traffic.weights }), readAt: traffic.readAt };
  if (counts.healthy === 0 && !isHealthUnread(slots[to]))
    return {
      said: say("decision.doubt.noTarget", { to }),
      readAt: counts.desired === 0 ? observedAt : targetsReadAt,
    };
  const others = tasks.filter(
    (task) =>
      task.lastStatus === "RUNNING" &&
      task.desiredStatus === "RUNNING" &&
      revision !== null &&
      task.taskDefinition !== revision.taskDefinition,
  );
  if (others.length === 0) return null;
  const definition = others[0]?.taskDefinition.replace(/^.*\//, "") ?? "";
  return { said: say("decision.doubt.tasks", { to, tasks: others.length, definition }), readAt: observedAt };
}
