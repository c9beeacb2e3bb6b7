import type { Verb } from "../verb/verb.ts";
import type { ControllerName } from "./controller-name.ts";

const LEVERS = {
  "ecs-native": { start: "UpdateService", go: "ContinueServiceDeployment", stop: "StopServiceDeployment" },
  "code-deploy": { start: "CreateDeployment", go: "ContinueDeployment", stop: "StopDeployment" },
} as const;

/**
 * The call of AWS's that an action makes where AWS drives; null where Switchyard moves the traffic itself, and for what AWS
 * does not offer. A rollback stops what is in flight; afterwards it is a deployment of the earlier revision.
 */
export function leverOf(controller: ControllerName, verb: Verb, isInFlight: boolean): string | null {
  if (controller !== "ecs-native" && controller !== "code-deploy") return null;
  const { start, go, stop } = LEVERS[controller];
  switch (verb) {
    case "deploy":
      return start;
    case "switch":
    case "approve":
      return go;
    case "retire":
      return controller === "code-deploy" ? null : go;
    case "abort":
    case "reject":
      return stop;
    case "rollback":
      return isInFlight ? stop : start;
    case "extend":
      return null;
  }
}
