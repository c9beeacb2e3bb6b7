import type { Deployment, FollowedDeployment } from "../deployment/deployment.ts";
import { findDoubt } from "../deployment/followed-success.ts";
import type { AwsDeployment } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { say } from "../sentence/sentence.ts";
import { change } from "./decide-change.ts";
import type { Decision, World } from "./decision.ts";

/** ECS's list and its service show a new deployment up to 9 s late, and stop the one before it at once. */
const NEWER_SHOWN_MS = 15_000;
/** For so long a look is waited for that is newer than AWS's word. */
const LOOKED_AGAIN_MS = 30_000;

/**
 * AWS says how it ended, and the look at hand does not yet tell why, or speaks against it: it is looked at again before the record
 * says so. Both have an end, by the time of our own clock. Null where nothing is unclear.
 */
export function decideUnclearEnd(
  deployment: Deployment,
  aws: FollowedDeployment,
  seen: AwsDeployment,
  { observation, now }: World,
): Decision | null {
  const [newest] = observation.awsDeployments ?? [];
  if (newest && newest.id !== seen.id) return null;
  const since = aws.overSince ?? now;
  const isUnclear =
    (seen.status === "STOPPED" && now - since < NEWER_SHOWN_MS && !isLongOver(seen, now)) ||
    (seen.status === "SUCCESSFUL" && now - since < LOOKED_AGAIN_MS && isOldDoubt(deployment, observation, since));
  if (!isUnclear) return null;
  const reason = seen.status === "STOPPED" ? say("decision.waitsNewer") : say("decision.waitsLook");
  if (aws.overSince === undefined) return change({ ...deployment, aws: { ...aws, overSince: now } }, reason);
  return { kind: "look", notBefore: since, reason };
}

function isLongOver({ finishedAt }: AwsDeployment, now: number): boolean {
  return finishedAt !== null && now - finishedAt >= NEWER_SHOWN_MS;
}

function isOldDoubt(deployment: Deployment, observation: Observation, since: number): boolean {
  const doubt = findDoubt(deployment, observation);
  return doubt !== null && doubt.readAt < since;
}
