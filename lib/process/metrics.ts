import { monitorEventLoopDelay } from "node:perf_hooks";
import { within } from "../async/within.ts";
import type { Aws } from "../aws/aws.ts";
import type { BudgetUse } from "../aws/budget.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { findOutage } from "../domain/notification/unserved-notification.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { SOURCE_NAMES } from "../domain/observation/source.ts";
import type { EventConsumer } from "../observe/event-consumer.ts";
import type { Place } from "../observe/place.ts";
import { openEventStreams } from "../streams/event-stream.ts";
import type { Metric } from "./exposition.ts";
import type { Runtime } from "./runtime.ts";

type Measured = Partial<Pick<Runtime, "events">> &
  Pick<Runtime, "store" | "observer" | "engine" | "aws" | "places" | "startedAt" | "now">;

/** The database is asked for no longer than this; what only it knows is left out then. */
const STORE_WITHIN_MS = 2_000;
const NANOS = 1e9;
const loop = monitorEventLoopDelay({ resolution: 20 });
loop.enable();

const gauge = (name: string, help: string, samples: Metric["samples"]): Metric => ({
  name: `switchyard_${name}`,
  help,
  type: "gauge",
  samples,
});
const one = (name: string, help: string, value: number) => gauge(name, help, [{ value }]);

/** How this process and what it watches are, for applications that may be seen. Asks AWS nothing and the database twice. */
export async function readMetrics(runtime: Measured, version: string, maySee: (name: string) => boolean) {
  const { store, observer, engine, aws, places, now } = runtime;
  const [flights, queue] = await Promise.all([
    within(STORE_WITHIN_MS, store.listDeploymentsInFlight()).catch(() => null),
    within(STORE_WITHIN_MS, store.readQueue()).catch(() => null),
  ]);
  const names = observer.applications().map(({ name }) => name);
  const looks = names.filter(maySee).flatMap((name) => observer.observation(name) ?? []);
  const awaySince = store.awaySince();
  const { cameRoundAt, stuck } = engine.work();
  return [
    gauge("build_info", "Always 1, with the version", [{ labels: { version }, value: 1 }]),
    one("uptime_seconds", "Since this process runs", seconds(now() - runtime.startedAt)),
    one("applications", "Applications that were found in AWS", names.length),
    one("applications_unresolved", "Applications that were not found in AWS", observer.unresolved().length),
    ...deploymentMetrics(flights?.filter(({ application }) => maySee(application)) ?? [], now()),
    one("engine_round_age_seconds", "Since the engine came round last", seconds(now() - cameRoundAt)),
    one("engine_stuck_deployments", "Deployments that could not be moved on at the last try", stuck.length),
    one(
      "engine_stuck_seconds",
      "Since the oldest of them could not be moved on",
      ageOf(stuck[0]?.since ?? null, now()),
    ),
    ...observationMetrics(looks, now()),
    ...awsMetrics(places.all(), aws),
    ...eventMetrics(runtime.events ?? []),
    one("aws_accepted", "0 while AWS does not accept the credentials or the clock", aws.unaccepted() === null ? 1 : 0),
    one("database_up", "0 while the database does not answer", awaySince === null && flights !== null ? 1 : 0),
    one("database_away_seconds", "Since the database does not answer", ageOf(awaySince, now())),
    ...(queue ? queueMetrics(queue, now()) : []),
    one("event_streams", "Event streams that this process holds open", openEventStreams()),
    ...processMetrics(),
  ];
}

function deploymentMetrics(flights: readonly Deployment[], now: number): Metric[] {
  const states = new Map<string, number>();
  for (const { status, stage } of flights)
    states.set(`${status} ${stage}`, (states.get(`${status} ${stage}`) ?? 0) + 1);
  const counted = [...states].map(([key, value]) => {
    const [status = "", stage = ""] = key.split(" ");
    return { labels: { status, stage }, value };
  });
  const ages = flights.map(({ application, kind, status, startedAt }) => ({
    labels: { application, kind, status },
    value: seconds(now - startedAt),
  }));
  return [
    gauge("deployments", "Deployments in flight, by status and stage", counted),
    gauge("deployment_age_seconds", "Since each deployment in flight was asked for", ages),
  ];
}

