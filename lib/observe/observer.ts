import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { forEverybody } from "../aws/question.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { RevisionState } from "../domain/observation/revision-state.ts";
import { isSame, type Weights } from "../domain/observation/traffic.ts";
import { assembleObservation, isSomethingMissing } from "../gather/assemble-observation.ts";
import { createFacts, onForwardTold } from "../gather/facts.ts";
import { ecsCallsOf, gatherEcs } from "../gather/gather-ecs.ts";
import { elbCallsOf, gatherElb, gatherElbSettings } from "../gather/gather-elb.ts";
import { gatherMetrics, metricsCallsOf } from "../gather/gather-metrics.ts";
import { gatherRevisions, readRevisionState, recordRevision, revisionCallsOf } from "../gather/gather-revisions.ts";
import { gatherWaysIn, waysInterval } from "../gather/gather-ways.ts";
import { createApplicationResolver } from "./application-resolver.ts";
import type { Attention } from "./polling-interval.ts";
import { createSourceLoop, type SourceLoop } from "./source-loop.ts";

/** On whose behalf an application is looked at now. */
type LookPriority = Extract<Priority, "action" | "engine" | "question">;
interface RefreshOptions {
  /** The engine's when left out. */
  priority?: LookPriority;
  withWays?: boolean;
}
interface Refresh {
  current: Promise<Observation>;
  startedAt: number;
  next: Promise<Observation> | null;
}

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
  /** The last one, or before the first what is known so far: null only while the application is not resolved. Asks nobody. */
  look(name: string): Observation | null;
  /**
   * Tells every new observation of one application, or of all ("*"), and counts as a watcher, which makes looking faster,
   * unless `isPassive`. Answers how to end it.
   */
  subscribe(name: string, listener: ObservationListener, options?: { isPassive?: boolean }): () => void;
  /**
   * Asks AWS now; calls of one sort that come while one waits its turn share it. Every other listener and rule is asked for as
   * well where `withWays` says so, else as old as it may be. Rejects when the application is not resolved.
   */
  refreshNow(name: string, options?: RefreshOptions): Promise<Observation>;
  /** The last look where it is no older than this, or else one that all who ask now share. It holds up no action. */
  lookWithin(name: string, ageMs: number): Promise<Observation>;
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
const NO_WEIGHTS: Weights = { blue: 0, green: 0 };
/** A first observation waits this long for the slower source. */
const FIRST_ROUND_MS = 3000;
/** For a question, every other listener and rule as of this long ago counts as of now: what a switch leaves alone. */
const RECENT_WAYS_MS = 10_000;
/** Older than everything but what was never read. */
const NEVER = 1;
/** Each metric asked for costs money, so what nobody watches is asked for less often, and what is in flight more often. */
const METRICS_IDLE_PERIODS = 5;
const METRICS_LOOKS_A_PERIOD = 10;
const METRICS_LEAST_MS = 1000;
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
  /** By application: what is under way for each sort of asker, so that a question holds up no action that joins it. */
  const refreshes = new Map<string, Map<string, Refresh>>();
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let aging: NodeJS.Timeout | null = null;
  let stopTold = () => {};

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
    gather: (applications) => readElb(applications),
  });
  const metricsMs = options.metricsMs ?? Math.min(60, ...configs.map((config) => config.metricPeriodSeconds)) * 1000;
  const metricsLoop = createSourceLoop({
    ...shared,
    // What is in flight is turned round by its figures, so that they are read soon after they are published.
    fastMs: Math.max(METRICS_LEAST_MS, metricsMs / METRICS_LOOKS_A_PERIOD),
    overviewMs: metricsMs,
    attentionOf: (name) => (inFlight.has(name) ? "focus" : isWatched(name) || isWatched("*") ? "overview" : "idle"),
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

  /**
   * Settings may wait for the budget without holding up health or an action, except where they were never read; so may the
   * other ways in, except from a time that is asked for.
   */
  async function readElb(
    applications: readonly Application[],
    priority: Priority = PRIORITY,
    waysSince: number | null = null,
  ): Promise<void> {
    const isFirst = applications.some((a) => !facts.attributes.find(a.slots.blue.targetGroupArn));
    const reading = gatherElb(aws, applications, facts, { priority, now });
    const slowly = { priority: isFirst ? priority : PRIORITY, now };
    const ways =
      waysSince === null
        ? gatherWaysIn(aws, applications, facts, slowly, now() - waysInterval(applications, facts))
        : gatherWaysIn(aws, applications, facts, { priority, now }, waysSince);
    const settings = Promise.all([gatherElbSettings(aws, applications, facts, slowly), ways]);
    settings.catch(onError);
    await reading;
    if (waysSince !== null) await ways;
    if (isFirst) await settings;
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

  /** What a write was compared with and what it read back is news at once, not with the next look. */
  function forwardTold(arn: string): void {
    for (const application of resolver.resolved()) {
      const refs = [...productionRefs(application), application.testListener];
      if (!refs.some((ref) => ref?.arn === arn)) continue;
      const before = last.get(application.name)?.traffic;
      const after = before && observe(application).traffic;
      if (!after || before.readAt > after.readAt) continue;
      const isSameTest = isSame(before.test?.weights ?? NO_WEIGHTS, after.test?.weights ?? NO_WEIGHTS);
      if (!isSame(before.weights, after.weights) || !isSameTest || before.drift !== after.drift) publish(application);
    }
  }

  async function refresh(name: string, { priority, withWays }: Required<RefreshOptions>): Promise<Observation> {
    const application = resolver.find(name);
    if (!application) {
      const problem = resolver.unresolved().find((entry) => entry.name === name);
      throw new Error(problem ? `${name}: ${problem.message}` : `There is no application ${name}`);
    }
    const at = now();
    for (const loop of loops) loop.markRead(name, at);
    const since = withWays ? at : NEVER;
    await Promise.all([
      gatherEcs(aws, [application], facts, { priority, now }),
      readElb([application], priority, since),
    ]);
    return publish(application);
  }

  function startRefresh(name: string, options: Required<RefreshOptions>): Promise<Observation> {
    const ofName = refreshes.get(name) ?? new Map<string, Refresh>();
    refreshes.set(name, ofName);
    const key = refreshKey(options);
    const startedAt = now();
    const current = forEverybody(() => refresh(name, options)).finally(() => {
      const entry = ofName.get(key);
      if (entry?.current === current && !entry.next) ofName.delete(key);
    });
    ofName.set(key, { current, startedAt, next: null });
    return current;
  }

  return {
    start() {
      const { signal } = stopping;
      running = Promise.all([resolver.run(signal), ...everyLoop.map((loop) => loop.run(signal))]).catch(onError);
      stopTold = onForwardTold(aws, forwardTold);
      aging = setInterval(age, AGING_MS);
      aging.unref();
    },
    async stop() {
      stopping.abort(new Error("The observer was stopped"));
      stopTold();
      if (aging) clearInterval(aging);
      await running;
    },
    applications: resolver.resolved,
    findApplication: resolver.find,
    unresolved: resolver.unresolved,
    observation: (name) => last.get(name) ?? null,
    look(name) {
      const application = resolver.find(name);
      return application && (last.get(name) ?? observe(application));
    },
    subscribe(name, listener, { isPassive = false } = {}) {
      const entry = { listener, isPassive };
      const entries = listeners.get(name) ?? new Set();
      listeners.set(name, entries.add(entry));
      if (!isPassive) for (const loop of everyLoop) loop.wake();
      return () => {
        entries.delete(entry);
      };
    },
    refreshNow(name, { priority = "engine", withWays = false } = {}) {
      const options = { priority, withWays };
      const entry = refreshes.get(name)?.get(refreshKey(options));
      if (!entry) return startRefresh(name, options);
      // Its reads may have been sent before this question, so that they do not count as fresh.
      entry.next ??= entry.current.catch(() => null).then(() => startRefresh(name, options));
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
    lookWithin(name, ageMs) {
      const known = last.get(name);
      const hasWays = known?.waysIn !== undefined && now() - known.waysIn.readAt <= RECENT_WAYS_MS;
      if (known && hasWays && now() - known.observedAt <= ageMs) return Promise.resolve(known);
      const options = { priority: "question", withWays: !hasWays } as const;
      const shared = refreshes.get(name)?.get(refreshKey(options));
      return shared?.current ?? startRefresh(name, options);
    },
    setInFlight(name, isInFlight) {
      if (isInFlight) inFlight.add(name);
      else inFlight.delete(name);
      for (const loop of everyLoop) loop.wake();
    },
  };
}

/** Those that ask for the same share an answer. */
function refreshKey({ priority, withWays }: Required<RefreshOptions>): string {
  return withWays ? `${priority} with ways` : priority;
}
