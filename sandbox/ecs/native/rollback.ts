import type { Script } from "../../script.ts";
import { completeDeployment, primaryOf, rollBack } from "../deployments.ts";
import { type Course, enter, revive, scaleDown, scaleUp } from "./course.ts";
import { hasTestRule, shiftProduction, shiftTest } from "./traffic.ts";

const NO_CANDIDATE = "No rollback candidate was found to run the rollback.";

/**
 * The way back to the last revision that was deployed successfully, within the same service deployment; without one it ends
 * ROLLBACK_FAILED and everything stays where it is. Assumption: the stages shown on the way back are those of the shifts, whose
 * Lambda hooks AWS calls again, and CLEAN_UP.
 */
export function* rollBackTo(course: Course, reason: string, isRequested: boolean): Script {
  const { world, service, open, progress, hooks } = course;
  const { timings } = world;
  open.startedAt ??= world.base.clock.now();
  if (isRequested) {
    open.status = "ROLLBACK_REQUESTED";
    open.updatedAt = world.base.clock.now();
    yield timings.deploymentStartMs;
  }
  if (!rollBack(world, service, reason, "ECS deployment rolling back to deploymentId {id}.")) {
    const now = world.base.clock.now();
    const statusReason = `${reason.replace("rolled back", "failed")} ${NO_CANDIDATE}`;
    Object.assign(open, { status: "ROLLBACK_FAILED", statusReason, finishedAt: now, updatedAt: now });
    return;
  }
  const { target } = open;
  const candidate = primaryOf(service);
  // In CLEAN_UP there may be none of it left.
  yield* revive(course, candidate);
  if ((progress.requested.production.get(target.id) ?? 0) > 0) {
    yield* enter(course, "PRODUCTION_TRAFFIC_SHIFT");
    shiftProduction(world, service, progress, { deployment: candidate, percent: 100, rest: target });
    yield timings.productionShiftMs;
    yield* hooks.run("PRODUCTION_TRAFFIC_SHIFT");
  }
  if (hasTestRule(service) && (progress.requested.test.get(target.id) ?? 0) > 0) {
    yield* enter(course, "TEST_TRAFFIC_SHIFT");
    shiftTest(world, service, progress, { deployment: candidate, percent: 100, rest: target });
    yield timings.testShiftMs;
    yield* hooks.run("TEST_TRAFFIC_SHIFT");
  }
  yield* enter(course, "CLEAN_UP");
  yield* scaleUp(course, candidate);
  const others = service.deployments.filter((one) => one !== candidate);
  const hadTasks = others.some((one) => one.tasks.size > 0);
  yield* scaleDown(course, others);
  if (hadTasks) yield timings.cleanUpMs;
  completeDeployment(world, service);
}
