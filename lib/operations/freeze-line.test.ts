import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import { listFreezes } from "../queries/list-freezes.ts";
import { ended, onFreshLook, press, receipt, standby } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { approveDeployment } from "./approve-deployment.ts";
import { deploy } from "./deploy.ts";
import { freezeLine } from "./freeze-line.ts";
import { liftFreeze } from "./lift-freeze.ts";
import { rollBack } from "./roll-back.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
});
afterAll(() => world.close());
afterEach(async () => {
  world.sandbox.faults.clear();
  for (const freeze of await world.runtime.store.listFreezes(world.runtime.now()))
    await liftFreeze(world.as("admin"), { freezeId: freeze.id });
});

const FREEZE = { application: "library", reason: "because", until: null };

async function frozen(input: object = FREEZE) {
  const result = await freezeLine(world.as("admin"), input);
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

async function pressWhenReady() {
  const to = await standby(world);
  await until(async () => (await receipt(world, to)).blockers.every(({ code }) => code === "FROZEN"), 30_000);
  return press(world, to);
}

test("only an admin stops and lifts; both are audited, and asked twice they are one", async () => {
  const { store } = world.runtime;
  for (const role of ["viewer", "operator", "approver"] as const)
    expect(await freezeLine(world.as(role), FREEZE)).toMatchObject({ code: "FORBIDDEN" });
  const first = await frozen();
  expect((await frozen()).id).toBe(first.id);
  const [row] = (await store.listAudit({ action: "line.frozen" }, { limit: 1 })).items;
  expect(row).toMatchObject({
    outcome: "done",
    application: "library",
    reason: "because",
    actorId: "admin@sandbox.local",
  });

  expect(await liftFreeze(world.as("approver"), { freezeId: first.id })).toMatchObject({ code: "FORBIDDEN" });
  for (let turn = 0; turn < 2; turn += 1)
    expect(await liftFreeze(world.as("admin"), { freezeId: first.id })).toMatchObject({
      ok: true,
      value: { id: first.id, liftedBy: "admin" },
    });
  expect((await store.listAudit({ action: "line.lifted" }, { limit: 1 })).items[0]).toMatchObject({ outcome: "done" });
  expect(await liftFreeze(world.as("admin"), { freezeId: "f-0" })).toMatchObject({ code: "NOT_FOUND" });
});

test("an end must be said, and must lie ahead", async () => {
  for (const end of [undefined, 1, "yesterday", "2001-01-01T00:00:00Z"])
    expect(await freezeLine(world.as("admin"), { ...FREEZE, until: end })).toMatchObject({ code: "INVALID_INPUT" });
  expect(await freezeLine(world.as("admin"), { ...FREEZE, reason: " " })).toMatchObject({ code: "INVALID_INPUT" });
  expect(await freezeLine(world.as("admin"), { ...FREEZE, application: "nowhere" })).toMatchObject({
    code: "NOT_FOUND",
  });
});

test("a freeze of every application stops deploy and switch here, rollback goes on, and it ends by itself", async () => {
  const moved = await pressWhenReady();
  if (!moved.ok) throw new Error(moved.message);
  await ended(world, moved.value.id);
  const now = world.runtime.now();
  const { id } = await frozen({ reason: "payday", until: now + 3_600_000 });
  expect((await world.runtime.hub.snapshot("library"))?.freeze).toMatchObject({ id, application: null });
  expect(await pressWhenReady()).toMatchObject({ code: "FROZEN", message: expect.stringContaining("payday") });
  expect(await deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" })).toMatchObject({
    code: "FROZEN",
  });
  const back = await onFreshLook(() => rollBack(world.as("operator"), { application: "library" }));
  if (!back.ok) throw new Error(back.message);
  expect(await ended(world, back.value.id)).toMatchObject({ status: "SUCCESSFUL" });

  await liftFreeze(world.as("admin"), { freezeId: id });
  await frozen({ reason: "short", until: world.runtime.now() + 500 });
  await until(async () => !(await world.runtime.hub.snapshot("library"))?.freeze);
  const listed = await listFreezes(world.as("viewer"));
  expect(listed.ok && listed.value.map(({ reason }) => reason)).toEqual(expect.arrayContaining(["payday", "short"]));
});

test("a waiting release is neither approved nor switched, a shift that was asked for waits, and an abort ends it", async () => {
  const started = await until(async () => {
    const answer = await deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" });
    return answer.ok ? answer.value : null;
  });
  const { id } = started;
  await untilDeployment(world, id, isAwaitingSwitch);
  world.sandbox.calls.resetJournal();
  // The first tries of the write are refused, so that the freeze comes before one that is taken.
  const throttle = { service: "elbv2", operation: "ModifyListener", rate: 1, ms: 0, remaining: null } as const;
  world.sandbox.faults.add({ ...throttle, phase: "before", kind: "throttle" });
  const pressed = await pressWhenReady();
  if (!pressed.ok) throw new Error(pressed.message);
  await frozen();
  const waiting = await untilDeployment(world, id, isAwaitingSwitch);
  expect(waiting.stages.find((s) => s.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT")?.detail).toContain(
    "Deployments are frozen",
  );
  world.sandbox.faults.clear();
  expect(await approveDeployment(world.as("approver"), { deploymentId: id })).toMatchObject({ code: "FROZEN" });
  expect(await pressWhenReady()).toMatchObject({ code: "FROZEN" });
  await abortDeployment(world.as("operator"), { deploymentId: id });
  expect(await ended(world, id)).toMatchObject({ status: "STOPPED" });
  expect(world.shifts()).toBe(0);
});
