import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { abortAll, allTo, ended, onFreshLook, pressed, receipt, standby, weights } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* The database is away: watching goes on, a rollback to a warm side is made, and the record follows. */

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { requestLine: null, alarms: ["library-5xx"] },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  await until(async () => (await receipt(world, await standby(world))).blockers.length === 0, 30_000);
});
afterEach(async () => {
  world.setStoreDown(false);
  world.sandbox.faults.clear();
  await abortAll(world);
});

const audits = async (deploymentId: string) =>
  (await world.runtime.store.listAudit({ application: "library" }, { limit: 200 })).items.filter(
    (row) => row.deploymentId === deploymentId && row.action === "deployment.rollback",
  );
const ask = (more: object = {}) => rollBack(world.as("operator"), { application: "library", reason: "slow", ...more });

/** Switches, waits for the end, and answers the side that is live then, with the memory of it warm. */
async function switched(): Promise<SlotColor> {
  const to = await standby(world);
  await ended(world, await pressed(world, to));
  await world.runtime.hub.snapshot("library");
  world.sandbox.calls.resetJournal();
  return to;
}

test("a rollback is made at once, and its deployment, journal and audit follow when the database is back", async () => {
  const live = await switched();
  world.setStoreDown(true);
  expect(await ask({ to: live })).toMatchObject({ ok: false, code: "RECEIPT_OUTDATED" });
  const back = await ask({ to: otherColor(live) });
  if (!back.ok) throw new Error(back.message);
  expect(back.value).toMatchObject({ kind: "ROLLBACK", late: true, to: otherColor(live), reason: "slow" });
  expect(await weights(world)).toEqual(allTo(otherColor(live)));
  expect(await world.runtime.hub.snapshot("library")).toMatchObject({ deployment: { id: back.value.id, late: true } });

  world.setStoreDown(false);
  const recorded = await ended(world, back.value.id);
  expect(recorded).toMatchObject({
    kind: "ROLLBACK",
    status: "SUCCESSFUL",
    late: true,
    startedAt: back.value.startedAt,
  });
  const journal = await world.runtime.store.listJournal(back.value.id);
  const shift = journal.filter((entry) => entry.step === "shift");
  expect(shift.map((entry) => entry.phase)).toEqual(["intent", "done"]);
  const written = world.sandbox.calls.journal().filter((call) => call.operation === "ModifyListener");
  expect(shift[1]?.awsRequestId).toBe(written[0]?.requestId);
  expect(await audits(back.value.id)).toMatchObject([{ outcome: "done", actorName: "operator", reason: "slow" }]);
  expect(world.shifts()).toBe(1);
});

test("a double click, and a click some time later, are answered with the same rollback and write once", async () => {
  await switched();
  world.setStoreDown(true);
  const [one, two] = await Promise.all([ask(), ask({ idempotencyKey: "again" })]);
  const three = await ask();
  const ids = [one, two, three].map((answer) => answer.ok && answer.value.id);
  expect(new Set(ids).size).toBe(1);
  world.setStoreDown(false);
  await ended(world, String(ids[0]));
  expect(await audits(String(ids[0]))).toHaveLength(1);
  expect(world.shifts()).toBe(1);
});

