import { afterAll, beforeAll, expect, test } from "vitest";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld();
});

afterAll(() => world.close());

test("a release is deployed, switched to, verified, rolled back, and no request fails", async () => {
  const traffic = world.traffic(50);
  const operator = world.as("operator");

  const deployed = await onFreshLook(() =>
    deploy(operator, { application: "library", imageTag: "1.1.0", reason: "new search" }),
  );
  if (!deployed.ok) throw new Error(deployed.message);
  const waiting = await untilDeployment(world, deployed.value.id, isAwaitingSwitch);
  expect(waiting.revision?.tag).toBe("1.1.0");
  expect(waiting.revision?.digest).toMatch(/^sha256:/);
  expect(waiting.from).toBe("blue");

  const receipt = await until(async () => {
    const answer = await getReceipt(operator, "library", "green");
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const switched = await onFreshLook(() =>
    switchTraffic(operator, { application: "library", to: "green", receipt: receipt.hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  expect(switched.value.id).toBe(deployed.value.id);
  const baking = await untilDeployment(world, deployed.value.id, (d) => d.stage === "BAKE_TIME");
  expect(baking.proof).toMatchObject({ proven: true, failedRequests: 0 });

  const back = await onFreshLook(() => rollBack(operator, { application: "library", reason: "slow" }));
  if (!back.ok) throw new Error(back.message);
  expect(back.value.id).toBe(deployed.value.id);
  const ended = await untilDeployment(world, deployed.value.id, (d) => !isInFlight(d));
  expect(ended.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(ended.proof).toMatchObject({ proven: true });
  const { weights } = (await world.runtime.observer.refreshNow("library")).traffic;
  expect(weights).toEqual({ blue: 100, green: 0 });
  expect(Object.keys(await traffic.stop())).toEqual(["200"]);
  const journal = await world.runtime.store.listJournal(ended.id);
  const writes = journal.filter((entry) => entry.phase === "intent").map((entry) => entry.step);
  expect(writes).toEqual(["registerRevision", "startSide", "shift", "shift"]);
  const done = journal.filter((entry) => entry.phase === "done" && writes.includes(entry.step));
  expect(done.map((entry) => typeof entry.awsRequestId)).toEqual(writes.map(() => "string"));
});

test("logs that do not answer hold up no rollback", async () => {
  const operator = world.as("operator");
  const receipt = await until(async () => {
    const answer = await getReceipt(operator, "library", "green");
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const latency = { kind: "latency", rate: 1, ms: 20_000, remaining: null, phase: "before" } as const;
  world.sandbox.faults.add({ ...latency, service: "logs", operation: "FilterLogEvents" });
  const switched = await onFreshLook(() =>
    switchTraffic(operator, { application: "library", to: "green", receipt: receipt.hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  const { id } = switched.value;
  await untilDeployment(world, id, (d) => d.stage === "POST_PRODUCTION_TRAFFIC_SHIFT");
  await until(() => (world.sandbox.calls.counts()["logs.FilterLogEvents"]?.count ?? 0) > 0);
  const clickedAt = Date.now();
  const back = await onFreshLook(() => rollBack(operator, { application: "library" }));
  expect(back).toMatchObject({ ok: true });
  await untilDeployment(world, id, (d) => d.plan?.shift?.to === "blue" && d.plan.shift.readBackMs !== null);
  expect(Date.now() - clickedAt).toBeLessThan(15_000);
  world.sandbox.faults.clear();
});
