import type { Verb } from "../verb/verb.ts";
import { CAPABILITIES } from "./capabilities.ts";
import type { ControllerName } from "./controller-name.ts";

const LEVERS = {
  ECS: { start: "UpdateService", go: "ContinueServiceDeployment", stop: "StopServiceDeployment" },
  CodeDeploy: { start: "CreateDeployment", go: "ContinueDeployment", stop: "StopDeployment" },
} as const;

/**
 * The call of AWS's that an action makes where AWS drives; null where Switchyard moves the traffic itself, and for what AWS
 * does not offer. A rollback stops what is in flight; afterwards it is a deployment of the earlier revision.
 */
export function leverOf(controller: ControllerName, verb: Verb, isInFlight: boolean): string | null {
  const { moves, oldSide } = CAPABILITIES[controller];
  if (moves === "Switchyard") return null;
  const { start, go, stop } = LEVERS[moves];
  switch (verb) {
    case "deploy":
      return start;
    case "switch":
    case "approve":
      return go;
    case "retire":
      return oldSide === "termination-wait" ? null : go;
    case "abort":
    case "reject":
      return stop;
    case "rollback":
      return isInFlight ? stop : start;
    case "extend":
      return null;
  }
}
