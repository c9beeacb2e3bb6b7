import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Priority } from "../aws/budget.ts";
import type { BudgetFamily } from "../aws/budget-limits.ts";
import { sideMetrics } from "../domain/observation/side-metrics.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { ended, idOf, pressed, receipt } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { type Span, setSpanSink } from "../trace.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/*
 * What AWS is asked between a click, or a figure that breaks its bound, and the write. Each call is a round trip that somebody
 * waits for, and one token less of ELBv2's small budget: more of them is a slower switch.
 */

let world: TestWorld;
let asked: { family: BudgetFamily; priority: Priority }[] = [];

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 1, ecs: { virtual: true } },
    application: { requestLine: null, alarms: ["library-5xx"] },
  });
  const { budgets } = world.aws;
  const { acquire } = budgets;
  budgets.acquire = (family, priority, signal) => {
    asked.push({ family, priority });
    return acquire(family, priority, signal);
  };
});
afterAll(() => world.close());
beforeEach(() => {
  asked = [];
});

/** Calls of actions and of the engine before the first write of weights, by family; what watches anyway is left out. */
function callsBeforeWrite(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { family, priority } of asked) {
    if (family === "elb-modify") return counts;
    if (["write", "action", "engine"].includes(priority)) counts[family] = (counts[family] ?? 0) + 1;
  }
  throw new Error("Nothing was written");
}

/** One look: listeners, both groups' targets, services, two lists of tasks and those that are known. One comparison. */
const MOST = { "elb-read": 3 + 1, "ecs-service-read": 1, "ecs-resource-read": 3 };
/**
 * A switch rests on every way in as it is at the click: which load balancer the groups belong to, its listeners, and the rules
 * of each of the two. They are asked together with the look, so that nobody waits longer for them.
 */
const MOST_FOR_SWITCH = { ...MOST, "elb-read": MOST["elb-read"] + 1 + 1 + 2 };

function expectNoMoreThan(most: Partial<Record<BudgetFamily, number>>): void {
  const counts = callsBeforeWrite();
  for (const [family, count] of Object.entries(counts))
    expect({ family, count }).toEqual({ family, count: Math.min(count, most[family as BudgetFamily] ?? 0) });
}

test("a switch asks AWS for one look with every way in and one comparison, a rollback for a look without, and then writes", async () => {
  const id = await pressed(world, "green");
  await until(() => world.shifts() === 1);
  expectNoMoreThan(MOST_FOR_SWITCH);
  await ended(world, id);
  asked = [];
  const back = idOf(await rollBack(world.as("operator"), { application: "library" }));
  await until(() => world.shifts() === 2);
  expectNoMoreThan(MOST);
  await ended(world, back);
});

test("the new weights are told to every reader when the rule has read back, with nobody watching", async () => {
  const id = await pressed(world, "green");
  await untilDeployment(world, id, (d) => d.plan?.shift?.readBackMs != null);
  expect((await world.runtime.hub.snapshot("library"))?.traffic.weights).toEqual({ blue: 0, green: 100 });
  await ended(world, id);
});

/** A canary to the side, half of the way, that nothing has gone wrong with yet. */
async function underway(to: SlotColor): Promise<string> {
  const { hash } = await until(async () => {
    const found = await receipt(world, to);
    return found.blockers.length === 0 ? found : null;
  });
  const rollout = { strategy: "CANARY", percent: 50, bakeMinutes: 600 } as const;
  const asking = { application: "library", to, receipt: hash, rollout };
  const id = idOf(await switchTraffic(world.as("operator"), asking));
  await untilDeployment(world, id, (d) => d.plan?.shift?.readBackMs != null);
  return id;
}

test("a metric that breaks its bound is answered with one look at most, one comparison and the write", async () => {
  const id = await underway("blue");
  const before = world.shifts();
  asked = [];
  const at = world.runtime.now();
  const periodSeconds = 10;
  const side = (errors: number) =>
    sideMetrics([{ at, requests: 1_000, errors, p95Ms: 9, averageMs: 5 }], periodSeconds, at + periodSeconds * 1000);
  const { readSideMetrics } = world.aws.cloudwatch;
  world.aws.cloudwatch.readSideMetrics = async () => new Map([["library", { blue: side(200), green: side(0) }]]);
  await until(() => world.shifts() === before + 1, 30_000);
  expectNoMoreThan(MOST);
  expect(await ended(world, id)).toMatchObject({ status: "ROLLBACK_SUCCESSFUL", breach: { figure: "errorShare" } });
  world.aws.cloudwatch.readSideMetrics = readSideMetrics;
});

test("so is an alarm that goes off", async () => {
  const id = await underway("blue");
  const before = world.shifts();
  asked = [];
  const red = { name: "library-5xx", state: "ALARM", reason: "Too many errors", since: world.runtime.now() } as const;
  world.aws.cloudwatch.describeAlarms = async () => new Map([[red.name, red]]);
  await until(() => world.shifts() === before + 1);
  expectNoMoreThan(MOST);
  expect(await ended(world, id)).toMatchObject({ status: "ROLLBACK_SUCCESSFUL", breach: { figure: "alarm" } });
});

test("while a click is decided and sent questions step aside, and not for a minute longer", async () => {
  const { engine, hub } = world.runtime;
  expect(engine.turn()).toBeNull();
  const live = (await hub.snapshot("library"))?.traffic.live;
  let isAnswered = false;
  let stepsAside = false;
  const pressing = pressed(world, live === "green" ? "blue" : "green").finally(() => {
    isAnswered = true;
  });
  while (!isAnswered) {
    stepsAside ||= engine.turn() !== null;
    await new Promise(setImmediate);
  }
  expect(stepsAside).toBe(true);
  const id = await pressing;
  await until(() => engine.turn() === null);
  await ended(world, id);
});

test("a traced switch is one trace from the click to the write of its weights, and the observer's own calls are in none", async () => {
  const kept: Span[] = [];
  setSpanSink((span) => kept.push(span));
  try {
    const { deployment, traffic } = (await world.runtime.hub.snapshot("library")) ?? {};
    expect(deployment).toBeNull();
    const before = world.shifts();
    const id = await pressed(world, traffic?.live === "green" ? "blue" : "green");
    await until(() => world.shifts() > before);
    await until(() => kept.some(({ name }) => name === "step shift"));
    const click = kept.find(({ name }) => name === "switchyard switch");
    expect(click?.attributes).toMatchObject({ "switchyard.verb": "switch", "switchyard.deployment.id": id });
    const step = kept.find(({ name }) => name === "step shift");
    expect(step).toMatchObject({ traceId: click?.traceId, error: null });
    expect(kept.find(({ name }) => name.endsWith("ModifyListener"))).toMatchObject({
      traceId: click?.traceId,
      parentId: step?.spanId,
    });
    expect(new Set(kept.map(({ traceId }) => traceId)).size).toBeLessThanOrEqual(2);
  } finally {
    setSpanSink(null);
  }
});
