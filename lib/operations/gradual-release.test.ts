import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Deployment, isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import type { Rollout } from "../domain/observation/rollout.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import { abortAll, allTo, ended, onFreshLook, pressed, receipt, setWeights, standby } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { deploy } from "./deploy.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* Releases that move traffic in steps, with what may happen between two of them. Bakes are minutes of the sandbox's time. */

let world: TestWorld;
let to: SlotColor;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: {
      requestLine: null,
      bakeMinutes: 0,
      testListener: { loadBalancer: "library-alb", port: 81 },
      rollout: { strategy: "CANARY", percent: 5, bakeMinutes: 0.3 },
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  to = await standby(world);
  await until(async () => (await receipt(world, to)).blockers.length === 0, 30_000);
  setWeights(world, allTo(otherColor(to)), "library-alb:81");
  world.sandbox.calls.resetJournal();
});
afterEach(async () => {
  world.sandbox.faults.clear();
  await abortAll(world);
  const { live } = await traffic();
  if (live !== "blue" && live !== "green") setWeights(world, allTo("blue"));
});

const traffic = async () => (await world.runtime.observer.refreshNow("library")).traffic;
const share = (percent: number): Weights =>
  to === "green" ? { blue: 100 - percent, green: percent } : { blue: percent, green: 100 - percent };

/** Weights that Switchyard's own writes gave the listener, in order. */
async function written(listener: "production" | "test"): Promise<Weights[]> {
  const { listenerOrRuleArn, test: tested } = await traffic();
  const arn = listener === "production" ? listenerOrRuleArn : tested?.listenerOrRuleArn;
  return world.sandbox.calls
    .journal()
    .filter(({ operation, error }) => operation === "ModifyListener" && !error)
    .filter(({ input }) => (input as { ListenerArn?: string }).ListenerArn === arn)
    .map(({ input }) => {
      const text = JSON.stringify(input);
      const weight = (color: SlotColor) =>
        Number(new RegExp(`library-${color}-tg[^}]*?Weight"?:"?(\\d+)`).exec(text)?.[1] ?? Number.NaN);
      return { blue: weight("blue"), green: weight("green") };
    });
}

/** A release that has been switched to; it stands in its first step or further. */
async function release(rollout?: Rollout): Promise<string> {
  const operator = world.as("operator");
  const started = await onFreshLook(() => deploy(operator, { application: "library", imageTag: "1.1.0", rollout }));
  if (!started.ok) throw new Error(started.message);
  const { id } = started.value;
  await untilDeployment(world, id, isAwaitingSwitch, 45_000);
  expect(await pressed(world, to)).toBe(id);
  return id;
}

const isBaking = (step: number) => (d: Deployment) => d.steps?.[step]?.bakeUntil != null;

test("a canary gets its share, is watched, and then everything; the test listener led to it before", async () => {
  const id = await release();
  const canary = await untilDeployment(world, id, isBaking(0));
  expect(canary).toMatchObject({ stage: "PRODUCTION_TRAFFIC_SHIFT", rollout: { strategy: "CANARY", percent: 5 } });
  const seen = await world.runtime.observer.refreshNow("library");
  expect(seen.traffic).toMatchObject({ live: "split", weights: share(5), test: { weights: share(100) } });
  expect(seen.slots[to].role).toBe("canary");
  const snapshot = await world.runtime.hub.snapshot("library");
  expect(snapshot?.deployment?.waiting).toMatchObject({
    for: `5 % of requests go to ${to}, which is watched until the next step`,
    until: canary.steps?.[0]?.bakeUntil,
    outcome: `moves all traffic to ${to}`,
  });
  expect(snapshot?.actions.rollback.allowed).toBe(true);
  const done = await ended(world, id);
  expect(done.status).toBe("SUCCESSFUL");
  expect(await written("production")).toEqual([share(5), share(100)]);
  expect(await written("test")).toEqual([share(100)]);
  const [first, last] = done.steps ?? [];
  expect(last?.shiftedAt).toBeGreaterThanOrEqual(first?.bakeUntil ?? Number.NaN);
  const journal = await world.runtime.store.listJournal(id);
  const intents = journal.filter(({ phase }) => phase === "intent").map(({ step }) => step);
  expect(intents).toEqual(["registerRevision", "startSide", "shiftTest", "shift", "shift"]);
});

test("an engine that dies while a canary bakes is followed by another that goes on with the next step", async () => {
  const id = await release();
  const { steps } = await untilDeployment(world, id, isBaking(0));
  world.crashEngine();
  const done = await ended(world, id);
  expect(done.status).toBe("SUCCESSFUL");
  expect(done.steps?.[0]).toEqual(steps?.[0]);
  expect(await written("production")).toEqual([share(5), share(100)]);
});

