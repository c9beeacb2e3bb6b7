import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { retireSide } from "../operations/retire-side.ts";
import { rollBack } from "../operations/roll-back.ts";
import { switchTraffic } from "../operations/switch-traffic.ts";
import { createTestWorld, type TestWorld, untilDeployment } from "../testing/test-world.ts";
import { getReceipt } from "./get-receipt.ts";

/* AWS takes every call and answers none: whoever asks is answered all the same. Without a bound each test here would run out of its time. */

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { ecs: { virtual: true } },
    patienceMs: { question: 100, action: 4_000, engine: 2_000 },
  });
});
afterEach(() => world.sandbox.faults.clear());
afterAll(() => world.close());

/** From now on calls to these services stay without an answer. */
function hang(...services: string[]): void {
  for (const service of services)
    world.sandbox.faults.add({
      ...{ service, operation: null, kind: "timeout", rate: 1, ms: 600_000, remaining: null, phase: "before" },
    });
}

const operator = () => world.as("operator");

async function receiptFor(to: "blue" | "green") {
  const answer = await getReceipt(operator(), "library", to);
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

test("questions are answered with the last known look, and one that is too old stands in its own way", async () => {
  const before = await receiptFor("green");
  expect(before.blockers).toEqual([]);
  hang("ecs", "elbv2");
  const known = await receiptFor("green");
  expect(known.weights).toEqual(before.weights);
  expect(known.observedAt).toBeLessThanOrEqual(world.runtime.now());
  await expect
    .poll(async () => (await receiptFor("green")).blockers.map(({ code }) => code), { timeout: 30_000 })
    .toContain("OBSERVATION_STALE");
});

test("a switch is refused while AWS does not say what the listener holds, and nothing is written", async () => {
  await expect.poll(async () => (await receiptFor("green")).blockers, { timeout: 30_000 }).toEqual([]);
  const { hash: receipt } = await receiptFor("green");
  const writes = world.shifts();
  hang("ecs", "elbv2");
  const refused = await switchTraffic(operator(), { application: "library", to: "green", receipt });
  expect(refused).toMatchObject({ ok: false, code: "OBSERVATION_STALE" });
  expect(world.shifts()).toBe(writes);
});

test("a click right after that shares no call that still hangs: its look is its own", async () => {
  // With a wrong receipt a click is refused for that, once AWS was read.
  const click = () =>
    switchTraffic(operator(), { application: "library", to: "green", receipt: "0".repeat(64) }).then(
      (answer) => !answer.ok && answer.code,
    );
  hang("ecs", "elbv2");
  const first = click();
  await new Promise((resolve) => setTimeout(resolve, 200));
  world.sandbox.faults.clear();
  expect(await click()).toBe("RECEIPT_OUTDATED");
  // What the second has read by then serves the first as well.
  expect(await first).toBe("RECEIPT_OUTDATED");
});

test("a rollback needs the load balancer alone: ECS that hangs holds it up no longer than a look may take", async () => {
  // A call that hung when the faults ended goes on hanging until it is given up: only a look from after it says that AWS is back.
  const since = world.runtime.now();
  const hasAnswered = async () => {
    const { observedAt, blockers } = await receiptFor("green");
    return observedAt >= since && blockers.length === 0;
  };
  await expect.poll(hasAnswered, { timeout: 60_000 }).toBe(true);
  const { hash: receipt } = await receiptFor("green");
  const switched = await switchTraffic(operator(), { application: "library", to: "green", receipt });
  if (!switched.ok) throw new Error(switched.message);
  await untilDeployment(
    world,
    switched.value.id,
    ({ status, stage }) => status === "SUCCESSFUL" || stage === "BAKE_TIME",
  );
  hang("ecs");
  const back = await rollBack(operator(), { application: "library" });
  expect(back).toMatchObject({ ok: true });
  if (!back.ok) return;
  world.sandbox.faults.clear();
  await untilDeployment(
    world,
    back.value.id,
    ({ status }) => status === "ROLLBACK_SUCCESSFUL" || status === "SUCCESSFUL",
  );
  hang("ecs", "elbv2");
  expect(await retireSide(world.as("admin"), { deploymentId: back.value.id })).toMatchObject({ ok: false });
});
