import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createBudgets } from "../aws/budget.ts";
import { observation } from "../testing/facts.ts";
import { type Metric, writeExposition } from "./exposition.ts";
import { readHealth } from "./health.ts";
import { readMetrics } from "./metrics.ts";

const NOW = 10_000_000;

/** A process that watches `library` and `other`, as far as metrics and health ask. */
function world(more: { isStoreAway?: boolean; stuckSince?: number; unaccepted?: "credentials" } = {}) {
  const { isStoreAway = false, stuckSince, unaccepted } = more;
  const answer = <T>(value: T) => (isStoreAway ? Promise.reject(new Error("away")) : Promise.resolve(value));
  const source = (name: string, ageMs: number, state = "ok") => ({ name, state, ageMs });
  const looks: Record<string, object> = {
    library: {
      ...observation(),
      observedAt: NOW - 1_000,
      sources: [source("ecs", 2_000), source("elb", 500, "throttled")],
    },
    other: {
      ...observation({ blue: { targets: [] } }),
      application: "other",
      observedAt: NOW - 4_000,
      sources: [source("ecs", 6_000), source("elb", 0)],
    },
  };
  const flight = { application: "library", kind: "RELEASE", status: "IN_PROGRESS", stage: "BAKE_TIME" };
  const stuck = { id: "d-1", application: "library", since: stuckSince, because: "aws" };
  const aws = { budgets: createBudgets(() => NOW), unaccepted: () => unaccepted ?? null };
  const elsewhere = { account: { name: "staging" }, region: "eu-west-1", aws: { budgets: createBudgets(() => NOW) } };
  const runtime = {
    store: {
      listDeploymentsInFlight: () => answer([{ ...flight, startedAt: NOW - 90_000 }]),
      readQueue: () => answer({ pending: 3, oldestAt: NOW - 60_000 }),
      awaySince: () => (isStoreAway ? NOW - 12_000 : null),
      ping: () => answer(undefined),
    },
    observer: {
      applications: () => [{ name: "library" }, { name: "other" }],
      unresolved: () => [],
      observation: (name: string) => looks[name] ?? null,
    },
    engine: { work: () => ({ cameRoundAt: NOW - 1_000, stuck: stuckSince === undefined ? [] : [stuck] }) },
    aws,
    places: { all: () => [{ account: null, region: "eu-central-1", aws }, elsewhere] },
    auditCheck: { state: () => "intact" },
    events: [{ use: () => ({ queue: "events", state: "reading", received: 9, dropped: 2, repeated: 1, looks: 6 }) }],
    startedAt: NOW - 3_600_000,
    now: () => NOW,
  };
  // Safe because metrics and health ask for no more than these.
  return runtime as unknown as NonNullable<Parameters<typeof readMetrics>[0]> & {
    aws: { budgets: ReturnType<typeof createBudgets> };
  };
}
const textOf = async (runtime: ReturnType<typeof world>, maySee: (name: string) => boolean = () => true) =>
  writeExposition(await readMetrics(runtime, "1.2.3", maySee));

