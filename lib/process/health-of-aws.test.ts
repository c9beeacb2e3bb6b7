import { expect, test } from "vitest";
import { readHealth } from "./health.ts";

/** How AWS is, by these sources of two applications and this many that were not found. */
async function awsHealth(states: Readonly<Record<string, string>>, unresolved: number) {
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
    now: () => 0,
    startedAt: 0,
  };
  const { checks } = await readHealth("1", runtime as unknown as Parameters<typeof readHealth>[1]);
  return checks.aws;
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
