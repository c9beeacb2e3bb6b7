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

/** What AWS does at the end of a gate that nobody answers. */
type GateEnd = "goesLive" | "shiftsNext" | "stops" | "rollsBack" | "turnsBack" | "bakesFirst" | "stopsOld";

/** Whether traffic goes to the new side at such an end; of the others the old side is told. */
export function goesForward(end: GateEnd): end is "goesLive" | "shiftsNext" {
  return end === "goesLive" || end === "shiftsNext";
}

type Gated = Pick<Deployment, "from" | "to"> & Partial<Pick<Deployment, "stages" | "rollout">>;

/** Which of them it is: with a step of a shift made, traffic returns; CodeDeploy's waits neither roll back nor bake. */
export function gateEnd(gate: FollowedGate, deployment: Gated, hasMoved = hasBegunShift(deployment)): GateEnd {
  const { rollout } = deployment;
  const isCodeDeploys = /:(READY|TERMINATION)_WAIT$/.test(gate.id);
  if (gate.onExpiry === "CONTINUE") {
    if (!isGateBeforeShift(gate)) return isCodeDeploys ? "stopsOld" : "bakesFirst";
    return rollout && rollout.strategy !== "ALL_AT_ONCE" ? "shiftsNext" : "goesLive";
  }
  if (hasMoved || !isGateBeforeShift(gate)) return "turnsBack";
  return isCodeDeploys ? "stops" : "rollsBack";
}

/**
 * How a deployment ends whose approvals do not come in time: AWS's gate is answered with a rollback, and one that Switchyard
 * moves has moved no traffic yet, so it stops.
 */
export function approvalLapseEnd(deployment: Gated & Pick<Deployment, "aws">): "stops" | "rollsBack" | "turnsBack" {
  const gate = deployment.aws?.gate;
  if (!gate) return "stops";
  const end = gateEnd({ ...gate, onExpiry: "ROLLBACK" }, deployment);
  return end === "turnsBack" || end === "rollsBack" ? end : "stops";
}

function hasBegunShift({ stages = [] }: Gated): boolean {
  return stages.some(({ stage, startedAt }) => stage === "PRODUCTION_TRAFFIC_SHIFT" && startedAt !== null);
}

/** What AWS does when nobody answers, to follow a time: "ECS rolls back: blue stays live". */
export function expirySaid(gate: FollowedGate, deployment: Gated, driver: string, hasMoved?: boolean): Sentence {
  const { from, to } = deployment;
  const end = gateEnd(gate, deployment, hasMoved);
  return goesForward(end) ? say(`gate.${end}`, { driver, to }) : say(`gate.${end}`, { driver, from });
}
