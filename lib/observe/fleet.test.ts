import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createControllers } from "../controllers/registry.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import { createFleetWorld, type FleetWorld } from "../testing/fleet-world.ts";
import { createObserver, type Observer } from "./observer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ELB_READS = /^Describe(LoadBalancers|Listeners|Rules|Target)/;
const ECS_TASK_READS = /^(ListTasks|DescribeTasks)$/;
const ECS_SERVICE_READS = /^DescribeServices$/;

interface Figures {
  /** From the start until the weights and counts of all are told, and until target health of every live side is as well. */
  shownMs: number;
  startMs: number;
  weights: number;
  counts: number;
  idleTargets: number;
  board: number;
}

/** The greatest number of calls within a minute, as calls a second. */
function busiest({ calls }: FleetWorld, operations: RegExp): number {
  const times = [...calls].flatMap(([name, at]) => (operations.test(name) ? at : [])).sort((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (const [to, at] of times.entries()) {
    while ((times[from] ?? 0) < at - 60_000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most / 60;
}

const p95 = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;

/** Whether every one of so many is told by its weights and counts. */
function areShown(observer: Observer, count: number): boolean {
  const all = observer.applications().map(({ name }) => observer.observation(name));
  return all.length === count && all.every((look) => look && look.observedAt > 0 && look.traffic.readAt > 0);
}

function areLiveSidesRead(observer: Observer, count: number): boolean {
  const all = observer.applications().map(({ name }) => observer.observation(name));
  return all.length === count && all.every((look) => look?.slots.blue.targetsReadAt);
}

async function untilAll(isThere: typeof areShown, observer: Observer, count: number): Promise<void> {
  for (let second = 0; second < 600; second += 1) {
    if (isThere(observer, count)) return;
    await vi.advanceTimersByTimeAsync(1000);
  }
}

/** Runs a fleet with an overview open, and one board where `board` says so, and measures for some minutes. */
async function measure(world: FleetWorld, minutes: number, board: string | null, warmUpMs = 60_000): Promise<Figures> {
  const errors: unknown[] = [];
  const { aws, configs } = world;
  const onError = (error: unknown) => errors.push(error);
  const observer = createObserver({ aws, configs, controllers: createControllers(aws), onError });
  observer.subscribe("*", () => undefined);
  if (board !== null) observer.subscribe(board, () => undefined);
  observer.start();
  const startedAt = Date.now();
  await untilAll(areShown, observer, configs.length);
  const shownMs = Date.now() - startedAt;
  await untilAll(areLiveSidesRead, observer, configs.length);
  const startMs = Date.now() - startedAt;
  await vi.advanceTimersByTimeAsync(warmUpMs);
  for (const at of world.calls.values()) at.length = 0;
  const ages = { weights: [] as number[], counts: [] as number[], idle: [] as number[] };
  const boardAges: number[] = [];
  for (let step = 0; step < minutes * 60; step += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    for (const { name } of observer.applications()) {
      const look = observer.observation(name);
      if (!look) continue;
      if (name === board) boardAges.push(Date.now() - look.observedAt);
      else {
        ages.weights.push(Date.now() - look.traffic.readAt);
        ages.counts.push(Date.now() - look.observedAt);
        for (const { targetsReadAt = 0, targets } of SLOT_COLORS.map((color) => look.slots[color]))
          if (targets.length > 0) ages.idle.push(Date.now() - targetsReadAt);
      }
    }
  }
  const stopped = observer.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  await stopped;
  expect(errors).toEqual([]);
  return {
    shownMs,
    startMs,
    weights: p95(ages.weights),
    counts: p95(ages.counts),
    idleTargets: p95(ages.idle),
    board: p95(boardAges),
  };
}

function expectWithinHalf(world: FleetWorld): void {
  // What the bucket holds may come on top within one minute.
  expect(busiest(world, ELB_READS)).toBeLessThanOrEqual(5 + 20 / 60);
  expect(busiest(world, ECS_TASK_READS)).toBeLessThanOrEqual(10 + 50 / 60);
  expect(busiest(world, ECS_SERVICE_READS)).toBeLessThanOrEqual(10 + 50 / 60);
}

test("sixty applications, an overview open and a board watched: everything is as new as promised", async () => {
  const world = createFleetWorld({ count: 60, ofOneListener: 20, standbyTasks: 2 });
  const figures = await measure(world, 2, "app-7");
  expect(figures.weights).toBeLessThanOrEqual(15_000);
  expect(figures.counts).toBeLessThanOrEqual(15_000);
  expect(figures.idleTargets).toBeLessThanOrEqual(120_000);
  expect(figures.board).toBeLessThanOrEqual(2_000);
  expectWithinHalf(world);
}, 60_000);

test("three hundred applications with an empty standby each, an overview open: all shown within 30 s, live sides read within 90 s, then the same", async () => {
  const world = createFleetWorld({ count: 300, ofOneListener: 50, standbyTasks: 0 });
  const figures = await measure(world, 1, null, 100_000);
  expect(figures.shownMs).toBeLessThanOrEqual(30_000);
  expect(figures.startMs).toBeLessThanOrEqual(90_000);
  expect(figures.weights).toBeLessThanOrEqual(15_000);
  expect(figures.counts).toBeLessThanOrEqual(15_000);
  expect(figures.idleTargets).toBeLessThanOrEqual(120_000);
  expectWithinHalf(world);
}, 120_000);

/** So many replicas on one account for two minutes, an overview open on each: what all of them asked, and how old what they show is. */
async function replicasAtRest(count: number): Promise<{ calls: FleetWorld; total: number; ages: number }> {
  const worlds = Array.from({ length: count }, () =>
    createFleetWorld({ count: 60, ofOneListener: 20, standbyTasks: 2 }),
  );
  const observers = worlds.map(({ aws, configs }) => {
    aws.budgets.shareAmong(count);
    const observer = createObserver({ aws, configs, controllers: createControllers(aws), onError: throwing });
    observer.subscribe("*", () => undefined);
    observer.start();
    return observer;
  });
  for (const [index, observer] of observers.entries())
    await untilAll(areLiveSidesRead, observer, worlds[index]?.configs.length ?? 0);
  await vi.advanceTimersByTimeAsync(60_000);
  for (const { calls } of worlds) for (const at of calls.values()) at.length = 0;
  await vi.advanceTimersByTimeAsync(120_000);
  const calls = new Map<string, number[]>();
  for (const world of worlds)
    for (const [name, at] of world.calls) calls.set(name, [...(calls.get(name) ?? []), ...at]);
  const ages = observers.flatMap((observer) =>
    observer.applications().map(({ name }) => Date.now() - (observer.observation(name)?.observedAt ?? 0)),
  );
  const stopped = Promise.all(observers.map((observer) => observer.stop()));
  await vi.advanceTimersByTimeAsync(10_000);
  await stopped;
  const total = [...calls.values()].reduce((sum, at) => sum + at.length, 0);
  return { calls: { ...(worlds[0] as FleetWorld), calls }, total, ages: p95(ages) };
}

test("three replicas ask together no more than one does, and what each shows stays as new as promised", async () => {
  const one = await replicasAtRest(1);
  const three = await replicasAtRest(3);
  expect(three.total / one.total).toBeLessThanOrEqual(1.1);
  // Each may have saved up the part of the bucket that is left to looks.
  expect(busiest(three.calls, ELB_READS)).toBeLessThanOrEqual(5 + (3 * 8) / 60);
  expect(busiest(three.calls, ECS_TASK_READS)).toBeLessThanOrEqual(10 + (3 * 20) / 60);
  expect(three.ages).toBeLessThanOrEqual(15_000);
}, 180_000);

function throwing(error: unknown): never {
  throw error;
}
