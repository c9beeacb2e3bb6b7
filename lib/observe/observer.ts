import type { Aws } from "../aws/aws.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { RevisionState } from "../domain/observation/revision-state.ts";
import { assembleObservation, isSomethingMissing } from "../gather/assemble-observation.ts";
import { createFacts } from "../gather/facts.ts";
import { ecsCallsOf, gatherEcs } from "../gather/gather-ecs.ts";
import { elbCallsOf, gatherElb, gatherElbSettings } from "../gather/gather-elb.ts";
import { gatherMetrics, metricsCallsOf } from "../gather/gather-metrics.ts";
import { gatherRevisions, readRevisionState, recordRevision, revisionCallsOf } from "../gather/gather-revisions.ts";
import { gatherWaysIn, waysInterval } from "../gather/gather-ways.ts";
import { createApplicationResolver } from "./application-resolver.ts";
import type { Attention } from "./polling-interval.ts";
import { createSourceLoop, type SourceLoop } from "./source-loop.ts";

type ObservationListener = (observation: Observation) => void;

/** Looks at every application on behalf of everybody: the number of viewers changes how often, never how many times over. */
export interface Observer {
  start(): void;
  /** Resolves once nothing of it runs any more. */
  stop(): Promise<void>;
  /** Those whose names have been found in AWS. */
  applications(): Application[];
  findApplication(name: string): Application | null;
  unresolved(): { name: string; message: string }[];
  /** The last one; null before the first. */
  observation(name: string): Observation | null;
  /**
   * Tells every new observation of one application, or of all ("*"), and counts as a watcher, which makes looking faster,
   * unless `isPassive`. Answers how to end it.
   */
  subscribe(name: string, listener: ObservationListener, options?: { isPassive?: boolean }): () => void;
  /**
   * Asks AWS now; calls that come while one waits its turn share it. Every other listener and rule is asked for as well where
   * `withWays` says so, else as old as it may be. Rejects when the application is not resolved.
   */
  refreshNow(name: string, options?: { withWays?: boolean }): Promise<Observation>;
  /** Looks fast while a deployment is in flight. */
  setInFlight(name: string, isInFlight: boolean): void;
  /** Also checks now and then whether tasks can still be started from what a rollback would bring back; null: nothing. */
  setWayBack(name: string, taskDefinition: string | null): void;
  /** Checks now whether tasks can still be started from a revision of the application. @throws AwsFailure */
  checkRevision(application: Application, taskDefinition: string): Promise<RevisionState>;
}

export interface ObserverOptions {
  aws: Aws;
  controllers: Controllers;
  configs: readonly ApplicationConfig[];
  now?: () => number;
  /** How often what is watched is read, budget allowing. */
  fastMs?: number;
  /** How often what nobody watches is read. */
  idleMs?: number;
  /** How often what is watched is asked for metrics; as often as the quickest application has new ones when left out. */
  metricsMs?: number;
  /** How often it is checked whether what is watched could still be started. */
  revisionsMs?: number;
  onError?: (error: unknown) => void;
}

const PRIORITY = "observer";
/** Three missed turns, but never sooner than one slow answer takes. */
const STALE_TURNS = 3;
const STALE_LEAST_MS = 4000;
const AGING_MS = 1000;
/** A first observation waits this long for the slower source. */
const FIRST_ROUND_MS = 3000;
/** Older than everything but what was never read. */
const NEVER = 1;
/** Each metric asked for costs money, so what nobody watches is asked for less often. */
const METRICS_IDLE_PERIODS = 5;
/** A deregistered revision or a deleted image is told within this; what nobody watches is checked less often. */
const REVISIONS_MS = 30_000;
const REVISIONS_IDLE_TURNS = 10;

