import type { ControllerName } from "../application/controller-name.ts";
import type { Deployment, FollowedGate } from "./deployment.ts";
import { STAGES } from "./deployment.ts";

/** Who moves the traffic, by the name that people know. */
export function driverName(controller: ControllerName): "ECS" | "CodeDeploy" | "Switchyard" {
  if (controller === "ecs-native") return "ECS";
  return controller === "code-deploy" ? "CodeDeploy" : "Switchyard";
}

/** Whether the gate comes before production traffic moves for the last time; after it, it keeps the old side. */
export function isGateBeforeShift({ stage }: Pick<FollowedGate, "stage">): boolean {
  return STAGES.indexOf(stage) < STAGES.indexOf("PRODUCTION_TRAFFIC_SHIFT");
}

/** Whether the old side is kept by AWS until somebody answers: its gate after the production shift. */
export function isHeldOpen({ status, aws }: Pick<Deployment, "status" | "aws">): boolean {
  return status === "IN_PROGRESS" && aws?.gate != null && !isGateBeforeShift(aws.gate);
}

/** What AWS does once the gate is answered, as a button says it: "Let ECS shift all traffic to green". */
export function continueWords(
  gate: Pick<FollowedGate, "stage">,
  { to, rollout }: Pick<Deployment, "to" | "rollout">,
  driver: string,
): string {
  if (!isGateBeforeShift(gate)) return "Close the window";
  if (gate.stage === "PRE_SCALE_UP") return `Let ${driver} scale ${to} up`;
  if (gate.stage === "POST_SCALE_UP") return `Let ${driver} go on with ${to}`;
  if (rollout && rollout.strategy !== "ALL_AT_ONCE") return `Let ${driver} shift the next step to ${to}`;
  return `Let ${driver} shift all traffic to ${to}`;
}

/** What AWS does when nobody answers, to follow a time: "ECS rolls back: blue stays live". */
export function expiryWords(gate: FollowedGate, { from, to }: Pick<Deployment, "from" | "to">, driver: string): string {
  if (isGateBeforeShift(gate))
    return gate.onExpiry === "CONTINUE"
      ? `${driver} goes on, and ${to} goes LIVE`
      : `${driver} rolls back: ${from} stays live`;
  return gate.onExpiry === "CONTINUE"
    ? `${driver} closes the window: it bakes, then stops ${from}`
    : `${driver} rolls back: all traffic returns to ${from}`;
}
