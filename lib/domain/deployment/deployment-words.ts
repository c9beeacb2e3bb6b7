import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Deployment } from "./deployment.ts";
import { isAwaitingSwitch } from "./deployment.ts";
import { isHeldOpen } from "./gate-words.ts";

/** "release to green", for the middle of an English sentence. */
export function deploymentWords({ kind, to }: Pick<Deployment, "kind" | "to">): string {
  return inEnglish(say("doing.what", { kind, to }));
}

/** What a deployment in flight does now: "waits for the switch", "bakes", "rolls back". */
export function doingSaid(deployment: Deployment): Sentence {
  if (deployment.status === "STOP_REQUESTED") return say("doing.stopping");
  if (deployment.status.startsWith("ROLLBACK")) return say("doing.rollsBack");
  if (isHeldOpen(deployment)) return say("doing.heldOpen");
  if (!isAwaitingSwitch(deployment)) return say(`doing.${deployment.stage}`);
  return deployment.approval?.state === "waiting" ? say("doing.approval") : say("doing.switch");
}
