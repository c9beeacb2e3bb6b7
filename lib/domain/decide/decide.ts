import type { Deployment } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { advance, stopped } from "../deployment/deployment-transitions.ts";
import { say } from "../sentence/sentence.ts";
import { decideAfterShift } from "./decide-after-shift.ts";
import { decideBreach } from "./decide-breach.ts";
import { change } from "./decide-change.ts";
import { decideRollback, decideStop } from "./decide-ending.ts";
import { findExternalChange } from "./decide-external-change.ts";
import { decidePause } from "./decide-pause.ts";
import { decideScaleUp } from "./decide-scale-up.ts";
import { decideShift } from "./decide-shift.ts";
import { decideTestCheck, decideTestShift } from "./decide-test-shift.ts";
import type { Decision, World } from "./decision.ts";
import { follow } from "./follow.ts";

/**
 * The next step of a deployment, or the reason to wait. Pure and total: the same record, look and time give the same
 * answer, and every state has one. Each part has a longest time, so that every deployment ends.
 */
export function decide(deployment: Deployment, world: World): Decision {
  // Who drives is the one fork: AWS does it all by itself, and is followed, answered and stopped.
  if (deployment.aws) return follow(deployment, deployment.aws, world);
  switch (deployment.status) {
    case "SUCCESSFUL":
    case "STOPPED":
    case "ROLLBACK_SUCCESSFUL":
    case "ROLLBACK_FAILED":
      return { kind: "end" };
    case "STOP_REQUESTED":
      return decideStop(deployment, world);
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
      return decideRollback(deployment, world);
    case "PENDING":
      return change({ ...deployment, status: "IN_PROGRESS" }, say("decision.begun"));
    case "IN_PROGRESS":
      return decideForward(deployment, world);
  }
}

function decideForward(deployment: Deployment, world: World): Decision {
  if (!deployment.plan)
    return change(stopped(deployment, world.now, say("decision.notContinuable")), say("decision.givenUp"));
  const record = stageRecord(deployment, deployment.stage);
  const inStageMs = world.now - (record.startedAt ?? deployment.startedAt);
  switch (deployment.stage) {
    case "PRE_SCALE_UP":
    case "SCALE_UP":
    case "POST_SCALE_UP":
      return decideScaleUp(deployment, world, inStageMs);
    case "TEST_TRAFFIC_SHIFT":
      return decideTestShift(deployment, world);
    case "POST_TEST_TRAFFIC_SHIFT":
      return decideTestCheck(deployment, world);
    case "PRE_PRODUCTION_TRAFFIC_SHIFT":
      return decidePause(deployment, world, inStageMs);
    case "PRODUCTION_TRAFFIC_SHIFT":
      return decideShift(deployment, world, inStageMs);
    case "POST_PRODUCTION_TRAFFIC_SHIFT":
    case "BAKE_TIME":
      return (
        findExternalChange(deployment, world) ??
        decideBreach(deployment, world) ??
        decideAfterShift(deployment, world, inStageMs)
      );
    case "CLEAN_UP":
      return change(
        advance(deployment, world.now, say("decision.keptWarm", { side: deployment.from })),
        say("decision.nothingStopped"),
      );
  }
}
