import { afterAll, beforeAll, expect, test } from "vitest";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { taskSetConfig } from "../testing/task-set-world.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, LIBRARY, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";
import { retireSide } from "./retire-side.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

let world: TestWorld;

beforeAll(async () => {
  const { requestLine, logGroup } = LIBRARY;
  const application = taskSetConfig({ bakeMinutes: 1, requestLine, logGroup, testListener: null });
  world = await createTestWorld({ sandbox: { seed: true }, application });
});

afterAll(() => world.close());

async function look() {
  return world.runtime.observer.refreshNow("library");
}

async function switchTo(to: "blue" | "green") {
  const operator = world.as("operator");
  const receipt = await until(async () => {
    const answer = await getReceipt(operator, "library", to);
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const switched = await onFreshLook(() =>
    switchTraffic(operator, { application: "library", to, receipt: receipt.hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  return switched.value;
}

test("with task sets a release is deployed, switched to, verified and rolled back, and no request fails", async () => {
  const traffic = world.traffic(40);
  const operator = world.as("operator");
  const before = await look();
  const deployed = await onFreshLook(() =>
    deploy(operator, { application: "library", imageTag: "1.1.0", reason: "new search" }),
  );
  if (!deployed.ok) throw new Error(deployed.message);
  const waiting = await untilDeployment(world, deployed.value.id, isAwaitingSwitch, 60_000);
  expect(waiting.revision?.tag).toBe("1.1.0");
  const ready = await look();
  expect(ready.slots.green.taskSet).not.toBe(before.slots.green.taskSet);
  expect(ready.slots.blue.taskSet).toBe(before.slots.blue.taskSet);

  await switchTo("green");
  const baking = await untilDeployment(world, deployed.value.id, (d) => d.stage === "BAKE_TIME", 60_000);
  expect(baking.proof).toMatchObject({ proven: true, failedRequests: 0 });

  const back = await onFreshLook(() => rollBack(operator, { application: "library", reason: "slow" }));
  if (!back.ok) throw new Error(back.message);
  const ended = await untilDeployment(world, deployed.value.id, (d) => !isInFlight(d));
  expect(ended.status).toBe("ROLLBACK_SUCCESSFUL");
  expect((await look()).traffic.weights).toEqual({ blue: 100, green: 0 });
  expect(Object.keys(await traffic.stop())).toEqual(["200"]);
  const journal = (await world.runtime.store.listJournal(ended.id)).map(({ message }) => message).join("\n");
  expect(journal).toMatch(/The listener read back blue 0, green 100 .*; ECS was told that green is live/);
  expect(journal).toMatch(/The listener read back blue 100, green 0 .*; ECS was told that blue is live/);

  const retired = await retireSide(world.as("operator"), { deploymentId: ended.id });
  if (!retired.ok) throw new Error(retired.message);
  await until(async () => (await look()).slots.green.taskSet === undefined);
  expect((await look()).slots.blue.counts).toMatchObject({ desired: 2, healthy: 2 });
}, 180_000);

test("with task sets a release that keeps crashing ends with the old side live and the new one put back", async () => {
  const before = await look();
  const deployed = await onFreshLook(() =>
    deploy(world.as("operator"), { application: "library", imageTag: "1.3.0-crash" }),
  );
  if (!deployed.ok) throw new Error(deployed.message);
  const ended = await untilDeployment(world, deployed.value.id, (d) => !isInFlight(d), 60_000);
  expect(ended.status).toBe("STOPPED");
  expect(ended.evidence?.tasks.length).toBeGreaterThan(0);
  const after = await look();
  expect(after.traffic.live).toBe("blue");
  expect(after.slots.blue).toMatchObject({ taskSet: before.slots.blue.taskSet, counts: { healthy: 2 } });
  expect(after.slots.green.counts.desired).toBe(before.slots.green.counts.desired);
});
