import type { Script } from "../../script.ts";
import { completeDeployment, findRollbackCandidate } from "../deployments.ts";
import type { Deployment } from "../world.ts";
import { startAlarms } from "./alarms.ts";
import { type Course, enter, revive, scaleDown, scaleUp } from "./course.ts";
import { checkInfrastructureRole, resolveLoadBalancers } from "./entrances.ts";
import { trafficSteps } from "./steps.ts";
import { hasTestRule, shiftProduction, shiftTest, startShares } from "./traffic.ts";

const MINUTE_MS = 60_000;

/** A blue/green, linear or canary deployment from PENDING to SUCCESSFUL, through AWS's stages in their order. */
export function* release(course: Course): Script {
  const { world, service, open, progress, hooks } = course;
  const { target, configuration } = open;
  const { timings } = world;
  const live = findRollbackCandidate(service);
  startShares(service, open, live);
  yield timings.deploymentStartMs;
  open.status = "IN_PROGRESS";
  open.startedAt = world.base.clock.now();
  startAlarms(world, open);

  if (open.sources.length > 1) yield* reconcile(course, live);

  yield* enter(course, "PRE_SCALE_UP");
  checkInfrastructureRole(world.ports.mayRole, target.revision.loadBalancers);
  target.revision.resolved = resolveLoadBalancers(world.ports.rules, target.revision.loadBalancers);
  yield* hooks.run("PRE_SCALE_UP");
  yield* enter(course, "SCALE_UP");
  yield* scaleUp(course, target);
  yield* enter(course, "POST_SCALE_UP");
  yield* hooks.run("POST_SCALE_UP");

  yield* enter(course, "TEST_TRAFFIC_SHIFT");
  if (hasTestRule(service)) {
    shiftTest(world, service, progress, { deployment: target, percent: 100, rest: live });
    yield timings.testShiftMs;
  }
  yield* hooks.run("TEST_TRAFFIC_SHIFT");
  yield* enter(course, "POST_TEST_TRAFFIC_SHIFT");
  yield* hooks.run("POST_TEST_TRAFFIC_SHIFT");

  for (const { percent, bakeMinutes } of trafficSteps(configuration)) {
    yield* enter(course, "PRE_PRODUCTION_TRAFFIC_SHIFT");
    yield* hooks.run("PRE_PRODUCTION_TRAFFIC_SHIFT");
    yield* enter(course, "PRODUCTION_TRAFFIC_SHIFT");
    shiftProduction(world, service, progress, { deployment: target, percent, rest: live });
    yield timings.productionShiftMs;
    // Assumption: hooks of a shift run once the rule is written, and the bake of a step belongs to its stage.
    yield* hooks.run("PRODUCTION_TRAFFIC_SHIFT");
    yield bakeMinutes * MINUTE_MS;
  }
  yield* enter(course, "POST_PRODUCTION_TRAFFIC_SHIFT");
  yield* hooks.run("POST_PRODUCTION_TRAFFIC_SHIFT");
  yield* enter(course, "BAKE_TIME");
  yield (configuration.bakeTimeInMinutes ?? 0) * MINUTE_MS;

  yield* enter(course, "CLEAN_UP");
  if (progress.alarms === "MONITORING") progress.alarms = "MONITORING_COMPLETE";
  const others = service.deployments.filter((one) => one !== target);
  yield* scaleDown(course, others);
  if (others.length > 0) yield timings.cleanUpMs;
  completeDeployment(world, service);
}

/**
 * More than one revision is ACTIVE: a deployment was superseded, or ended without a rollback. Assumption, as nobody has posted
 * what AWS does: traffic goes back to the last revision that was deployed successfully, and every other one is removed.
 */
function* reconcile(course: Course, live: Deployment | null): Script {
  const { world, service, open, progress, hooks } = course;
  yield* enter(course, "RECONCILE_SERVICE");
  if (live) {
    yield* revive(course, live);
    shiftProduction(world, service, progress, { deployment: live, percent: 100, rest: null });
    if (hasTestRule(service)) shiftTest(world, service, progress, { deployment: live, percent: 100, rest: null });
  }
  const abandoned = service.deployments.filter((one) => one !== open.target && one !== live);
  yield* scaleDown(course, abandoned);
  for (const one of abandoned) one.status = "INACTIVE";
  service.deployments = service.deployments.filter((one) => !abandoned.includes(one));
  yield world.timings.reconcileMs;
  yield* hooks.run("RECONCILE_SERVICE");
}
