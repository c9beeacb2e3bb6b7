import { SMOKE_TRIES } from "../application/smoke-check.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { advance, withPlan } from "../deployment/deployment-transitions.ts";
import { stageLimit } from "../deployment/stage-limit.ts";
import { driftOf, isSame, weightsFor, weightsWords } from "../observation/traffic.ts";
import { findNotReady } from "../rules/scale-up-rules.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { toldOf } from "../verb/blocker.ts";
import { change, fail } from "./decide-change.ts";
import { type Decision, FRESH_MS, type World } from "./decision.ts";

/** Between two tries: the load balancer takes new weights within seconds. */
const SMOKE_EVERY_MS = 3_000;

/** Points the test listener at the new side, from what it held, which is kept to be put back. */
export function decideTestShift(deployment: Deployment, world: World): Decision {
  const { observation, settings, now } = world;
  const { to, plan } = deployment;
  const { test } = observation.traffic;
  if (!settings.testListener) return change(advance(deployment, now), say("decision.noTestListener"));
  const wait = (reason: Told) => waitInTime(deployment, world, reason);
  if (!test) return wait(say("decision.waitsTestLook"));
  if (now - test.readAt > FRESH_MS)
    return isOverdue(deployment, world)
      ? fail(deployment, world, say("decision.testNotRead"))
      : { kind: "look", notBefore: now - FRESH_MS, reason: say("decision.freshTestLook") };
  const drift = driftOf(test);
  if (drift) return wait(say("decision.notAsExpected", { name: test.name, drift }));
  const notReady = findStillNotReady(deployment, world);
  if (notReady) return wait(notReady);
  const known = plan?.test;
  if (!known || (known.sentAt === null && !isSame(known.before, test.weights)))
    return change(
      withPlan(deployment, { test: { before: test.weights, sentAt: null, isBack: false, tries: 0 } }),
      say("decision.holds", { name: test.name, weights: weightsWords(test.weights) }),
    );
  if (isOverdue(deployment, world)) return fail(deployment, world, say("decision.testNotMoved"));
  return {
    kind: "step",
    step: { type: "shiftTest", to, expected: known.before, weights: weightsFor(to), purpose: "release" },
  };
}

/** Asks the new side once through the test listener, a few times if need be; it has to answer as configured. */
export function decideTestCheck(deployment: Deployment, world: World): Decision {
  const { settings, now } = world;
  const { smoke, testListener } = settings;
  if (!smoke || !testListener?.url) return change(advance(deployment, now), say("decision.noSmoke"));
  const result = stageRecord(deployment, "POST_TEST_TRAFFIC_SHIFT").smoke;
  const notReady = findStillNotReady(deployment, world);
  if (result?.ok && notReady) return waitInTime(deployment, world, notReady);
  const what = result && toldOf(result);
  if (result?.ok && what) return change(advance(deployment, now, what), what);
  if (result && what && result.tries >= SMOKE_TRIES) return fail(deployment, world, what);
  if (isOverdue(deployment, world)) return fail(deployment, world, say("decision.smokeNotInTime"));
  if (result && what && now - result.at < SMOKE_EVERY_MS)
    return { kind: "wait", reason: say("decision.asksAgain", { what }) };
  return { kind: "step", step: { type: "smoke", slot: deployment.to, tries: (result?.tries ?? 0) + 1 } };
}

/** Puts the test listener back as it was before this deployment; null when there is nothing to put back. */
export function restoreTest(deployment: Deployment): Decision | null {
  const { to, plan } = deployment;
  const test = plan?.test;
  const wanted = weightsFor(to);
  if (!test || test.sentAt === null || test.isBack || isSame(test.before, wanted)) return null;
  return {
    kind: "step",
    step: { type: "shiftTest", to, expected: wanted, weights: test.before, purpose: "restore" },
  };
}

/** A side may sicken after it was ready: nobody is asked to switch to it meanwhile. */
function findStillNotReady(deployment: Deployment, { observation, settings }: World): Told | null {
  const { revision } = deployment;
  return revision ? findNotReady(settings, observation, deployment, revision) : say("decision.revisionUnknown");
}

function waitInTime(deployment: Deployment, world: World, reason: Told): Decision {
  return isOverdue(deployment, world)
    ? fail(deployment, world, say("decision.timeOver", { what: reason }))
    : { kind: "wait", reason };
}

function isOverdue(deployment: Deployment, { observation, now }: World): boolean {
  const limit = stageLimit(deployment, observation);
  return limit !== null && now > limit.until;
}