test("a release that bakes is rolled back, and the engine neither repeats nor undoes it afterwards", async () => {
  const to = await standby(world);
  const deployed = await onFreshLook(() => deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" }));
  if (!deployed.ok) throw new Error(deployed.message);
  const { id } = deployed.value;
  await untilDeployment(world, id, isAwaitingSwitch);
  await until(async () => (await receipt(world, to)).blockers.length === 0);
  expect(await pressed(world, to)).toBe(id);
  await untilDeployment(world, id, (d) => d.stage === "BAKE_TIME");
  await world.runtime.hub.snapshot("library");
  world.sandbox.calls.resetJournal();
  world.setStoreDown(true);
  expect(await ask()).toMatchObject({ ok: true, value: { id, late: true, status: "ROLLBACK_IN_PROGRESS" } });
  expect(await weights(world)).toEqual(allTo(otherColor(to)));
  world.setStoreDown(false);
  expect(await ended(world, id)).toMatchObject({ status: "ROLLBACK_SUCCESSFUL", late: true });
  expect(await audits(id)).toHaveLength(1);
  expect(await weights(world)).toEqual(allTo(otherColor(to)));
  expect(world.shifts()).toBe(1);
});

test("a side that breaks a bound loses its traffic by itself, and the record says why once it is back", async () => {
  const { runtime, aws } = world;
  const quiet = { name: "library-5xx", state: "OK", reason: "", since: 0 } as const;
  let alarm: typeof quiet | { name: "library-5xx"; state: "ALARM"; reason: string; since: number } = quiet;
  aws.cloudwatch.describeAlarms = async () => new Map([[alarm.name, alarm]]);
  const to = await standby(world);
  const { hash } = await receipt(world, to);
  const rollout = { strategy: "CANARY", percent: 50, bakeMinutes: 600 } as const;
  const begun = await switchTraffic(world.as("operator"), { application: "library", to, receipt: hash, rollout });
  if (!begun.ok) throw new Error(begun.message);
  const { id } = begun.value;
  await untilDeployment(world, id, (d) => d.plan?.shift?.readBackMs != null);
  await runtime.hub.snapshot("library");
  world.sandbox.calls.resetJournal();

  world.setStoreDown(true);
  alarm = { ...quiet, state: "ALARM", reason: "Too many errors", since: runtime.now() };
  await until(() => world.shifts() === 1);
  expect(await weights(world)).toEqual(allTo(otherColor(to)));
  expect(await runtime.hub.snapshot("library")).toMatchObject({ deployment: { id, late: true } });

  world.setStoreDown(false);
  expect(await ended(world, id)).toMatchObject({
    status: "ROLLBACK_SUCCESSFUL",
    late: true,
    breach: { figure: "alarm" },
    statusReason: expect.stringContaining("Rolled back by Switchyard: The alarm library-5xx went off"),
  });
  expect(world.shifts()).toBe(1);
  const { items } = await runtime.store.listAudit({ application: "library" }, { limit: 50 });
  const came = items.filter((row) => row.deploymentId === id && row.via === "engine").map(({ action }) => action);
  expect(came.filter((action) => action === "deployment.rolled-back")).toHaveLength(1);
  alarm = quiet;
});

test("no traffic goes back to a side below its minimum, and the refusal says what is missing", async () => {
  const live = await switched();
  const old = otherColor(live);
  const application = world.runtime.observer.findApplication("library");
  if (!application) throw new Error("There is no library");
  await world.runtime.controllers["paired-services"]?.scaleSide(application, old, 1);
  await until(async () => (await world.runtime.observer.refreshNow("library")).slots[old].counts.healthy === 1);
  world.setStoreDown(true);
  expect(await ask()).toMatchObject({ ok: false, code: "STORE_UNAVAILABLE", message: expect.stringContaining(old) });
  expect(world.shifts()).toBe(0);
  world.setStoreDown(false);
  await world.runtime.controllers["paired-services"]?.scaleSide(application, old, 2);
});

test("nothing else is done, the page says why, and goes on showing AWS", async () => {
  const live = await switched();
  world.setStoreDown(true);
  expect(await deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" })).toMatchObject({
    code: "STORE_UNAVAILABLE",
  });
  const shown = await until(async () => {
    const snapshot = await world.runtime.hub.snapshot("library");
    return snapshot?.sources.some((source) => source.name === "store" && source.state === "error") ? snapshot : null;
  }, 20_000);
  expect(shown.traffic.live).toBe(live);
  expect(shown.actions.deploy).toMatchObject({ allowed: false, blockers: [{ code: "STORE_UNAVAILABLE" }] });
  expect(shown.actions.rollback.allowed).toBe(true);
  world.setStoreDown(false);
  const refused = await until(async () => {
    const { items } = await world.runtime.store.listAudit({ action: "deployment.deploy" }, { limit: 5 });
    return items.find((row) => row.code === "STORE_UNAVAILABLE");
  });
  expect(refused).toMatchObject({ outcome: "failed", actorName: "operator" });
  expect(await rollBack(world.as("viewer"), { application: "library" })).toMatchObject({ code: "FORBIDDEN" });
  expect(world.shifts()).toBe(0);
});

test("a write that AWS refuses is told at once and recorded as failed", async () => {
  await switched();
  world.setStoreDown(true);
  world.sandbox.faults.add({
    service: "elbv2",
    operation: "ModifyListener",
    kind: "error",
    code: "AccessDenied",
    rate: 1,
    ms: 0,
    remaining: 1,
    phase: "before",
  });
  expect(await ask({ idempotencyKey: "denied" })).toMatchObject({ ok: false, code: "AWS_DENIED" });
  world.setStoreDown(false);
  const record = await until(async () => (await world.runtime.store.findLastFinished("library"))?.late && true);
  expect(record).toBe(true);
  expect(await world.runtime.store.findLastFinished("library")).toMatchObject({ status: "STOPPED", kind: "ROLLBACK" });
  expect(world.shifts()).toBe(0);
});

test("an answer of AWS that was lost is settled by looking at the listener before it is recorded", async () => {
  const live = await switched();
  world.setStoreDown(true);
  world.sandbox.faults.add({
    service: "elbv2",
    operation: "ModifyListener",
    kind: "reset",
    rate: 1,
    ms: 0,
    remaining: 1,
    phase: "after",
  });
  const back = await ask();
  if (!back.ok) throw new Error(back.message);
  expect(await weights(world)).toEqual(allTo(otherColor(live)));
  world.setStoreDown(false);
  expect(await ended(world, back.value.id)).toMatchObject({ status: "SUCCESSFUL", late: true });
  expect(world.shifts()).toBe(1);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  "a database that goes away at any call of a rollback leaves one write and one record (call %i)",
  async (at) => {
    const live = await switched();
    let calls = 0;
    world.setStoreDown(() => {
      calls += 1;
      return calls > at;
    });
    // On a busy machine the look may be too old at first: time runs ten times as fast here.
    const back = await until(async () => {
      const answer = await ask({ idempotencyKey: `fails-${at}` });
      return answer.ok ? answer : null;
    });
    await until(async () => (await weights(world))[live] === 0);
    world.setStoreDown(false);
    await ended(world, back.value.id);
    expect(await weights(world)).toEqual(allTo(otherColor(live)));
    expect(world.shifts()).toBe(1);
    const { items } = await world.runtime.store.listDeployments("library", { limit: 100 });
    expect(items.filter((d) => d.startedAt >= back.value.startedAt && d.kind === "ROLLBACK")).toHaveLength(1);
  },
  90_000,
);
