import { afterAll, beforeAll, expect, test } from "vitest";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import type { Context } from "../request/context.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { acknowledgeRollback } from "./acknowledge-rollback.ts";
import { deploy } from "./deploy.ts";
import { switchTraffic } from "./switch-traffic.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { cloudwatch: { metricPeriodSeconds: 5 } },
    application: { metricPeriodSeconds: 5 },
  });
});
afterAll(() => world.close());

const CANARY = { strategy: "CANARY", percent: 50, bakeMinutes: 30 } as const;

/** It stands first with the lines that show it, and no pipeline gets the same version in again, until a person takes note. */
async function tellsAndIsAcknowledged(id: string) {
  const { hub, store } = world.runtime;
  const shown = (await hub.snapshot("library"))?.automaticRollback;
  expect(shown).toMatchObject({
    deploymentId: id,
    isOver: true,
    side: "green",
    message: expect.stringMatching(/^green answered/),
  });
  expect(shown?.lines.map(({ text }) => text).join("\n")).toMatch(/ERROR|500/);

  const operator = world.as("operator");
  const asToken = (scope: boolean): Context => {
    const identity = operator.identity && { ...operator.identity, via: "token" as const };
    const ofToken = { tokenId: "t-1", verbs: ["deploy", "switch"] as const, applications: null };
    return { ...operator, identity: identity && (scope ? { ...identity, scope: ofToken } : identity) };
  };
  const again = { application: "library", imageTag: "1.5.0-errors" };
  expect(await deploy(asToken(true), again)).toMatchObject({
    ok: false,
    code: "ROLLBACK_NOT_ACKNOWLEDGED",
    message: expect.stringContaining("green answered"),
  });
  expect(await acknowledgeRollback(asToken(true), { deploymentId: id })).toMatchObject({ code: "FORBIDDEN" });
  expect(await acknowledgeRollback(world.as("viewer"), { deploymentId: id })).toMatchObject({ code: "FORBIDDEN" });
  expect(await acknowledgeRollback(operator, { deploymentId: id, reason: "Known bug" })).toMatchObject({ ok: true });
  expect(await acknowledgeRollback(operator, { deploymentId: id })).toMatchObject({ ok: true });
  const { items } = await store.listAudit({ application: "library" }, { limit: 20 });
  expect(items.find(({ action, outcome }) => action === "rollback.acknowledged" && outcome === "done")).toMatchObject({
    actorId: "operator@sandbox.local",
  });
  await until(async () => (await hub.snapshot("library"))?.automaticRollback === undefined);
  expect((await store.findDeployment(id))?.acknowledged).toMatchObject({ reason: "Known bug" });
}

test.each([
  ["all at once", undefined],
  ["as a canary", CANARY],
])(
  "a release %s that answers one request in five with 500 is rolled back by itself, and says why",
  async (_, rollout) => {
    const { observer } = world.runtime;
    const traffic = world.traffic(40);
    const served = () => {
      const { series } = observer.observation("library")?.slots.blue.metrics ?? { series: [] };
      return series.reduce((sum, { requests }) => sum + requests, 0);
    };
    await until(() => served() > 60, 60_000);
    const started = await onFreshLook(() =>
      deploy(world.as("operator"), { application: "library", imageTag: "1.5.0-errors", rollout }),
    );
    if (!started.ok) throw new Error(started.message);
    const { id } = started.value;
    await untilDeployment(world, id, isAwaitingSwitch, 90_000);
    const receipt = await until(async () => {
      const answer = await getReceipt(world.as("operator"), "library", "green");
      return answer.ok && answer.value.blockers.length === 0 ? answer.value.hash : null;
    });
    const switched = await onFreshLook(() =>
      switchTraffic(world.as("operator"), { application: "library", to: "green", receipt }),
    );
    if (!switched.ok) throw new Error(switched.message);
    // All at once, the log tells it while the switch is verified: no metric is needed, and on AWS none would be there yet.
    if (!rollout)
      world.sandbox.faults.add({
        ...{ service: "cloudwatch", operation: "GetMetricData", kind: "error", code: "InternalServiceFault" },
        ...{ rate: 1, ms: 0, remaining: null, phase: "before" },
      });
    const ended = await untilDeployment(world, id, (d) => !isInFlight(d), 60_000);
    world.sandbox.faults.clear();
    await traffic.stop();
    expect(ended.status).toBe("ROLLBACK_SUCCESSFUL");
    expect(ended.statusReason).toMatch(
      /^Rolled back by Switchyard: green answered [\d.]+ % of its requests with 5xx \(\d+ of \d+\); blue had 0 % \(0 of \d+\), and 5 % is allowed$/,
    );
    expect(ended.breach).toMatchObject({ figure: "errorShare", bound: 0.05 });
    expect((await observer.refreshNow("library")).traffic.weights).toEqual({ blue: 100, green: 0 });
    await tellsAndIsAcknowledged(id);
    const journal = await world.runtime.store.listJournal(id);
    expect(journal.some((entry) => entry.phase === "note" && entry.message.startsWith("green answered"))).toBe(true);
  },
  240_000,
);