test("deployments, observations, AWS, database, engine, queue and process are told, each with its help and type", async () => {
  const runtime = world({ stuckSince: NOW - 30_000 });
  await runtime.aws.budgets.acquire("elb-read", "action");
  runtime.aws.budgets.throttled("elb-read");
  const lines = (await textOf(runtime)).split("\n");
  for (const line of [
    'switchyard_build_info{version="1.2.3"} 1',
    'switchyard_deployments{status="IN_PROGRESS",stage="BAKE_TIME"} 1',
    'switchyard_deployment_age_seconds{application="library",kind="RELEASE",status="IN_PROGRESS"} 90',
    'switchyard_observation_age_seconds{source="ecs"} 10',
    'switchyard_observation_failing{source="elb"} 1',
    'switchyard_traffic_unserved{application="library"} 0',
    'switchyard_traffic_unserved{application="other"} 1',
    'switchyard_aws_calls_total{family="elb-read"} 1',
    'switchyard_aws_throttles_total{family="elb-read"} 1',
    'switchyard_aws_budget_ratio{family="elb-read"} 0.5',
    "switchyard_aws_accepted 1",
    "switchyard_database_up 1",
    "switchyard_engine_stuck_seconds 30",
    "switchyard_notifications_pending 3",
    "switchyard_notifications_oldest_seconds 60",
    "switchyard_event_streams 0",
    'switchyard_events_total{queue="events",outcome="dropped"} 2',
    'switchyard_event_looks_total{queue="events"} 6',
    'switchyard_events_reading{queue="events"} 1',
  ])
    expect(lines).toContain(line);
  const names = lines.filter((line) => line.startsWith("# TYPE")).map((line) => line.split(" ")[2] ?? "");
  expect(new Set(names).size).toBe(names.length);
  for (const line of lines.filter((each) => each !== "" && !each.startsWith("#")))
    expect(line).toMatch(/^switchyard_[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? \d+(\.\d+)?(e[+-]?\d+)?$/);
});

test("while the database is away it is said, and what only it knows is left out", async () => {
  const text = await textOf(world({ isStoreAway: true }));
  expect(text).toContain("switchyard_database_up 0\n");
  expect(text).toContain("switchyard_database_away_seconds 12\n");
  expect(text).not.toMatch(/switchyard_notifications|switchyard_deployment/);
});

test("nothing is told of applications that the asker may not see", async () => {
  const text = await textOf(world(), (name) => name === "other");
  expect(text).not.toContain("library");
  expect(text).not.toContain("switchyard_deployments{");
  expect(text).toContain('switchyard_observation_failing{source="elb"} 0');
});

test("labels and help of any kind stay one line", () => {
  const samples = [{ labels: { application: 'a"b\\c\nd' }, value: 1 }];
  const metric: Metric = { name: "x", help: "one\ntwo", type: "gauge", samples };
  expect(writeExposition([metric])).toBe('# HELP x one\\ntwo\n# TYPE x gauge\nx{application="a\\"b\\\\c\\nd"} 1\n');
});

test("the alert rules and the dashboard ask for metrics that there are, by labels that they have", async () => {
  const runtime = world({ stuckSince: NOW - 30_000 });
  await runtime.aws.budgets.acquire("elb-read", "action");
  const metrics = await readMetrics(runtime, "1.2.3", () => true);
  const labelsOf = new Map(metrics.map(({ name, samples }) => [name, Object.keys(samples[0]?.labels ?? {})]));
  const read = (path: string) => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), "utf8");
  const { groups } = parse(read("prometheus/alerts.yml")) as { groups: { rules: { expr: string }[] }[] };
  const { panels } = JSON.parse(read("grafana/switchyard.json")) as { panels: { targets: { expr: string }[] }[] };
  const asked = [...groups.flatMap(({ rules }) => rules), ...panels.flatMap(({ targets }) => targets)];
  expect(asked.length).toBeGreaterThan(20);
  for (const { expr } of asked)
    for (const [, name = "", labels = ""] of expr.matchAll(/(switchyard_\w+)(?:\{([^}]*)\})?/g)) {
      expect(labelsOf.has(name), name).toBe(true);
      const wanted = [...labels.matchAll(/(\w+)=/g)]
        .map(([, label = ""]) => label)
        .filter((label) => label !== "instance");
      expect(labelsOf.get(name), expr).toEqual(expect.arrayContaining(wanted));
    }
  for (const { targets } of panels)
    for (const { expr } of targets)
      for (const [, by = ""] of expr.matchAll(/by \(([^)]*)\)/g))
        expect([...labelsOf.values()].flat()).toEqual(expect.arrayContaining(by.split(", ")));
});

test.each([
  ["well", {}, "ok", "engine", undefined],
  ["a hiccup of the engine", { stuckSince: NOW - 2_000 }, "ok", "engine", undefined],
  ["stuck", { stuckSince: NOW - 30_000 }, "degraded", "engine", "could not be moved on for 30 s: AWS does not answer"],
  ["credentials", { unaccepted: "credentials" as const }, "degraded", "credentials", "does not accept the credentials"],
])("health is true: %s", async (_name, more, status, part, detail) => {
  const { checks } = await readHealth("1.2.3", world(more) as never);
  const check = checks[part as "engine" | "credentials"];
  expect(check?.status).toBe(status);
  if (detail) expect(check?.detail).toContain(detail);
  expect(JSON.stringify(checks)).not.toContain("library");
});
