import { mock } from "node:test";
import { createControllers } from "../lib/controllers/registry.ts";
import { createObserver, type Observer } from "../lib/observe/observer.ts";
import { createFleetWorld, type FleetWorld } from "../lib/testing/fleet-world.ts";
import { type Figure, quantile } from "./figure.ts";

/** `BENCH_FLEET_CLOCK` takes another number of applications for a try; a quarter and a half of it are measured beside it. */
const COUNT = Number(process.env.BENCH_FLEET_CLOCK ?? 1_000);
const REPLICATED = Math.min(300, COUNT);
const MINUTES = 2;
const STEP_MS = 100;
const START_MINUTES = 5;
/** Until every application was read once, and the buckets are what they are at rest. */
const WARM_UP_MINUTES = 6;
const realImmediate = setImmediate;

interface Run {
  callsAMinute: number;
  processorMs: number;
  agesMs: readonly number[];
}

/**
 * What looking at a thousand applications costs, and at the same ones from three replicas, by a clock that is moved by hand: AWS
 * answers from memory, and its limits hold.
 */
export async function measureFleetClock(): Promise<Figure[]> {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: Date.UTC(2026, 0, 1) });
  try {
    const counts = [COUNT / 4, COUNT / 2, COUNT].map(Math.round);
    const runs: { count: number; run: Run }[] = [];
    for (const count of counts) runs.push({ count, run: await timed(`${count} applications`, () => atRest(count, 1)) });
    const one = await timed("one replica", () => atRest(REPLICATED, 1));
    const three = await timed("three replicas", () => atRest(REPLICATED, 3));
    const start = await timed("start", () => fromStart(REPLICATED));
    return [...costFigures(runs), replicaFigure(one, three), startFigure(start)];
  } finally {
    mock.timers.reset();
  }
}

function costFigures(runs: readonly { count: number; run: Run }[]): Figure[] {
  const each = (what: (run: Run) => number, unit: string) =>
    runs.map(({ count, run }) => `${count}: ${what(run).toFixed(0)} ${unit}`).join(", ");
  const [least] = runs;
  const most = runs.at(-1);
  const perApplication = ({ count, run }: { count: number; run: Run }) => run.processorMs / count;
  return [
    {
      name: `${COUNT} applications by the clock: AWS calls a minute`,
      value: most?.run.callsAMinute ?? Number.NaN,
      unit: "",
      target: null,
      note: `${each((run) => run.callsAMinute, "calls")}; half of AWS's limits bounds them`,
    },
    {
      name: "the same: processor time for each application over that with a quarter of them",
      value: least && most ? perApplication(most) / perApplication(least) : Number.NaN,
      unit: "",
      target: { kind: "<=", value: 1.3 },
      note: `a minute ${each((run) => run.processorMs, "ms")}`,
    },
    {
      name: "the same: age of weights and counts, p95",
      value: quantile(most?.run.agesMs ?? [], 0.95) / 1000,
      unit: "s",
      target: null,
      note: each((run) => quantile(run.agesMs, 0.95) / 1000, "s"),
    },
  ];
}

function replicaFigure(one: Run, three: Run): Figure {
  return {
    name: `${REPLICATED} applications: AWS calls a minute, 3 replicas over 1`,
    value: three.callsAMinute / one.callsAMinute,
    unit: "",
    target: { kind: "<=", value: 1.1 },
    note: `${one.callsAMinute.toFixed(0)} and ${three.callsAMinute.toFixed(0)}; age p95 ${(quantile(one.agesMs, 0.95) / 1000).toFixed(0)} s and ${(quantile(three.agesMs, 0.95) / 1000).toFixed(0)} s`,
  };
}

/** Seconds from the start, as far as that is read within some minutes. */
interface Start {
  shown: number;
  liveHealth: number;
  allHealth: number;
  calls: number;
}

/** The start of one replica, with two tasks on either side of each application: both target groups are asked for. */
async function fromStart(count: number): Promise<Start> {
  const world = createFleetWorld({ count, ofOneListener: 50, standbyTasks: 2 });
  const startedAt = Date.now();
  const observer = watch(world, 1);
  const start: Start = { shown: Number.NaN, liveHealth: Number.NaN, allHealth: Number.NaN, calls: Number.NaN };
  while (Number.isNaN(start.allHealth) && Date.now() < startedAt + START_MINUTES * 60_000) {
    await pass(STEP_MS);
    const looks = observer.applications().map(({ name }) => observer.observation(name));
    const holds = (isThere: (look: NonNullable<(typeof looks)[number]>) => unknown) =>
      looks.length === count && looks.every((look) => look && isThere(look));
    const seconds = (Date.now() - startedAt) / 1000;
    if (Number.isNaN(start.shown) && holds((look) => look.observedAt > 0 && look.traffic.readAt > 0)) {
      start.shown = seconds;
      start.calls = [...world.calls.values()].reduce((sum, at) => sum + at.length, 0);
    }
    if (Number.isNaN(start.liveHealth) && holds(({ slots }) => slots.blue.targetsReadAt)) start.liveHealth = seconds;
    if (holds(({ slots }) => slots.blue.targetsReadAt && slots.green.targetsReadAt)) start.allHealth = seconds;
  }
  const stopped = observer.stop();
  await pass(10_000);
  await stopped;
  return start;
}

function startFigure({ shown, liveHealth, allHealth, calls }: Start): Figure {
  return {
    name: `${REPLICATED} applications by the clock: start to all shown`,
    value: shown,
    unit: "s",
    target: { kind: "<=", value: 90 },
    note: `weights and counts, ${calls} calls; ${2 * REPLICATED} groups' target health, a call each, follows: every live side after ${liveHealth.toFixed(0)} s, both after ${allHealth.toFixed(0)} s`,
  };
}

/** So many applications with an overview open on each replica, once everything was read. */
async function atRest(count: number, replicas: number): Promise<Run> {
  const worlds = Array.from({ length: replicas }, () =>
    createFleetWorld({ count, ofOneListener: 50, standbyTasks: 0 }),
  );
  const observers = worlds.map((world) => watch(world, replicas));
  await pass(WARM_UP_MINUTES * 60_000);
  for (const { calls } of worlds) calls.clear();
  const before = process.cpuUsage();
  const agesMs: number[] = [];
  for (let second = 0; second < MINUTES * 60; second += 10) {
    await pass(10_000);
    for (const observer of observers) agesMs.push(...agesOf(observer));
  }
  const { user, system } = process.cpuUsage(before);
  const stopped = Promise.all(observers.map((observer) => observer.stop()));
  await pass(10_000);
  await stopped;
  const calls = worlds.flatMap((world) => [...world.calls.values()]).reduce((sum, at) => sum + at.length, 0);
  return { callsAMinute: calls / MINUTES, processorMs: (user + system) / 1000 / MINUTES, agesMs };
}

function watch({ aws, configs }: FleetWorld, replicas: number): Observer {
  aws.budgets.shareAmong(replicas);
  const observer = createObserver({ aws, configs, controllers: createControllers(aws), onError: () => undefined });
  observer.subscribe("*", () => undefined);
  observer.start();
  return observer;
}

function agesOf(observer: Observer): number[] {
  return observer.applications().flatMap(({ name }) => {
    const look = observer.observation(name);
    return look ? [Date.now() - Math.min(look.traffic.readAt, look.observedAt)] : [];
  });
}

/** Moves the clock on in small steps, with a turn for everything that follows from each. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    mock.timers.tick(STEP_MS);
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => realImmediate(resolve));
  }
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const value = await work();
  process.stderr.write(`bench: fleet-clock: ${what}, ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  return value;
}
