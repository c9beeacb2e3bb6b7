import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* With suspendScaleIn the side without traffic is not scaled in until its window ends, and that is given back whatever happens. */

const WHERE = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
const resourceOf = (side: SlotColor) => `service/library-management-cluster/library-${side}-service`;

let world: TestWorld;
/** Whoever manages the account. */
let administrator: ApplicationAutoScalingClient;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    scalingMs: 500,
    application: { requestLine: null, bakeMinutes: 0, windowMinutes: 1, suspendScaleIn: true },
  });
  const { url: endpoint, place } = world.sandbox;
  administrator = new ApplicationAutoScalingClient({ endpoint, region: place.region, credentials: ADMINISTRATOR });
  for (const side of SLOT_COLORS)
    await administrator.send(
      new RegisterScalableTargetCommand({
        ...WHERE,
        ResourceId: resourceOf(side),
        MinCapacity: 1,
        MaxCapacity: 4,
        SuspendedState: { ScheduledScalingSuspended: true },
      }),
    );
  await until(() => world.runtime.observer.observation("library")?.slots.blue.scaling);
});
afterEach(() => until(async () => (await world.runtime.store.listScalingHolds()).length === 0, 30_000));
afterAll(async () => {
  administrator.destroy();
  await world.close();
});

async function suspended(side: SlotColor) {
  const ResourceIds = [resourceOf(side)];
  const { ScalableTargets: [target] = [] } = await administrator.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds }),
  );
  return target?.SuspendedState;
}
const isHeld = async (side: SlotColor) => (await suspended(side))?.DynamicScalingInSuspended === true;

async function switchTo(to: SlotColor) {
  const read = await getReceipt(world.as("viewer"), "library", to);
  if (!read.ok) throw new Error(read.message);
  const asked = await switchTraffic(world.as("operator"), { application: "library", to, receipt: read.value.hash });
  if (!asked.ok) throw new Error(asked.message);
  await untilDeployment(world, asked.value.id, (deployment) => !isInFlight(deployment));
}

const HELD = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: true,
};
const GIVEN_BACK = { ...HELD, DynamicScalingInSuspended: false };

async function audited() {
  const rows = await world.runtime.store.listAudit({}, { limit: 50 });
  return rows.items
    .filter(({ action }) => action.startsWith("scaling."))
    .map(({ action, message }) => ({ action, message }));
}

test("the old side is not scaled in while its window is open, the new one may be, and the end gives it back", async () => {
  await switchTo("green");
  await until(() => isHeld("blue"));
  expect(await suspended("blue")).toEqual(HELD);
  await until(async () => !(await isHeld("green")));
  // A minute of the sandbox's time.
  await until(async () => !(await isHeld("blue")));
  expect(await suspended("blue")).toEqual(GIVEN_BACK);
  await until(async () => (await world.runtime.store.listScalingHolds()).length === 0);
  const rows = await audited();
  const words = `Scaling in of blue by auto scaling (${resourceOf("blue")}) is`;
  expect(rows).toContainEqual({ action: "scaling.suspended", message: `${words} suspended until the window ends` });
  expect(rows[0]).toEqual({ action: "scaling.resumed", message: `${words} given back` });
});

test.each([
  ["before", "blue", "green"],
  ["after", "green", "blue"],
] as const)(
  "a process that ends %s AWS takes its write leaves to the next one what is to be held and given back",
  async (phase, to, idle) => {
    const { faults } = world.sandbox;
    const lost = { service: "application-autoscaling", operation: "RegisterScalableTarget", kind: "reset" } as const;
    const cut = faults.add({ ...lost, phase, rate: 1, ms: 0, remaining: null });
    await switchTo(to);
    await until(() => (faults.list()[0]?.hits ?? 0) > 0);
    world.crashEngine();
    faults.remove(cut.id);
    await until(() => isHeld(idle));
    expect((await world.runtime.store.listScalingHolds()).map(({ resourceId }) => resourceId)).toContain(
      resourceOf(idle),
    );
    world.crashEngine();
    await until(async () => !(await isHeld(idle)), 30_000);
    expect(await suspended(idle)).toEqual(GIVEN_BACK);
  },
  60_000,
);

test("what somebody resumed is not suspended again", async () => {
  await switchTo("blue");
  await until(async () =>
    (await world.runtime.store.listScalingHolds()).some(({ side, heldAt }) => side === "green" && heldAt !== null),
  );
  const SuspendedState = { DynamicScalingInSuspended: false };
  await administrator.send(
    new RegisterScalableTargetCommand({ ...WHERE, ResourceId: resourceOf("green"), SuspendedState }),
  );
  await until(async () => !(await world.runtime.store.listScalingHolds()).some(({ side }) => side === "blue"));
  // Several sweeps, all within the window.
  const sweeps = world.sandbox.clock.now() + 5_000;
  await until(() => world.sandbox.clock.now() > sweeps);
  expect(await suspended("green")).toEqual(GIVEN_BACK);
});
