import { type AwsDeployment, functionName } from "../observation/aws-deployment.ts";
import { type Sentence, say } from "../sentence/sentence.ts";

/** Which hook ended it and how: "Hook check-orders failed", "Nobody answered the pause in time"; null where none did. */
export function failedHookSaid({ gates }: Pick<AwsDeployment, "gates">): Sentence | null {
  const gate = gates.find(({ state }) => state === "FAILED" || state === "TIMED_OUT");
  if (!gate) return null;
  const isLate = gate.state === "TIMED_OUT";
  if (gate.isForPeople) return say(isLate ? "decision.pauseLate" : "decision.pauseRollback");
  const name = gate.target ? functionName(gate.target) : gate.id;
  return say(isLate ? "decision.hookLate" : "decision.hookFailed", { name });
}
