import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { otherColor } from "../domain/observation/slot.ts";
import {
  abortAll,
  allTo,
  ended,
  onFreshLook,
  press,
  pressed,
  receipt,
  setWeights,
  standby,
  weights,
} from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { deploy } from "./deploy.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* What may go wrong around a switch: the world moves, AWS fails, the process dies. */

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
});
afterAll(() => world.close());
beforeEach(async () => {
  await until(async () => (await receipt(world, await standby(world))).blockers.length === 0, 30_000);
  world.sandbox.calls.resetJournal();
});
afterEach(async () => {
  world.setStoreDown(false);
  world.sandbox.faults.clear();
  await abortAll(world);
  const { live } = (await world.runtime.observer.refreshNow("library")).traffic;
  if (live !== "blue" && live !== "green") setWeights(world, allTo("blue"));
});

const fault = (
  kind: "throttle" | "error" | "reset" | "latency",
  more: { remaining?: number | null; phase?: "before" | "after"; code?: string; ms?: number },
) =>
  world.sandbox.faults.add({
    service: "elbv2",
    operation: "ModifyListener",
    rate: 1,
    ms: 0,
    remaining: 1,
    phase: "before",
    ...more,
    kind,
  });

test("two clicks at once start one deployment and write once", async () => {
  const to = await standby(world);
  const { hash } = await receipt(world, to);
  const ask = () =>
    onFreshLook(() => switchTraffic(world.as("operator"), { application: "library", to, receipt: hash }));
  const answers = await Promise.all([ask(), ask(), ask()]);
  const ids = new Set(answers.map((answer) => (answer.ok ? answer.value.id : answer.code)));
  expect(ids.size).toBe(1);
  const done = await ended(world, [...ids][0] ?? "");
  expect(done).toMatchObject({ kind: "SWITCH", status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(1);
});

test("a lost answer to the write is found to have worked and not sent again", async () => {
  const to = await standby(world);
  fault("reset", { phase: "after" });
  expect(await ended(world, await pressed(world, to))).toMatchObject({ status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(1);
  expect(await weights(world)).toEqual(allTo(to));
});

test("a request that was lost before it took effect is sent again, once", async () => {
  const to = await standby(world);
  fault("reset", { phase: "before" });
  expect(await ended(world, await pressed(world, to))).toMatchObject({ status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(1);
});

test("a throttled write is tried again, saying so meanwhile", async () => {
  const to = await standby(world);
  fault("throttle", { remaining: 12 });
  const id = await pressed(world, to);
  const told = await untilDeployment(world, id, (d) => d.stages.some((s) => s.detail?.includes("throttles")));
  expect(told.stages.find((s) => s.stage === "PRODUCTION_TRAFFIC_SHIFT")?.detail).toContain("Trying again");
  expect(await ended(world, id)).toMatchObject({ status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(1);
});

test("a denied write ends the switch with the missing permission, and the old side stays live", async () => {
  const to = await standby(world);
  const before = await weights(world);
  fault("error", { code: "AccessDeniedException", remaining: null });
  const done = await ended(world, await pressed(world, to));
  expect(done).toMatchObject({ status: "STOPPED" });
  expect(done.statusReason).toContain("elasticloadbalancing:ModifyListener");
  expect(await weights(world)).toEqual(before);
});

test("a receipt that the world has left behind is refused with the fresh one, and nothing is written", async () => {
  setWeights(world, allTo("blue"));
  const { hash } = await receipt(world, "green");
  setWeights(world, { blue: 50, green: 0 });
  // At once, while the newest look at AWS is still the one behind the receipt.
  const refused = await switchTraffic(world.as("operator"), { application: "library", to: "green", receipt: hash });
  if (refused.ok) throw new Error("The outdated receipt was taken");
  expect(refused).toMatchObject({ code: "RECEIPT_OUTDATED", extra: { receipt: { weights: { blue: 50, green: 0 } } } });
  expect(refused.extra?.receipt?.hash).not.toBe(hash);
  expect(world.shifts()).toBe(0);
});

test("weights that somebody else changes between the click and the write are not overwritten", async () => {
  const to = await standby(world);
  // The first answer comes late; meanwhile the world moves, and the write that follows must see it.
  fault("throttle", { remaining: 4 });
  const id = await pressed(world, to);
  setWeights(world, { blue: 60, green: 40 });
  const done = await ended(world, id);
  expect(done).toMatchObject({ status: "STOPPED" });
  expect(done.statusReason).toMatch(/blue 60, green 40/);
  expect(await weights(world)).toEqual({ blue: 60, green: 40 });
  expect(world.shifts()).toBe(0);
});

test("weights that somebody else changes while a release bakes end it, are told and never repaired", async () => {
  const to = await standby(world);
  const started = await onFreshLook(() => deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" }));
  if (!started.ok) throw new Error(started.message);
  const { id } = started.value;
  await until(async () => (await receipt(world, to)).blockers.length === 0, 30_000);
  expect(await pressed(world, to)).toBe(id);
  await untilDeployment(world, id, (d) => d.stage === "BAKE_TIME");
  setWeights(world, { blue: 80, green: 20 });
  const done = await ended(world, id);
  expect(done).toMatchObject({ status: "STOPPED" });
  expect(done.statusReason).toContain("to blue 80, green 20, not by Switchyard");
  expect(await weights(world)).toEqual({ blue: 80, green: 20 });
});

test("a side that cannot become healthy cannot be switched to, and an abort puts it back", async () => {
  const to = await standby(world);
  const before = (await world.runtime.observer.refreshNow("library")).slots[to].revision;
  const started = await onFreshLook(() =>
    deploy(world.as("operator"), { application: "library", imageTag: "1.2.0-unhealthy" }),
  );
  if (!started.ok) throw new Error(started.message);
  await until(
    async () =>
      (await world.runtime.observer.refreshNow("library")).slots[to].targets.some(
        (target) => target.state === "unhealthy" && target.reason === "Target.ResponseCodeMismatch",
      ),
    45_000,
  );
  expect((await receipt(world, to)).blockers.map((blocker) => blocker.code)).toContain("STANDBY_NOT_HEALTHY");
  expect(await press(world, to)).toMatchObject({ ok: false, code: "DEPLOYMENT_IN_FLIGHT" });
  await abortDeployment(world.as("operator"), { deploymentId: started.value.id });
  expect(await ended(world, started.value.id)).toMatchObject({ status: "STOPPED" });
  expect((await world.runtime.observer.refreshNow("library")).slots[to].revision).toEqual(before);
  expect(world.shifts()).toBe(0);
});

test.each(["before the write took effect", "after the write took effect"] as const)(
  "an engine that dies %s is followed by another that finishes the switch and writes once",
  async (when) => {
    const to = await standby(world);
    const isAfter = when.startsWith("after");
    fault("reset", { phase: isAfter ? "after" : "before", remaining: isAfter ? 1 : null });
    const id = await pressed(world, to);
    await until(async () => (await world.runtime.store.listJournal(id)).some((entry) => entry.phase === "intent"));
    if (isAfter) await until(() => world.shifts() === 1);
    world.crashEngine();
    world.sandbox.faults.clear();
    expect(await ended(world, id)).toMatchObject({ status: "SUCCESSFUL" });
    expect(world.shifts()).toBe(1);
    expect(await weights(world)).toEqual(allTo(to));
  },
);

test("with the database down everything is refused with the reason, and watching goes on", async () => {
  const to = await standby(world);
  const { hash } = await receipt(world, to);
  await world.runtime.hub.snapshot("library");
  world.setStoreDown(true);
  const refused = await switchTraffic(world.as("operator"), { application: "library", to, receipt: hash });
  expect(refused).toMatchObject({ ok: false, code: "STORE_UNAVAILABLE" });
  const snapshot = await world.runtime.hub.snapshot("library");
  expect(snapshot?.traffic.live).not.toBe("unknown");
  expect(world.shifts()).toBe(0);
});

test("a rollback after a switch brings back what was live, whatever receipt anybody holds", async () => {
  const to = await standby(world);
  await ended(world, await pressed(world, to));
  // Asked for by the side that the asker saw, it never brings back the other.
  const other = await rollBack(world.as("operator"), { application: "library", to });
  expect(other).toMatchObject({ ok: false, code: "RECEIPT_OUTDATED" });
  const back = await onFreshLook(() => rollBack(world.as("operator"), { application: "library", to: otherColor(to) }));
  if (!back.ok) throw new Error(back.message);
  expect(await ended(world, back.value.id)).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL" });
  expect(await weights(world)).toEqual(allTo(to === "green" ? "blue" : "green"));
  expect(await rollBack(world.as("operator"), { application: "library" })).toMatchObject({
    code: "NOTHING_TO_ROLL_BACK",
  });
});

test("a rollback to a side that was scaled down scales it up first, by the same one click", async () => {
  const to = await standby(world);
  const old = to === "green" ? "blue" : "green";
  await ended(world, await pressed(world, to));
  const { controllers, observer } = world.runtime;
  const application = observer.findApplication("library");
  if (!application) throw new Error("There is no library");
  await controllers["paired-services"]?.scaleSide(application, old, 0);
  await until(async () => (await observer.refreshNow("library")).slots[old].counts.healthy === 0);
  const back = await until(async () => {
    const answer = await rollBack(world.as("operator"), { application: "library" });
    return answer.ok ? answer.value : null;
  });
  const done = await ended(world, back.id);
  expect(done).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL" });
  expect(done.stages.find((s) => s.stage === "POST_SCALE_UP")?.status).toBe("SUCCEEDED");
  expect(await weights(world)).toEqual(allTo(old));
});
