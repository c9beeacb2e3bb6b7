import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isInFlight } from "../domain/deployment.ts";
import type { SlotColor } from "../domain/slot.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { acknowledgeDrift } from "./acknowledge-drift.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "./test-world.ts";

/* What somebody else changes behind Switchyard's back, and an approver's word against what is in the way. */

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { requestLine: null },
    watchDrift: true,
  });
  await until(() => world.runtime.store.findLedger("library"));
}, 30_000);
afterAll(() => world.close());
beforeEach(async () => {
  for (const { id } of await drifts()) await acknowledged(id);
  await until(async () => (await receipt(await standby())).blockers.length === 0, 30_000);
  world.sandbox.calls.resetJournal();
});

async function standby(): Promise<SlotColor> {
  return (await world.runtime.observer.refreshNow("library")).traffic.live === "green" ? "blue" : "green";
}

async function receipt(to: SlotColor) {
  const answer = await getReceipt(world.as("viewer"), "library", to);
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

async function drifts() {
  await world.runtime.observer.refreshNow("library");
  return (await world.runtime.hub.snapshot("library"))?.drifts ?? [];
}

function justSignedIn(role: "operator" | "approver", agoMs: number) {
  const ctx = world.as(role);
  return { ...ctx, identity: ctx.identity && { ...ctx.identity, authenticatedAt: world.runtime.now() - agoMs } };
}

const acknowledged = (drift: string) => acknowledgeDrift(world.as("operator"), { application: "library", drift });

function setWeights(blue: number, green: number): void {
  world.sandbox.elb.controls.setWeights("library-alb:80", { "library-blue-tg": blue, "library-green-tg": green });
}

async function switched(to: SlotColor) {
  const { hash } = await receipt(to);
  return switchTraffic(world.as("operator"), {
    application: "library",
    to,
    receipt: hash,
  });
}

async function ended(result: Awaited<ReturnType<typeof switchTraffic>>) {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return untilDeployment(world, result.value.id, (d) => !isInFlight(d));
}

test("changed weights are told after one look, block a switch until acknowledged, and are not put back", async () => {
  const to = await standby();
  const live = to === "green" ? "blue" : "green";
  setWeights(live === "blue" ? 50 : 0, live === "green" ? 50 : 0);
  const [drift] = await until(async () => {
    const found = await drifts();
    return found.length > 0 ? found : null;
  });
  if (!drift) throw new Error("It was not told");
  expect(drift.message).toMatch(
    /^Weights changed from (100\/0 to 50\/0|0\/100 to 0\/50) at \d\d:\d\d UTC, not by Switchyard$/,
  );
  expect(await switched(to)).toMatchObject({ code: "DRIFT_NOT_ACKNOWLEDGED", message: drift.message });

  expect(await acknowledgeDrift(world.as("viewer"), { application: "library", drift: drift.id })).toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await acknowledged("dr-00000000")).toMatchObject({ code: "NOT_FOUND" });
  expect(await acknowledged(drift.id)).toMatchObject({ ok: true, value: { id: drift.id, application: "library" } });
  const actions = (await world.runtime.store.listAudit({ application: "library" }, { limit: 10 })).items;
  expect(actions.find(({ action }) => action === "drift.seen")).toMatchObject({
    actorName: "Switchyard",
    message: drift.message,
  });
  expect(actions.find(({ action, outcome }) => action === "drift.acknowledged" && outcome === "done")).toMatchObject({
    actorId: "operator@sandbox.local",
  });
  expect(await drifts()).toEqual([]);
  expect(world.shifts()).toBe(0);
  expect(await ended(await switched(to))).toMatchObject({ status: "SUCCESSFUL" });
}, 60_000);

test("Switchyard's own switch and rollback are never told as somebody else's", async () => {
  const seen: string[] = [];
  const stop = world.runtime.hub.subscribe("library", ({ drifts: all = [] }) => {
    for (const { message } of all) seen.push(message);
  });
  await ended(await switched(await standby()));
  expect(await ended(await rollBack(world.as("operator"), { application: "library" }))).toMatchObject({
    status: "SUCCESSFUL",
  });
  await world.runtime.observer.refreshNow("library");
  stop();
  expect(seen).toEqual([]);
}, 60_000);

test("a rollback goes on although somebody split the traffic", async () => {
  const to = await standby();
  const back = to === "green" ? "blue" : "green";
  await ended(await switched(to));
  setWeights(60, 40);
  await until(async () => (await drifts()).length > 0);
  expect(await ended(await rollBack(world.as("operator"), { application: "library" }))).toMatchObject({
    status: "SUCCESSFUL",
  });
  const { weights } = (await world.runtime.observer.refreshNow("library")).traffic;
  expect(weights[back]).toBe(100);
  await until(async () => (await drifts()).length === 0);
}, 60_000);

test("an approver overrides what is judged, by name and with a reason, and the audit says so", async () => {
  const to = await standby();
  const slot = world.runtime.observer.observation("library")?.slots[to];
  const task = slot?.tasks.find(({ lastStatus }) => lastStatus === "RUNNING");
  world.sandbox.elb.controls.setWeights("library-alb:80", {
    "library-blue-tg": to === "green" ? 70 : 0,
    "library-green-tg": to === "green" ? 0 : 70,
  });
  expect(task).toBeDefined();
  await until(async () => (await receipt(to)).blockers.some(({ code }) => code === "DRIFT_NOT_ACKNOWLEDGED"));
  const { hash } = await receipt(to);
  const ask = (role: "operator" | "approver", override: object, signedInAgoMs = 0) =>
    switchTraffic(justSignedIn(role, signedInAgoMs), { application: "library", to, receipt: hash, override });
  const wish = { application: "library", reason: "The other tool is ours" };
  expect(await ask("operator", wish)).toMatchObject({ code: "FORBIDDEN" });
  expect(await ask("approver", { ...wish, application: "libary" })).toMatchObject({ code: "INVALID_INPUT" });
  expect(await ask("approver", { ...wish, reason: " " })).toMatchObject({ code: "INVALID_INPUT" });
  expect(await ask("approver", wish, 3_600_000)).toMatchObject({ code: "STEP_UP_REQUIRED" });
  expect(world.shifts()).toBe(0);
  const done = await ended(await ask("approver", wish));
  expect(done).toMatchObject({
    status: "SUCCESSFUL",
    override: { to, reason: wish.reason, actor: { name: "approver" }, blockers: [{ code: "DRIFT_NOT_ACKNOWLEDGED" }] },
  });
  const [row] = (await world.runtime.store.listAudit({ action: "deployment.override" }, { limit: 1 })).items;
  expect(row).toMatchObject({
    deploymentId: done.id,
    reason: wish.reason,
    outcome: "done",
    message: expect.stringContaining("Weights changed"),
  });
}, 60_000);
