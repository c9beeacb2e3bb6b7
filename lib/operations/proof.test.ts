import { afterAll, beforeAll, expect, test } from "vitest";
import { AWSLOGS_DELAY } from "../../sandbox/logs/awslogs-delivery.ts";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { isVerifying } from "../domain/deployment/is-verifying.ts";
import { otherColor } from "../domain/observation/slot.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { switchTraffic } from "./switch-traffic.ts";

// Health checks are logged, and lines arrive as late as awslogs and ingestion make them on AWS.
let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { logs: { delay: AWSLOGS_DELAY } }, application: { bakeMinutes: 0 } });
});
afterAll(() => world.close());

async function switchOver(): Promise<Deployment> {
  const operator = world.as("operator");
  const { live } = (await world.runtime.observer.refreshNow("library")).traffic;
  const to = otherColor(live === "green" ? "green" : "blue");
  const receipt = await until(async () => {
    const answer = await getReceipt(operator, "library", to);
    return answer.ok && answer.value.blockers.length === 0 ? answer.value.hash : null;
  });
  const switched = await onFreshLook(() => switchTraffic(operator, { application: "library", to, receipt }));
  if (!switched.ok) throw new Error(switched.message);
  return switched.value;
}

const ended = (id: string) => untilDeployment(world, id, (d) => !isInFlight(d), 60_000);

test("health checks are no requests: a switch without traffic is not verified by them, nor kept from it by the old side's", async () => {
  const quiet = await ended((await switchOver()).id);
  expect(quiet.proof).toMatchObject({
    proven: false,
    note: "Switched, not verified: no request seen on either side",
  });
  const traffic = world.traffic(20);
  const proven = await untilDeployment(world, quiet.id, (d) => d.proof?.proven === true, 60_000);
  expect(proven.proof).toMatchObject({ proven: true, lastRequestOnOldMs: 0 });
  await traffic.stop();
}, 180_000);

test("the old side counts as silent only once its last lines cannot be on their way any more", async () => {
  const traffic = world.traffic(20);
  const { id, from } = await switchOver();
  const { targets } = (await world.runtime.observer.refreshNow("library")).slots[from];
  const sent = await untilDeployment(world, id, (d) => d.plan?.shift?.sentAt != null);
  const sentAt = sent.plan?.shift?.sentAt ?? 0;
  // A client that holds on to the old side for eight seconds after the switch.
  let lastAt = 0;
  await until(async () => {
    lastAt = world.sandbox.clock.now();
    await fetch(`http://${targets[0]?.id}:${targets[0]?.port}/books`);
    return lastAt - sentAt > 8_000;
  });
  const { proof, stages } = await ended(id);
  await traffic.stop();
  expect(proof?.proven, JSON.stringify(proof)).toBe(true);
  expect(proof?.lastRequestOnOldMs).toBeGreaterThan(8_000);
  expect(isVerifying({ ...sent, proof, stages })).toBe(false);
}, 180_000);
