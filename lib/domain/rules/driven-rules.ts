import { CAPABILITIES, isDrivenByAws } from "../application/capabilities.ts";
import type { ControllerName } from "../application/controller-name.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { isAwsDeploymentOver } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { isHealthUnread } from "../observation/side-health.ts";
import { otherColor } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";

interface Driven {
  application?: { controller?: ControllerName };
}

/** Whether AWS moves the application's traffic. */
export function isDriven({ application }: Driven): boolean {
  return application?.controller !== undefined && isDrivenByAws(application.controller);
}

/** Whether CodeDeploy moves the application's traffic, whose settings are in a deployment group. */
export function isCodeDeploy(application: Driven["application"]): boolean {
  return application?.controller !== undefined && CAPABILITIES[application.controller].moves === "CodeDeploy";
}

/**
 * Why AWS must not be asked to go on: ECS takes the live side from the production rule when a deployment begins and registers
 * the new revision in the other group, so a rule that was rewritten makes it deploy into the group that serves. Null while rule,
 * revision and targets agree. A live side without healthy targets keeps nobody from going back: that is what a rollback is for.
 */
export function findDisagreement(
  { traffic, slots, awsDeployments = [], primary, misfit }: Observation,
  kind?: Deployment["kind"],
): Blocker | null {
  const { live, name, weights } = traffic;
  const disagree = (said: Sentence, fix = say("blocker.putBackToAws", { name })) => blocker("AWS_DISAGREES", said, fix);
  const isGoing = awsDeployments[0] !== undefined && !isAwsDeploymentOver(awsDeployments[0]);
  // What goes on keeps the settings that it began with.
  if (misfit && !isGoing) return disagree(misfit, say("blocker.putServiceBack"));
  if (live === "unknown") return disagree(say("blocker.awsKnowsNoneServes", { name }));
  // Between the steps of its own shift both groups hold weight.
  if (live === "split")
    return isGoing
      ? null
      : disagree(say("blocker.awsRefusesSplit", { name, blue: weights.blue, green: weights.green }));
  if (primary && primary !== live) return disagree(say("blocker.awsPrimaryElsewhere", { name, live, primary }));
  const other = otherColor(live);
  if (slots[live].revision === null && slots[other].revision !== null)
    return disagree(say("blocker.awsServesElsewhere", { name, live, other }));
  if (kind === "ROLLBACK" || slots[live].counts.healthy > 0 || slots[live].counts.desired === 0) return null;
  if (isHealthUnread(slots[live]))
    return disagree(say("blocker.awsLiveUnread", { name, live }), say("blocker.waitForSource"));
  return disagree(say("blocker.awsLiveUnhealthy", { name, live }), say("blocker.readLogsOfLive", { live }));
}

/** Whether nothing is known yet of the health of the side that serves: nobody can say that it is unhealthy. */
export function isLiveUnread({ traffic: { live }, slots }: Pick<Observation, "traffic" | "slots">): boolean {
  const isSide = live === "blue" || live === "green";
  return isSide && slots[live].counts.healthy === 0 && isHealthUnread(slots[live]);
}

/** AWS shifts traffic only within its own deployment, where a gate waits for a person. */
export function nothingWaits({ application }: Driven): Blocker {
  return isCodeDeploy(application)
    ? blocker("NOTHING_WAITS", say("blocker.codeDeployNothingWaits"), say("blocker.codeDeployWaitHere"))
    : blocker("NOTHING_WAITS", say("blocker.awsNothingWaits"), say("blocker.awsGateHere"));
}

/** How traffic moves is AWS's to say where it drives; null where nothing was asked for, and where Switchyard moves it. */
export function findRolloutBlocker({ application }: Driven, rollout: unknown): Blocker | null {
  if (rollout === undefined || application?.controller === undefined) return null;
  if (CAPABILITIES[application.controller].choosesRollout) return null;
  const driver = CAPABILITIES[application.controller].moves;
  const by = { driver, owner: isCodeDeploy(application) ? "group" : "service" };
  return blocker("NOT_OFFERED", say("blocker.ownerMoves", by), say("blocker.changeOwner", { owner: by.owner }));
}

/** AWS's bake time and waits cannot be moved while they run. */
export function notExtendable({ application }: Driven): Blocker {
  return isCodeDeploy(application)
    ? blocker("NOT_OFFERED", say("blocker.codeDeployNotExtendable"), say("blocker.codeDeployLonger"))
    : blocker("NOT_OFFERED", say("blocker.awsNotExtendable"), say("blocker.awsPauseAfter"));
}
