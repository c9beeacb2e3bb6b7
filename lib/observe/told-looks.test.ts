import { expect, test, vi } from "vitest";
import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { createFacts } from "../gather/facts.ts";
import { gatherEcs } from "../gather/gather-ecs.ts";
import { gatherElb } from "../gather/gather-elb.ts";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { createFleetWorld } from "../testing/fleet-world.ts";
import type { ObserverLoops } from "./observer-loops.ts";
import { createToldLooks } from "./told-looks.ts";

const INTERVAL_MS = 2000;

/** One application whose sources are read once when asked; the time is an argument. */
async function world() {
  const { aws, configs } = createFleetWorld({ count: 1, ofOneListener: 1, standbyTasks: 2 });
  const [config] = configs;
  if (!config) throw new Error("There is one application");
  const application: Application = await resolveApplication(aws, config);
  const facts = createFacts(aws);
  const clock = { now: 1_000_000 };
  let hasRead = false;
  const loop = { hasRead: () => hasRead, intervalMs: () => INTERVAL_MS };
  const told: Observation[] = [];
  const looks = createToldLooks({
    facts,
    now: () => clock.now,
    resolver: { resolved: () => [application], find: () => application, doubt: vi.fn() },
    watchers: { attentionOf: () => "focus", tell: (look) => told.push(look) },
    outages: { observed: vi.fn() },
    // Only what looks ask of the loops.
    loops: () => ({ first: [loop], fresh: [loop], targets: { ...loop, suspect: vi.fn() } }) as unknown as ObserverLoops,
  });
  looks.resolved(application.name);
  const read = async () => {
    const how = { priority: "observer", now: () => clock.now } as const;
    await Promise.all([gatherEcs(aws, [application], facts, how), gatherElb(aws, [application], facts, how)]);
    hasRead = true;
  };
  return { application, clock, looks, read, told };
}

test("the first look is told once every source was read, or after three seconds with what there is", async () => {
  const { application, clock, looks, read, told } = await world();
  await looks.gathered([application]);
  expect(told).toHaveLength(0);
  expect(looks.last(application.name)).toBeNull();
  clock.now += 3001;
  await looks.gathered([application]);
  expect(told).toHaveLength(1);
  await read();
  await looks.gathered([application]);
  expect(told.at(-1)?.sources.map(({ state }) => state)).toEqual(["ok", "ok"]);
  expect(looks.last(application.name)).toBe(told.at(-1));
});

test("what was read and then nothing more is told as stale, once", async () => {
  const { application, clock, looks, read, told } = await world();
  await read();
  await looks.gathered([application]);
  clock.now += 2 * INTERVAL_MS;
  looks.age();
  expect(told).toHaveLength(1);
  clock.now += 2 * INTERVAL_MS;
  looks.age();
  looks.age();
  expect(told).toHaveLength(2);
  expect(told[1]?.sources.map(({ state }) => state)).toEqual(["stale", "stale"]);
});

test("what is configured no more is forgotten", async () => {
  const { application, looks, read } = await world();
  await read();
  looks.publish(application);
  looks.keepOnly([]);
  expect(looks.last(application.name)).toBeNull();
});