test("linear steps, one of whose answers is lost, are each written once", async () => {
  const id = await release({ strategy: "LINEAR", stepPercent: 50, stepBakeMinutes: 0.3 });
  await untilDeployment(world, id, isBaking(0));
  world.sandbox.faults.add({
    service: "elbv2",
    operation: "ModifyListener",
    kind: "reset",
    rate: 1,
    ms: 0,
    remaining: 1,
    phase: "after",
  });
  expect((await ended(world, id)).status).toBe("SUCCESSFUL");
  expect(await written("production")).toEqual([share(50), share(100)]);
});

test.each(["abort", "rollback"] as const)(
  "%s while a canary bakes gives everything back to the old side at once, and the test listener too",
  async (verb) => {
    const before = (await traffic()).test?.weights;
    const id = await release({ strategy: "CANARY", percent: 0.5, bakeMinutes: 10 });
    await untilDeployment(world, id, isBaking(0));
    const admin = world.as("admin");
    const asked =
      verb === "abort"
        ? await abortDeployment(admin, { deploymentId: id })
        : await rollBack(admin, { application: "library" });
    expect(asked).toMatchObject({ ok: true, value: { id } });
    expect((await ended(world, id)).status).toBe("ROLLBACK_SUCCESSFUL");
    const odd = to === "green" ? { blue: 995, green: 5 } : { blue: 5, green: 995 };
    expect(await written("production")).toEqual([odd, share(0)]);
    expect((await traffic()).test?.weights).toEqual(before);
  },
  120_000,
);

test("weights that somebody else changes between two steps end it, are told and never written over", async () => {
  const id = await release({ strategy: "CANARY", percent: 5, bakeMinutes: 10 });
  await untilDeployment(world, id, isBaking(0));
  setWeights(world, { blue: 80, green: 20 });
  const done = await ended(world, id);
  expect(done.status).toBe("STOPPED");
  expect(done.statusReason).toMatch(
    /^Weights changed from blue \d+, green \d+ to blue 80, green 20, not by Switchyard$/,
  );
  expect((await traffic()).weights).toEqual({ blue: 80, green: 20 });
  expect(await written("production")).toEqual([share(5)]);
});

test("a side that is too small for the next step holds the rollout there and says why", async () => {
  const id = await release({ strategy: "CANARY", percent: 5, bakeMinutes: 0.5 });
  await untilDeployment(world, id, isBaking(0));
  const application = world.runtime.observer.findApplication("library");
  if (!application) throw new Error("library is unknown");
  await world.runtime.controllers["paired-services"]?.scaleSide(application, to, 1);
  const held = await untilDeployment(
    world,
    id,
    (d) => d.stages.some((s) => s.detail?.startsWith("Step 2 of 2")),
    45_000,
  );
  expect(held.stages.find((s) => s.stage === "PRODUCTION_TRAFFIC_SHIFT")?.detail).toMatch(/100 %, waits: .*(1|2) /);
  expect(await written("production")).toEqual([share(5)]);
  await world.runtime.controllers["paired-services"]?.scaleSide(application, to, 2);
  expect((await ended(world, id)).status).toBe("SUCCESSFUL");
});

test("a switch moves all at once unless steps are asked for, and a rollback always does", async () => {
  const from = otherColor(to);
  const { hash } = await receipt(world, to);
  const rollout = { strategy: "LINEAR", stepPercent: 50, stepBakeMinutes: 0 };
  const switched = await onFreshLook(() =>
    switchTraffic(world.as("operator"), { application: "library", to, receipt: hash, rollout }),
  );
  if (!switched.ok) throw new Error(switched.message);
  expect((await ended(world, switched.value.id)).status).toBe("SUCCESSFUL");
  expect(await written("production")).toEqual([share(50), share(100)]);
  const back = await onFreshLook(() => rollBack(world.as("operator"), { application: "library" }));
  if (!back.ok) throw new Error(back.message);
  expect(back.value).toMatchObject({ kind: "ROLLBACK", to: from, rollout: { strategy: "ALL_AT_ONCE" } });
  await ended(world, back.value.id);
  expect((await written("production")).slice(2)).toEqual([share(0)]);
});

test("a rollout that ECS would not take is refused with the value and the fix", async () => {
  const ask = (rollout: unknown) =>
    deploy(world.as("operator"), { application: "library", imageTag: "1.1.0", rollout });
  expect(await ask({ strategy: "CANARY", percent: 0.05 })).toMatchObject({
    ok: false,
    code: "INVALID_INPUT",
    message: "Not understood: rollout.percent is 0.05",
    fix: "rollout.percent: give 0.1 to 100 percent, in steps of 0.1",
  });
  expect(await ask({ strategy: "LINEAR", stepPercent: 2 })).toMatchObject({ ok: false, code: "INVALID_INPUT" });
  expect(await ask("CANARY")).toMatchObject({ ok: false, code: "INVALID_INPUT" });
});
