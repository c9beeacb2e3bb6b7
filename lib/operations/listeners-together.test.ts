import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { AwsFailure } from "../aws/errors.ts";
import { otherColor } from "../domain/observation/slot.ts";
import type { Weights } from "../domain/observation/traffic.ts";
import {
  abortAll,
  allTo,
  ended,
  idOf,
  onFreshLook,
  press,
  pressed,
  receipt,
  setWeights,
  standby,
  weights,
} from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until } from "../testing/test-world.ts";
import { rollBack } from "./roll-back.ts";

/* Two listeners of one load balancer, as 80 and 443, that move together. */

let world: TestWorld;
let isRefused: (write: number) => boolean | Promise<boolean> = () => false;
let writes = 0;

beforeAll(async () => {
  const listener = (port: number) => ({ loadBalancer: "library-alb", port });
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { requestLine: null, listeners: [listener(80), listener(81)] },
  });
  const { elb } = world.aws;
  const write = elb.writeWeights;
  elb.writeWeights = async (...given) => {
    writes += 1;
    if (await isRefused(writes)) throw denied();
    return write(...given);
  };
});
afterAll(() => world.close());
beforeEach(async () => {
  await until(async () => (await receipt(world, await standby(world))).blockers.length === 0, 30_000);
  world.sandbox.calls.resetJournal();
  writes = 0;
});
afterEach(async () => {
  isRefused = () => false;
  await abortAll(world);
});

function denied(): AwsFailure {
  return new AwsFailure({
    ...{ code: "AccessDenied", message: "not authorized", kind: "denied", retryable: false, requestId: "r" },
    ...{ service: "elasticloadbalancing", operation: "ModifyListener", isOutcomeUnknown: false },
  });
}

async function held(): Promise<Weights[]> {
  const { traffic } = await world.runtime.observer.refreshNow("library");
  return traffic.together?.map((each) => each.weights) ?? [];
}

test("one receipt and one switch move both, each read back, and a rollback brings both back", async () => {
  const to = await standby(world);
  const shown = (await receipt(world, to)).waysIn?.map(({ listener, use }) => `${listener} ${use}`);
  expect(shown).toEqual(["library-alb:80 production", "library-alb:81 production"]);
  const done = await ended(world, await pressed(world, to));
  expect(done).toMatchObject({ status: "SUCCESSFUL" });
  expect(await held()).toEqual([allTo(to), allTo(to)]);
  expect(world.shifts()).toBe(2);
  const journal = await world.runtime.store.listJournal(done.id);
  const written = journal.find(({ step, phase }) => step === "shift" && phase === "done")?.message;
  expect(written).toMatch(/written: library-alb HTTP:80 \[request .+\], library-alb HTTP:81 \[request .+\]/);
  const back = idOf(await onFreshLook(() => rollBack(world.as("operator"), { application: "library" })));
  expect(await ended(world, back)).toMatchObject({ status: "SUCCESSFUL" });
  expect(await held()).toEqual([allTo(otherColor(to)), allTo(otherColor(to))]);
});

test("when the second is refused, the first is turned back", async () => {
  const to = await standby(world);
  const before = allTo(otherColor(to));
  isRefused = (write) => write === 2;
  const done = await ended(world, await pressed(world, to));
  expect(done).toMatchObject({ status: "ROLLBACK_SUCCESSFUL" });
  expect(done.statusReason).toContain("elasticloadbalancing:ModifyListener");
  expect(await held()).toEqual([before, before]);
});

test("a process that dies between the two writes leaves a record that the next one finishes", async () => {
  const to = await standby(world);
  isRefused = (write) => {
    if (write === 2) world.crashEngine();
    return write === 2;
  };
  const done = await ended(world, await pressed(world, to));
  expect(await held()).toEqual([allTo(to), allTo(to)]);
  expect(done).toMatchObject({ status: "SUCCESSFUL" });
  expect(world.shifts()).toBe(2);
});

test("one that somebody else moves alone is a split, which stops a switch and not a rollback", async () => {
  const to = await standby(world);
  await ended(world, await pressed(world, to));
  setWeights(world, allTo(otherColor(to)), "library-alb:81");
  expect(await weights(world)).toEqual({ blue: 100, green: 100 });
  const refused = await press(world, otherColor(to));
  expect(refused).toMatchObject({ ok: false });
  const codes = refused.ok ? [] : refused.blockers?.map(({ code }) => code);
  expect(codes).toContain("TRAFFIC_SPLIT");
  const back = idOf(await onFreshLook(() => rollBack(world.as("operator"), { application: "library" })));
  expect(await ended(world, back)).toMatchObject({ status: "SUCCESSFUL" });
  expect(await held()).toEqual([allTo(otherColor(to)), allTo(otherColor(to))]);
});
