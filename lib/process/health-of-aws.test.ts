import { expect, test } from "vitest";
import { readHealth } from "./health.ts";

/** How AWS is, by these sources of two applications and this many that were not found. */
async function awsHealth(states: Readonly<Record<string, string>>, unresolved: number) {
  return (await healthOf(states, unresolved)).checks.aws;
}

async function healthOf(states: Readonly<Record<string, string>>, unresolved = 0, queues: readonly string[] = []) {
  const sources = Object.entries(states).map(([name, state]) => ({ name, state, ageMs: 0 }));
  const runtime = {
    store: { ping: async () => undefined },
    aws: { unaccepted: () => null },
    engine: { work: () => ({ cameRoundAt: 0, stuck: [] }) },
    observer: {
      unresolved: () => Array.from({ length: unresolved }, (_, n) => ({ name: `lost-${n}`, message: "missing" })),
      applications: () => [{ name: "library" }, { name: "catalog" }],
      observation: () => ({ observedAt: 0, sources }),
    },
    auditCheck: { state: () => "ok" },
    events: queues.map((state) => ({ use: () => ({ queue: "library-events", state }) })),
    now: () => 0,
    startedAt: 0,
  };
  return readHealth("1", runtime as unknown as Parameters<typeof readHealth>[1]);
}

test.each([
  [{ ecs: "ok", elb: "ok" }, 0, { status: "ok" }],
  [{ ecs: "ok", elb: "ok" }, 1, { detail: "1 of the applications cannot be found in AWS or read" }],
  [{ ecs: "ok", elb: "throttled" }, 0, { detail: "Not answered as expected: elb" }],
  [
    { ecs: "error", elb: "stale" },
    2,
    { detail: "2 of the applications cannot be found in AWS or read. Not answered as expected: ecs, elb" },
  ],
])("with sources %j and %i applications unresolved, health says %j", async (states, unresolved, said) => {
  expect(await awsHealth(states, unresolved)).toEqual({ status: "degraded", ...said });
});

const LOST = "library-events (denied). Looking by time goes on";
test.each([
  [[], undefined],
  [["reading", "waiting"], { status: "ok" }],
  [["reading", "denied"], { status: "degraded", detail: `ECS's events cannot be read: ${LOST}` }],
])("with queues %j health says %j of events", async (queues, said) => {
  expect((await healthOf({}, 0, queues)).checks.events).toEqual(said);
});
