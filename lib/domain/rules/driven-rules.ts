import { CAPABILITIES, isDrivenByAws } from "../application/capabilities.ts";
import type { ControllerName } from "../application/controller-name.ts";
import { isAwsDeploymentOver } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { otherColor } from "../observation/slot.ts";
import type { Blocker } from "../verb/blocker.ts";

interface Driven {
  application?: { controller?: ControllerName };
}

/** Whether AWS moves the application's traffic. */
export function isDriven({ application }: Driven): boolean {
  return application?.controller !== undefined && isDrivenByAws(application.controller);
}

/**
 * Why AWS must not be asked to go on: ECS takes the live side from the production rule when a deployment begins and registers
 * the new revision in the other group, so a rule that was rewritten makes it deploy into the group that serves. Null while rule,
 * revision and targets agree.
 */
export function findDisagreement({ traffic, slots, awsDeployments = [], primary }: Observation): Blocker | null {
  const disagree = (message: string, fix: string): Blocker => ({ code: "AWS_DISAGREES", message, fix });
  const putBack = `Put ${traffic.name} back to what AWS left, then look again`;
  const isGoing = awsDeployments[0] !== undefined && !isAwsDeploymentOver(awsDeployments[0]);
  if (traffic.live === "unknown")
    return disagree(`${traffic.name} gives no weight to either group, so AWS would not know which one serves`, putBack);
  // Between the steps of its own shift both groups hold weight.
  if (traffic.live === "split")
    return isGoing
      ? null
      : disagree(
          `${traffic.name} gives weight to both groups (blue ${traffic.weights.blue}, green ${traffic.weights.green}): AWS refuses to deploy`,
          putBack,
        );
  const { live } = traffic;
  if (primary && primary !== live)
    return disagree(
      `${traffic.name} sends everything to ${live}, and the service's primary task set is ${primary}'s: CodeDeploy would fail with "Primary taskset target group must be behind listener"`,
      putBack,
    );
  if (slots[live].revision === null && slots[otherColor(live)].revision !== null)
    return disagree(
      `${traffic.name} sends everything to ${live}, and the service's revision serves from ${otherColor(live)}: ECS would register the new version in the group that serves`,
      putBack,
    );
  if (slots[live].counts.healthy === 0 && slots[live].counts.desired > 0)
    return disagree(
      `${traffic.name} sends everything to ${live}, which has no healthy target`,
      `Read ${live}'s logs; bring it back first`,
    );
  return null;
}

/** AWS shifts traffic only within its own deployment, where a gate waits for a person. */
export function nothingWaits({ application }: Driven): Blocker {
  if (application?.controller === "code-deploy")
    return {
      code: "NOTHING_WAITS",
      message: "CodeDeploy moves traffic within its own deployment, and none waits for a person now",
      fix: "Deploy; where the deployment group waits before it reroutes traffic, or keeps the old task set, the wait is ended here",
    };
  return {
    code: "NOTHING_WAITS",
    message: "AWS moves traffic within its own deployment, and none waits for a person now",
    fix: "Deploy; where the service has a PAUSE hook, its gate is answered here",
  };
}

/** How traffic moves is AWS's to say where it drives; null where nothing was asked for, and where Switchyard moves it. */
export function findRolloutBlocker({ application }: Driven, rollout: unknown): Blocker | null {
  if (rollout === undefined || application?.controller === undefined) return null;
  if (CAPABILITIES[application.controller].choosesRollout) return null;
  const [driver, owner] =
    application.controller === "code-deploy" ? ["CodeDeploy", "deployment group"] : ["ECS", "service"];
  return {
    code: "NOT_OFFERED",
    message: `${driver} moves traffic as its ${owner} says, so no rollout can be chosen`,
    fix: `Leave rollout out; to move traffic otherwise, change the ${owner}`,
  };
}

/** AWS's bake time and waits cannot be moved while they run. */
export function notExtendable({ application }: Driven): Blocker {
  if (application?.controller === "code-deploy")
    return {
      code: "NOT_OFFERED",
      message: "CodeDeploy's termination wait cannot be moved",
      fix: "Give the deployment group a longer one, up to 48 hours; it counts from the next deployment",
    };
  return {
    code: "NOT_OFFERED",
    message: "AWS offers no way to move the end of its bake time",
    fix: "A PAUSE hook at POST_PRODUCTION_TRAFFIC_SHIFT keeps the window open for up to 14 days",
  };
}
