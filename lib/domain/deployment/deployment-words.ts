import type { Deployment, DeploymentKind, Stage } from "./deployment.ts";
import { isAwaitingSwitch } from "./deployment.ts";
import { isHeldOpen } from "./gate-words.ts";

const KINDS: Readonly<Record<DeploymentKind, string>> = { RELEASE: "release", SWITCH: "switch", ROLLBACK: "rollback" };

const DOING: Readonly<Record<Stage, string>> = {
  PRE_SCALE_UP: "registers its revision",
  SCALE_UP: "scales up",
  POST_SCALE_UP: "becomes healthy",
  TEST_TRAFFIC_SHIFT: "moves test traffic",
  POST_TEST_TRAFFIC_SHIFT: "checks test traffic",
  PRE_PRODUCTION_TRAFFIC_SHIFT: "is about to move traffic",
  PRODUCTION_TRAFFIC_SHIFT: "moves traffic",
  POST_PRODUCTION_TRAFFIC_SHIFT: "proves the switch",
  BAKE_TIME: "bakes",
  CLEAN_UP: "cleans up",
};

/** "release to green", for the middle of a sentence. */
export function deploymentWords(deployment: Pick<Deployment, "kind" | "to">): string {
  return `${KINDS[deployment.kind]} to ${deployment.to}`;
}

/** What a deployment in flight does now: "waits for the switch", "bakes", "rolls back". */
export function doingWords(deployment: Deployment): string {
  if (deployment.status === "STOP_REQUESTED") return "is being stopped";
  if (deployment.status.startsWith("ROLLBACK")) return "rolls back";
  if (isHeldOpen(deployment)) return "is held open";
  if (!isAwaitingSwitch(deployment)) return DOING[deployment.stage];
  return deployment.approval?.state === "waiting" ? "waits for approval" : "waits for the switch";
}
