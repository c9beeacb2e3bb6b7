import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { isInFlight } from "../domain/deployment.ts";
import type { SlotColor } from "../domain/slot.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { deploy } from "./deploy.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "./test-world.ts";

/* What may go wrong around a switch: the world moves, AWS fails, the process dies. */

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
}, 120_000);
afterAll(() => world.close());
beforeEach(async () => {
  await until(async () => (await receipt(await standby())).blockers.length === 0, 30_000);
  world.sandbox.calls.resetJournal();
});
afterEach(async () => {
  world.setStoreDown(false);
  world.sandbox.faults.clear();
  for (const { id } of await world.runtime.store.listDeploymentsInFlight()) {
    await abortDeployment(world.as("admin"), { deploymentId: id });
    await untilDeployment(world, id, (d) => !isInFlight(d));
  }
  const { live } = (await world.runtime.observer.refreshNow("library")).traffic;
  if (live !== "blue" && live !== "green") setWeights(100, 0);
});

async function receipt(to: SlotColor) {
  const answer = await getReceipt(world.as("viewer"), "library", to);
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

async function standby(): Promise<SlotColor> {
  return (await world.runtime.observer.refreshNow("library")).traffic.live === "green" ? "blue" : "green";
}

async function press(to: SlotColor) {
  const { hash } = await receipt(to);
  return switchTraffic(world.as("operator"), { application: "library", to, receipt: hash });
}

async function pressed(to: SlotColor): Promise<string> {
  const result = await press(to);
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value.id;
}

function setWeights(blue: number, green: number): void {
  world.sandbox.elb.controls.setWeights("library-alb:80", { "library-blue-tg": blue, "library-green-tg": green });
}

const ended = (id: string) => untilDeployment(world, id, (d) => !isInFlight(d));
const weights = async () => (await world.runtime.observer.refreshNow("library")).traffic.weights;
const allTo = (to: SlotColor) => (to === "blue" ? { blue: 100, green: 0 } : { blue: 0, green: 100 });
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
  const to = await standby();
  const { hash } = await receipt(to);
  const ask = () => switchTraffic(world.as("operator"), { application: "library", to, receipt: hash });
  const answers = await Promise.all([ask(), ask(), ask()]);
  const ids = new Set(answers.map((answer) => (answer.ok ? answer.value.id : answer.code)));
  expect(ids.size).toBe(1);
  const done = await ended([...ids][0] ?? "");
  expect(done).toMatchObject({ kind: "SWITCH", status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(1);
});

test("a lost answer to the write is found to have worked and not sent again", async () => {
  const to = await standby();
  fault("reset", { phase: "after" });
  expect(await ended(await pressed(to))).toMatchObject({ status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(1);
  expect(await weights()).toEqual(allTo(to));
});

test("a request that was lost before it took effect is sent again, once", async () => {
  const to = await standby();
  fault("reset", { phase: "before" });
  expect(await ended(await pressed(to))).toMatchObject({ status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(1);
});

test("a throttled write is tried again, saying so meanwhile", async () => {
  const to = await standby();
  fault("throttle", { remaining: 12 });
  const id = await pressed(to);
  const told = await untilDeployment(world, id, (d) => d.stages.some((s) => s.detail?.includes("throttles")));
  expect(told.stages.find((s) => s.stage === "PRODUCTION_TRAFFIC_SHIFT")?.detail).toContain("Trying again");
  expect(await ended(id)).toMatchObject({ status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(1);
});

test("a denied write ends the switch with the missing permission, and the old side stays live", async () => {
  const to = await standby();
  const before = await weights();
  fault("error", { code: "AccessDeniedException", remaining: null });
  const done = await ended(await pressed(to));
  expect(done).toMatchObject({ status: "STOPPED" });
  expect(done.statusReason).toContain("elasticloadbalancing:ModifyListener");
  expect(await weights()).toEqual(before);
});

test("a receipt that the world has left behind is refused with the fresh one, and nothing is written", async () => {
  setWeights(100, 0);
  const { hash } = await receipt("green");
  setWeights(50, 0);
  // At once, while the newest look at AWS is still the one behind the receipt.
  const refused = await switchTraffic(world.as("operator"), { application: "library", to: "green", receipt: hash });
  if (refused.ok) throw new Error("The outdated receipt was taken");
  expect(refused).toMatchObject({ code: "RECEIPT_OUTDATED", extra: { receipt: { weights: { blue: 50, green: 0 } } } });
  expect(refused.extra?.receipt?.hash).not.toBe(hash);
  expect(world.shifts()).toBe(0);
});

test("weights that somebody else changes between the click and the write are not overwritten", async () => {
  const to = await standby();
  // The first answer comes late; meanwhile the world moves, and the write that follows must see it.
  fault("throttle", { remaining: 4 });
  const id = await pressed(to);
  setWeights(60, 40);
  const done = await ended(id);
  expect(done).toMatchObject({ status: "STOPPED" });
  expect(done.statusReason).toMatch(/blue 60, green 40/);
  expect(await weights()).toEqual({ blue: 60, green: 40 });
  expect(world.shifts()).toBe(0);
});

test("weights that somebody else changes while a release bakes end it, are told and never repaired", async () => {
  const to = await standby();
  const started = await deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" });
  if (!started.ok) throw new Error(started.message);
  const { id } = started.value;
  await until(async () => (await receipt(to)).blockers.length === 0, 30_000);
  expect(await pressed(to)).toBe(id);
  await untilDeployment(world, id, (d) => d.stage === "BAKE_TIME");
  setWeights(80, 20);
  const done = await ended(id);
  expect(done).toMatchObject({ status: "STOPPED" });
  expect(done.statusReason).toContain("to blue 80, green 20, not by Switchyard");
  expect(await weights()).toEqual({ blue: 80, green: 20 });
}, 60_000);

test("a side that cannot become healthy cannot be switched to, and an abort puts it back", async () => {
  const to = await standby();
  const before = (await world.runtime.observer.refreshNow("library")).slots[to].revision;
  const started = await deploy(world.as("operator"), { application: "library", imageTag: "1.2.0-unhealthy" });
  if (!started.ok) throw new Error(started.message);
  await until(
    async () =>
      (await world.runtime.observer.refreshNow("library")).slots[to].targets.some(
        (target) => target.state === "unhealthy" && target.reason === "Target.ResponseCodeMismatch",
      ),
    45_000,
  );
  expect((await receipt(to)).blockers.map((blocker) => blocker.code)).toContain("STANDBY_NOT_HEALTHY");
  expect(await press(to)).toMatchObject({ ok: false, code: "DEPLOYMENT_IN_FLIGHT" });
  await abortDeployment(world.as("operator"), { deploymentId: started.value.id });
  expect(await ended(started.value.id)).toMatchObject({ status: "STOPPED" });
  expect((await world.runtime.observer.refreshNow("library")).slots[to].revision).toEqual(before);
  expect(world.shifts()).toBe(0);
}, 60_000);

test.each(["before the write took effect", "after the write took effect"] as const)(
  "an engine that dies %s is followed by another that finishes the switch and writes once",
  async (when) => {
    const to = await standby();
    const isAfter = when.startsWith("after");
    fault("reset", { phase: isAfter ? "after" : "before", remaining: isAfter ? 1 : null });
    const id = await pressed(to);
    await until(async () => (await world.runtime.store.listJournal(id)).some((entry) => entry.phase === "intent"));
    if (isAfter) await until(() => world.shifts() === 1);
    world.crashEngine();
    world.sandbox.faults.clear();
    expect(await ended(id)).toMatchObject({ status: "SUCCESSFUL" });
    expect(world.shifts()).toBe(1);
    expect(await weights()).toEqual(allTo(to));
  },
);

test("with the database down everything is refused with the reason, and watching goes on", async () => {
  const to = await standby();
  const { hash } = await receipt(to);
  await world.runtime.hub.snapshot("library");
  world.setStoreDown(true);
  const refused = await switchTraffic(world.as("operator"), { application: "library", to, receipt: hash });
  expect(refused).toMatchObject({ ok: false, code: "STORE_UNAVAILABLE" });
  const snapshot = await world.runtime.hub.snapshot("library");
  expect(snapshot?.traffic.live).not.toBe("unknown");
  expect(world.shifts()).toBe(0);
});

test("a rollback after a switch brings back what was live, whatever receipt anybody holds", async () => {
  const to = await standby();
  await ended(await pressed(to));
  const back = await rollBack(world.as("operator"), { application: "library" });
  if (!back.ok) throw new Error(back.message);
  expect(await ended(back.value.id)).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL" });
  expect(await weights()).toEqual(allTo(to === "green" ? "blue" : "green"));
  expect(await rollBack(world.as("operator"), { application: "library" })).toMatchObject({
    code: "NOTHING_TO_ROLL_BACK",
  });
});

test("a rollback to a side that was scaled down scales it up first, by the same one click", async () => {
  const to = await standby();
  const old = to === "green" ? "blue" : "green";
  await ended(await pressed(to));
  const { controllers, observer } = world.runtime;
  const application = observer.findApplication("library");
  if (!application) throw new Error("There is no library");
  await controllers["paired-services"]?.scaleSide(application, old, 0);
  await until(async () => (await observer.refreshNow("library")).slots[old].counts.healthy === 0);
  const back = await until(async () => {
    const answer = await rollBack(world.as("operator"), { application: "library" });
    return answer.ok ? answer.value : null;
  });
  const done = await ended(back.id);
  expect(done).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL" });
  expect(done.stages.find((s) => s.stage === "POST_SCALE_UP")?.status).toBe("SUCCEEDED");
  expect(await weights()).toEqual(allTo(old));
}, 60_000);
