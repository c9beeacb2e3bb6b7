import { CAPABILITIES, type Capabilities } from "../application/capabilities.ts";
import type { ControllerName } from "../application/controller-name.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Deployment, FollowedGate } from "./deployment.ts";
import { STAGES } from "./deployment.ts";

/** Who moves the traffic, by the name that people know. */
export function driverName(controller: ControllerName): Capabilities["moves"] {
  return CAPABILITIES[controller].moves;
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
export function continueSaid(
  gate: Pick<FollowedGate, "stage">,
  { to, rollout }: Pick<Deployment, "to" | "rollout">,
  driver: string,
): Sentence {
  if (!isGateBeforeShift(gate)) return say("gate.closeWindow");
  if (gate.stage === "PRE_SCALE_UP") return say("gate.letScaleUp", { driver, to });
  if (gate.stage === "POST_SCALE_UP") return say("gate.letGoOn", { driver, to });
  const isGradual = rollout && rollout.strategy !== "ALL_AT_ONCE";
  return say(isGradual ? "gate.letShiftStep" : "gate.letShiftAll", { driver, to });
}

/** What AWS does when nobody answers, to follow a time: "ECS rolls back: blue stays live". */
export function expirySaid(
  gate: FollowedGate,
  { from, to }: Pick<Deployment, "from" | "to">,
  driver: string,
): Sentence {
  const goesOn = gate.onExpiry === "CONTINUE";
  if (isGateBeforeShift(gate))
    return goesOn ? say("gate.goesOn", { driver, to }) : say("gate.rollsBack", { driver, from });
  return say(goesOn ? "gate.closesWindow" : "gate.turnsBack", { driver, from });
}
