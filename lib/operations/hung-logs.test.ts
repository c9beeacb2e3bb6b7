import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { switchTraffic } from "./switch-traffic.ts";

/** Looks are 250 ms apart and a reading holds the engine up for 2 s at most; one call's own timeouts together are 60 looks. */
const MOST_LOOKS = 25;
/** The fewest that ECS's circuit breaker counts as a failure, however few tasks are wanted. */
const DEATHS = 3;

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 2, ecs: { virtual: true } } });
});
afterAll(async () => {
  world.sandbox.faults.clear();
  await world.close();
});

test("dying tasks bring traffic back by themselves while the logs are asked for verification and never answer", async () => {
  const { hash } = await until(async () => {
    const answer = await getReceipt(world.as("operator"), "library", "green");
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const silence = world.sandbox.faults.add({
    service: "logs",
    operation: null,
    kind: "timeout",
    rate: 1,
    ms: 120_000,
    remaining: null,
    phase: "before",
  });
  const switched = await onFreshLook(() =>
    switchTraffic(world.as("operator"), { application: "library", to: "green", receipt: hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  const { id } = switched.value;
  await untilDeployment(world, id, (d) => d.stage === "POST_PRODUCTION_TRAFFIC_SHIFT");
  await until(() => silence.hits > 0);

  let looks = 0;
  const killed = new Set<string>();
  const stop = world.runtime.observer.subscribe("library", ({ slots }) => {
    const dead = slots.green.tasks.filter((task) => killed.has(task.id) && task.stoppedAt !== null);
    if (dead.length >= DEATHS) looks += 1;
    // Whatever ECS starts in their place dies as well.
    for (const { id: task, lastStatus } of slots.green.tasks)
      if (lastStatus === "RUNNING" && !killed.has(task) && world.sandbox.ecs.controls.kill(task)) killed.add(task);
  });
  onTestFinished(stop);
  const turned = await untilDeployment(world, id, (d) => d.status !== "IN_PROGRESS", 90_000);
  stop();
  // Whichever of the two is read first: on a full machine the targets are found gone before the second task has stopped.
  expect(["taskExits", "unhealthyTargets"]).toContain(turned.breach?.figure);
  expect(turned.stage).toBe("POST_PRODUCTION_TRAFFIC_SHIFT");
  expect(looks).toBeLessThanOrEqual(MOST_LOOKS);
  await until(async () => (await world.runtime.observer.refreshNow("library")).traffic.weights.blue === 100, 30_000);
  // Verification of the way back hangs as well, and ends by its own limit.
  const ended = await untilDeployment(world, id, (d) => !isInFlight(d), 120_000);
  expect(ended.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(ended.statusReason).toMatch(/^Rolled back by Switchyard: /);
}, 240_000);