/** One a process and Region. */
export function createObserver(options: ObserverOptions): Observer {
  const { aws, controllers, configs, now = Date.now, fastMs = 1000, idleMs = 10_000 } = options;
  const onError = options.onError ?? ((error: unknown) => console.error(error));
  const facts = createFacts(aws);
  const revisionsMs = options.revisionsMs ?? REVISIONS_MS;
  const listeners = new Map<string, Set<{ listener: ObservationListener; isPassive: boolean }>>();
  const inFlight = new Set<string>();
  const last = new Map<string, Observation>();
  const resolvedAt = new Map<string, number>();
  const refreshes = new Map<string, { current: Promise<Observation>; next: Promise<Observation> | null }>();
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let aging: NodeJS.Timeout | null = null;

  const resolver = createApplicationResolver({
    aws,
    configs,
    controllers,
    now,
    changed(application) {
      resolvedAt.set(application.name, now());
      for (const loop of everyLoop) loop.wake();
    },
    onError,
  });

  const isWatched = (key: string) => [...(listeners.get(key) ?? [])].some(({ isPassive }) => !isPassive);
  function attentionOf(name: string): Attention {
    if (inFlight.has(name) || isWatched(name)) return "focus";
    return isWatched("*") ? "overview" : "idle";
  }

  const shared = { now, fastMs, idleMs, applications: resolver.resolved, attentionOf, gathered, onError };
  const ecsLoop = createSourceLoop({
    ...shared,
    callsOf: (applications) => ecsCallsOf(applications, facts),
    perSecond: () => aws.budgets.rate("ecs-resource-read"),
    gather: (applications) => gatherEcs(aws, applications, facts, { priority: PRIORITY, now }),
  });
  const elbLoop = createSourceLoop({
    ...shared,
    callsOf: elbCallsOf,
    perSecond: () => aws.budgets.rate("elb-read"),
    gather: readElb,
  });
  const metricsMs = options.metricsMs ?? Math.min(60, ...configs.map((config) => config.metricPeriodSeconds)) * 1000;
  const metricsLoop = createSourceLoop({
    ...shared,
    fastMs: metricsMs,
    idleMs: METRICS_IDLE_PERIODS * metricsMs,
    callsOf: metricsCallsOf,
    perSecond: () => aws.budgets.rate("cloudwatch-alarms"),
    gather: (applications) => gatherMetrics(aws, applications, facts, { priority: PRIORITY, now }),
  });
  /** Whether a revision can be started changes seldom, and holds nothing up. */
  const revisionsLoop = createSourceLoop({
    ...shared,
    fastMs: revisionsMs,
    idleMs: REVISIONS_IDLE_TURNS * revisionsMs,
    gathered: () => undefined,
    callsOf: revisionCallsOf,
    perSecond: () => aws.budgets.rate("ecs-definition-read"),
    gather: (applications) => gatherRevisions(aws, applications, facts, { priority: PRIORITY, now }),
  });
  /** What an observation waits for. */
  const loops: readonly SourceLoop[] = [ecsLoop, elbLoop];
  /** Metrics come by the minute: they make a look richer and hold none up. */
  const everyLoop: readonly SourceLoop[] = [...loops, metricsLoop, revisionsLoop];

  /** Settings may wait for the budget without holding up health, except where they were never read. */
  async function readElb(applications: readonly Application[]): Promise<void> {
    const reading = gatherElb(aws, applications, facts, { priority: PRIORITY, now });
    const how = { priority: PRIORITY, now } as const;
    const settings = Promise.all([
      gatherElbSettings(aws, applications, facts, how),
      gatherWaysIn(aws, applications, facts, how, now() - waysInterval(applications, facts)),
    ]);
    settings.catch(onError);
    await reading;
    if (applications.some((a) => !facts.attributes.find(a.slots.blue.targetGroupArn))) await settings;
  }

  function observe(application: Application): Observation {
    const staleAfterMs = Math.max(
      STALE_LEAST_MS,
      ...loops.map((loop) => STALE_TURNS * loop.intervalMs(application.name)),
    );
    return assembleObservation(application, facts, now(), staleAfterMs);
  }

  function publish(application: Application): Observation {
    const observation = observe(application);
    last.set(application.name, observation);
    if (isSomethingMissing(application, facts)) resolver.doubt(application.name);
    for (const key of [application.name, "*"])
      for (const { listener } of [...(listeners.get(key) ?? [])])
        try {
          listener(observation);
        } catch (error) {
          onError(error);
        }
    return observation;
  }

  function gathered(applications: readonly Application[]): void {
    for (const application of applications) {
      const isComplete = loops.every((loop) => loop.hasRead(application.name));
      const waitedMs = now() - (resolvedAt.get(application.name) ?? 0);
      if (isComplete || waitedMs > FIRST_ROUND_MS) publish(application);
    }
  }

  /** A source that stays silent brings no news by itself, so its age has to. */
  function age(): void {
    for (const application of resolver.resolved()) {
      const before = last.get(application.name);
      if (!before) continue;
      const after = observe(application);
      if (after.sources.some((source, index) => source.state !== before.sources[index]?.state)) publish(application);
    }
  }

  async function refresh(name: string, withWays: boolean): Promise<Observation> {
    const application = resolver.find(name);
    if (!application) {
      const problem = resolver.unresolved().find((entry) => entry.name === name);
      throw new Error(problem ? `${name}: ${problem.message}` : `There is no application ${name}`);
    }
    const at = now();
    for (const loop of loops) loop.markRead(name, at);
    const how = { priority: "engine", now } as const;
    await Promise.all([
      gatherEcs(aws, [application], facts, how),
      gatherElb(aws, [application], facts, how),
      gatherElbSettings(aws, [application], facts, how),
      gatherWaysIn(aws, [application], facts, how, withWays ? at : NEVER),
    ]);
    return publish(application);
  }

  function startRefresh(name: string, withWays: boolean): Promise<Observation> {
    const key = refreshKey(name, withWays);
    const current = refresh(name, withWays).finally(() => {
      const entry = refreshes.get(key);
      if (entry?.current === current && !entry.next) refreshes.delete(key);
    });
    refreshes.set(key, { current, next: null });
    return current;
  }

  return {
    start() {
      const { signal } = stopping;
      running = Promise.all([resolver.run(signal), ...everyLoop.map((loop) => loop.run(signal))]).catch(onError);
      aging = setInterval(age, AGING_MS);
      aging.unref();
    },
    async stop() {
      stopping.abort(new Error("The observer was stopped"));
      if (aging) clearInterval(aging);
      await running;
    },
    applications: resolver.resolved,
    findApplication: resolver.find,
    unresolved: resolver.unresolved,
    observation: (name) => last.get(name) ?? null,
    subscribe(name, listener, { isPassive = false } = {}) {
      const entry = { listener, isPassive };
      const entries = listeners.get(name) ?? new Set();
      listeners.set(name, entries.add(entry));
      if (!isPassive) for (const loop of everyLoop) loop.wake();
      return () => {
        entries.delete(entry);
      };
    },
    refreshNow(name, { withWays = false } = {}) {
      const entry = refreshes.get(refreshKey(name, withWays));
      if (!entry) return startRefresh(name, withWays);
      // Its reads may have been sent before this question, so that they do not count as fresh.
      entry.next ??= entry.current.catch(() => null).then(() => startRefresh(name, withWays));
      return entry.next;
    },
    async checkRevision(application, taskDefinition) {
      const state = await readRevisionState(aws, application, taskDefinition, "action", now());
      recordRevision(facts, taskDefinition, state);
      return state;
    },
    setWayBack(name, taskDefinition) {
      if ((facts.wayBack.get(name) ?? null) === taskDefinition) return;
      if (taskDefinition === null) facts.wayBack.delete(name);
      else facts.wayBack.set(name, taskDefinition);
      const application = resolver.find(name);
      if (!application || taskDefinition === null || facts.revisions.find(taskDefinition)) return;
      // Before anybody rests on the button, not only when its turn comes.
      gatherRevisions(aws, [application], facts, { priority: PRIORITY, now })
        .then(() => (last.has(name) ? publish(application) : undefined))
        .catch(onError);
    },
    setInFlight(name, isInFlight) {
      if (isInFlight) inFlight.add(name);
      else inFlight.delete(name);
      for (const loop of everyLoop) loop.wake();
    },
  };
}

/** Questions that ask for the same share an answer. */
function refreshKey(name: string, withWays: boolean): string {
  return withWays ? `${name} with ways` : name;
}