function observationMetrics(looks: readonly Observation[], now: number): Metric[] {
  const ofSources = looks.flatMap(({ sources, observedAt }) =>
    sources.map(({ name, state, ageMs }) => ({ name, state, age: seconds(ageMs + (now - observedAt)) })),
  );
  const used = SOURCE_NAMES.filter((name) => ofSources.some((source) => source.name === name));
  return [
    gauge(
      "observation_age_seconds",
      "Age of the oldest reading of each source",
      used.map((source) => ({
        labels: { source },
        value: Math.max(...ofSources.filter(({ name }) => name === source).map(({ age }) => age)),
      })),
    ),
    gauge(
      "observation_failing",
      "Applications for which a source does not answer as expected",
      used.map((source) => ({
        labels: { source },
        value: ofSources.filter(({ name, state }) => name === source && state !== "ok").length,
      })),
    ),
    gauge(
      "traffic_unserved",
      "1 while requests of an application fail for want of a target with weight that is healthy",
      looks.map(({ application, traffic, slots, sources, waysIn }) => ({
        labels: { application },
        value: findOutage({ traffic, slots, sources, waysIn: waysIn?.ways }) === null ? 0 : 1,
      })),
    ),
  ];
}

/** What came of the queues with ECS's events; nothing where none is configured. */
function eventMetrics(consumers: readonly EventConsumer[]): Metric[] {
  const use = consumers.map((consumer) => consumer.use());
  const counted = use.flatMap(({ queue, received, dropped, repeated }) =>
    Object.entries({ received, dropped, repeated }).map(([outcome, value]) => ({ labels: { queue, outcome }, value })),
  );
  const looks = use.map(({ queue, looks: value }) => ({ labels: { queue }, value }));
  const reading = use.map(({ queue, state }) => ({ labels: { queue }, value: state === "reading" ? 1 : 0 }));
  return [
    {
      ...gauge("events_total", "Messages of ECS's events: all, and those dropped or told before", counted),
      type: "counter",
    },
    { ...gauge("event_looks_total", "Looks that events led to", looks), type: "counter" },
    gauge("events_reading", "1 while this replica reads the queue", reading),
  ];
}

/** What is beside the process's own account and Region is told apart by both. */
function awsMetrics(places: readonly Pick<Place, "account" | "region" | "aws">[], own: Pick<Aws, "budgets">): Metric[] {
  const uses = places.flatMap(({ account, region, aws }) => {
    const where: Record<string, string> = aws === own ? {} : { account: account?.name ?? "", region };
    return aws.budgets.use().map((use) => ({ ...use, labels: { family: use.family, ...where } }));
  });
  const by = (value: (use: BudgetUse) => number) => uses.map((use) => ({ labels: use.labels, value: value(use) }));
  const counter = (name: string, help: string, samples: Metric["samples"]): Metric => ({
    ...gauge(name, help, samples),
    type: "counter",
  });
  return [
    counter(
      "aws_calls_total",
      "Calls of AWS by API family",
      by(({ calls }) => calls),
    ),
    counter(
      "aws_throttles_total",
      "Calls that AWS throttled",
      by(({ throttles }) => throttles),
    ),
    gauge(
      "aws_budget_ratio",
      "How much of its usual rate a family sustains now",
      by((use) => use.rate / use.fullRate),
    ),
    gauge(
      "aws_budget_waiting",
      "Calls that wait for their turn",
      by(({ waiting }) => waiting),
    ),
  ];
}

function queueMetrics({ pending, oldestAt }: { pending: number; oldestAt: number | null }, now: number): Metric[] {
  return [
    one("notifications_pending", "Notifications that are still to be delivered", pending),
    one("notifications_oldest_seconds", "Since the oldest of them waits", ageOf(oldestAt, now)),
  ];
}

function processMetrics(): Metric[] {
  const { rss, heapUsed } = process.memoryUsage();
  const delays = [
    { labels: { quantile: "0.5" }, value: loop.percentile(50) / NANOS },
    { labels: { quantile: "0.99" }, value: loop.percentile(99) / NANOS },
    { labels: { quantile: "1" }, value: loop.max / NANOS },
  ];
  loop.reset();
  return [
    gauge("event_loop_delay_seconds", "How late timers of this process are, since the last time it was asked", delays),
    one("resident_memory_bytes", "Memory that this process holds", rss),
    one("heap_used_bytes", "JavaScript objects that this process holds", heapUsed),
  ];
}

const seconds = (ms: number) => Math.max(0, Math.round(ms) / 1000);
const ageOf = (since: number | null, now: number) => (since === null ? 0 : seconds(now - since));
