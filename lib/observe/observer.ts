import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { forEverybody } from "../aws/question.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { RevisionState } from "../domain/observation/revision-state.ts";
import { SLOT_COLORS, type Slot } from "../domain/observation/slot.ts";
import { isSame, type Weights } from "../domain/observation/traffic.ts";
import { assembleObservation, isSomethingMissing } from "../gather/assemble-observation.ts";
import { createFacts, onForwardTold } from "../gather/facts.ts";
import { ecsCallsOf, gatherEcs } from "../gather/gather-ecs.ts";
import {
  forwardCallsOf,
  forwardCompany,
  gatherElb,
  gatherElbSettings,
  gatherForwards,
  gatherTargets,
  groupsOf,
} from "../gather/gather-elb.ts";
import { gatherMetrics, metricsCallsOf } from "../gather/gather-metrics.ts";
import { gatherRevisions, readRevisionState, recordRevision, revisionCallsOf } from "../gather/gather-revisions.ts";
import { gatherWaysIn, waysCallsOf } from "../gather/gather-ways.ts";
import { createApplicationResolver } from "./application-resolver.ts";
import { createOutageLog, type LogLine } from "./outage-log.ts";
import type { Attention } from "./polling-interval.ts";
import { createSourceLoop, type Lane, type SourceLoop } from "./source-loop.ts";
import { isEmptySide, isSuspicious, isSuspiciousSide } from "./suspicion.ts";
import { longestDue } from "./turns.ts";

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
  /** Reads target health often while a rollback window is open. */
  setWindow(name: string, isOpen: boolean): void;
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
  /** One line when AWS stops or starts answering, and when an application's names are not found. */
  log?: LogLine;
}

/** What is watched or in flight, the weights and counts of all others, and what may wait. */
const PRIORITY = "observer";
const FLEET = "fleet";
const LEAST = "idle";
const priorityOf = (lane: Lane): Priority => (lane === "focus" ? PRIORITY : FLEET);
/** Three missed turns, but never sooner than one slow answer takes. */
const STALE_TURNS = 3;
const STALE_LEAST_MS = 4000;
const AGING_MS = 1000;
const AGED_IN_TURNS = 5;
const NO_WEIGHTS: Weights = { blue: 0, green: 0 };
/** A first observation waits this long for the slower source. */
const FIRST_ROUND_MS = 3000;
/** For a question, every other listener and rule as of this long ago counts as of now: what a switch leaves alone. */
const RECENT_WAYS_MS = 10_000;
/** Older than everything but what was never read. */
const NEVER = 1;
/** Weights of all in an overview are read at least this often, and more often while that takes no more than this part of the bucket. */
const OVERVIEW_MS = 10_000;
const OVERVIEW_SHARE = 0.1;
/** Applications of one slice of the slow turns: what becomes urgent waits for no more than their calls. */
const TARGETS_SLICE = 6;
const SETTINGS_SLICE = 10;
/** Attributes that one of those slices reads, so that a first reading of all takes no turns from target health. */
const ATTRIBUTES_A_SLICE = 2;
/** An empty side of what nobody looks at is read again after this many turns of the others. */
const EMPTY_TURNS = 5;
/** Target health keeps at least this part of the bucket, settings take no more than that. */
const TARGETS_SHARE = 0.3;
const SETTINGS_SHARE = 0.15;
/** While somebody looks, listeners and rules that a person adds are seen within this time where that takes no more than a small part of the bucket. */
const SETTINGS_MS = 15_000;
const SETTINGS_IDLE_MS = 120_000;
const SETTINGS_OVERVIEW_SHARE = 0.05;
/** Turns in which each group's attributes are read once, more or less. */
const ATTRIBUTES_TURNS = 15;
/** Attributes change by a person's hand, and take a call for each group. */
const ATTRIBUTES_MS = 60_000;
const ATTRIBUTES_IDLE_MS = 30 * 60_000;
/** Older ones are read again before an action is decided. */
const ATTRIBUTES_OLD_MS = 5 * 60_000;
/** As many observations are told before others get their turn on the processor. */
const PUBLISHED_TOGETHER = 20;
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
  const windows = new Set<string>();
  /** Whose target health may have changed. */
  const suspicious = new Set<string>();
  const last = new Map<string, Observation>();
  const resolvedAt = new Map<string, number>();
  /** By application: what is under way for each sort of asker, so that a question holds up no action that joins it. */
  const refreshes = new Map<string, Map<string, Refresh>>();
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let aging: NodeJS.Timeout | null = null;
  let agings = 0;
  let stopTold = () => {};

  const outages = createOutageLog(options.log ?? (() => undefined));
  const resolver = createApplicationResolver({
    aws,
    configs,
    controllers,
    now,
    changed(application) {
      resolvedAt.set(application.name, now());
      outages.resolved(application.name);
      for (const loop of everyLoop) loop.wake();
    },
    failed: outages.unresolved,
    onError,
  });

  const isWatched = (key: string) => [...(listeners.get(key) ?? [])].some(({ isPassive }) => !isPassive);
  function attentionOf(name: string): Attention {
    if (inFlight.has(name) || isWatched(name)) return "focus";
    return isWatched("*") ? "overview" : "idle";
  }

  const isFocus = (name: string) => attentionOf(name) === "focus";

  const shared = { now, fastMs, idleMs, applications: resolver.resolved, attentionOf, gathered, onError };
  const elbRate = () => aws.budgets.rate("elb-read");
  const ecsLoop = createSourceLoop({
    ...shared,
    callsOf: (applications) => ecsCallsOf(applications, facts),
    perSecond: () => aws.budgets.rate("ecs-resource-read"),
    gather: (applications, lane) => gatherEcs(aws, applications, facts, { priority: priorityOf(lane), now }),
    async gathered(applications) {
      if (applications.some(({ name }) => !targetsLoop.hasRead(name))) targetsLoop.wake();
      await gathered(applications);
    },
  });
  /** Weights of all, which come by the hundred, and target health of what is watched or in flight. */
  const elbLoop = createSourceLoop({
    ...shared,
    overviewMs() {
      const ms = (forwardCallsOf(resolver.resolved()) / (elbRate() * OVERVIEW_SHARE)) * 1000;
      return Math.max(fastMs, Math.min(OVERVIEW_MS, ms));
    },
    callsOf(applications) {
      const watched = applications.filter(({ name }) => isFocus(name));
      return forwardCallsOf(applications) + groupsOf(watched).size;
    },
    perSecond: elbRate,
    companyOf: forwardCompany,
    async gather(applications, lane) {
      const how = { priority: priorityOf(lane), now };
      const watched = lane === "focus" ? applications.filter(({ name }) => isFocus(name)) : [];
      for (const { name } of watched) targetsLoop.markRead(name, now());
      await Promise.all([
        gatherForwards(aws, applications, facts, how),
        gatherTargets(aws, groupsOf(watched), facts, how),
      ]);
    },
  });
  /** Target health of the others, a call for each group: soon where it may have changed, else in turns as the budget lets it. */
  const targetsLoop = createSourceLoop({
    ...shared,
    // ECS says which sides have anything to ask for.
    applications: () => resolver.resolved().filter(({ name }) => !isFocus(name) && ecsLoop.hasRead(name)),
    attentionOf: (name) => (suspicious.has(name) || windows.has(name) || !last.has(name) ? "overview" : "idle"),
    idleMs: () => (isWatched("*") ? fastMs : idleMs),
    callsOf: (applications) => groupsOf(applications).size,
    perSecond: () => Math.max(elbRate() * TARGETS_SHARE, elbRate() - elbLoop.callsPerSecond()),
    slice: TARGETS_SLICE,
    isGreedy: true,
    async gather(applications) {
      const soon = applications.filter(({ name }) => suspicious.has(name) || windows.has(name) || !last.has(name));
      const slowly = applications.filter((application) => !soon.includes(application));
      await Promise.all([
        gatherTargets(
          aws,
          soon
            .flatMap((each) => [...sidesOf(each, false), ...sidesOf(each, true).filter(isSuspiciousSide)])
            .map(({ targetGroupArn }) => targetGroupArn),
          facts,
          { priority: FLEET, now },
        ),
        gatherTargets(aws, groupsInTurn(slowly), facts, { priority: LEAST, now }),
      ]);
    },
  });
  /** Attributes of target groups, listeners and rules: they change by a person's hand and hold nothing up. */
  const settingsLoop = createSourceLoop({
    ...shared,
    fastMs: SETTINGS_MS,
    idleMs: SETTINGS_IDLE_MS,
    overviewMs() {
      const ms = (settingsCallsOf(resolver.resolved()) / (elbRate() * SETTINGS_OVERVIEW_SHARE)) * 1000;
      return Math.max(SETTINGS_MS, Math.min(SETTINGS_IDLE_MS, ms));
    },
    callsOf: settingsCallsOf,
    perSecond: () => elbRate() * SETTINGS_SHARE,
    slice: SETTINGS_SLICE,
    gather: (applications, lane) => readSettings(applications, lane),
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
    gather: (applications, lane) => gatherMetrics(aws, applications, facts, { priority: priorityOf(lane), now }),
  });
  /** Whether a revision can be started changes seldom, and holds nothing up. */
  const revisionsLoop = createSourceLoop({
    ...shared,
    fastMs: revisionsMs,
    idleMs: REVISIONS_IDLE_TURNS * revisionsMs,
    gathered: () => undefined,
    callsOf: revisionCallsOf,
    perSecond: () => aws.budgets.rate("ecs-definition-read"),
    gather: (applications, lane) => gatherRevisions(aws, applications, facts, { priority: priorityOf(lane), now }),
  });
  /** What an observation waits for. */
  const loops: readonly SourceLoop[] = [ecsLoop, elbLoop];
  const firstLoops: readonly SourceLoop[] = [...loops, targetsLoop, settingsLoop];
  /** Metrics come by the minute: they make a look richer and hold none up. */
  const everyLoop: readonly SourceLoop[] = [...firstLoops, metricsLoop, revisionsLoop];

  function settingsCallsOf(applications: readonly Application[]): number {
    return waysCallsOf(applications, facts) + groupsOf(applications).size / ATTRIBUTES_TURNS;
  }

  /** The sides that have something, or those that have nothing. */
  function sidesOf(application: Application, haveNothing: boolean): Slot[] {
    const { slots } = last.get(application.name) ?? observe(application);
    return SLOT_COLORS.map((color) => slots[color]).filter((slot) => isEmptySide(slot) === haveNothing);
  }

  /** The groups of sides that have something, and of the empty ones that whose turn is due longest. */
  function groupsInTurn(applications: readonly Application[]): string[] {
    const empty = applications.flatMap((application) => {
      const everyMs = EMPTY_TURNS * targetsLoop.intervalMs(application.name);
      return sidesOf(application, true).map((slot) => ({ slot, dueAt: (slot.targetsReadAt ?? 0) + everyMs }));
    });
    const slots = applications.flatMap((application) => sidesOf(application, false));
    const due = longestDue(empty, now());
    return [...slots, ...(due ? [due.slot] : [])].map(({ targetGroupArn }) => targetGroupArn);
  }

  async function readSettings(applications: readonly Application[], lane: Lane): Promise<void> {
    const how = { priority: LEAST, now } as const;
    // What several share is read once, with the first of them that has its turn.
    const oldestMs = Math.min(...applications.map(({ name }) => settingsLoop.intervalMs(name)));
    const attributesMs = lane === "focus" ? ATTRIBUTES_MS : ATTRIBUTES_IDLE_MS;
    await Promise.all([
      gatherWaysIn(aws, applications, facts, how, now() - oldestMs / 2),
      gatherElbSettings(aws, applications, facts, how, attributesMs, lane === "focus" ? undefined : ATTRIBUTES_A_SLICE),
    ]);
  }

  /** Everything of one application anew. Settings are as old as they may be, the other ways in too unless a time is asked for. */
  async function readElb(application: Application, priority: Priority, waysSince: number): Promise<void> {
    const how = { priority, now };
    await Promise.all([
      gatherElb(aws, [application], facts, how),
      gatherElbSettings(aws, [application], facts, how, ATTRIBUTES_OLD_MS),
      gatherWaysIn(aws, [application], facts, how, waysSince),
    ]);
  }

  function observe(application: Application): Observation {
    const staleAfterMs = Math.max(
      STALE_LEAST_MS,
      ...loops.map((loop) => STALE_TURNS * loop.intervalMs(application.name)),
    );
    const targetsMs = Math.max(STALE_LEAST_MS, STALE_TURNS * EMPTY_TURNS * targetsLoop.intervalMs(application.name));
    return assembleObservation(application, facts, now(), staleAfterMs, isFocus(application.name) ? null : targetsMs);
  }

  function publish(application: Application): Observation {
    const observation = observe(application);
    last.set(application.name, observation);
    // What was not read yet is no outage.
    if (firstLoops.every((loop) => loop.hasRead(application.name)))
      outages.observed(application.name, observation.sources);
    if (!isSuspicious(observation)) suspicious.delete(application.name);
    else if (!suspicious.has(application.name)) {
      suspicious.add(application.name);
      targetsLoop.wake();
    }
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

  async function gathered(applications: readonly Application[]): Promise<void> {
    for (const [index, application] of applications.entries()) {
      if (index % PUBLISHED_TOGETHER === PUBLISHED_TOGETHER - 1) await new Promise((resolve) => setImmediate(resolve));
      const isComplete = firstLoops.every((loop) => loop.hasRead(application.name));
      const waitedMs = now() - (resolvedAt.get(application.name) ?? 0);
      if (isComplete || waitedMs > FIRST_ROUND_MS) publish(application);
    }
  }

  /** A source that stays silent brings no news by itself, so its age has to: soon for what is looked at most, in turns for all. */
  function age(): void {
    agings += 1;
    for (const [index, application] of resolver.resolved().entries()) {
      const before = last.get(application.name);
      if (!before) continue;
      if (!isFocus(application.name) && (agings + index) % AGED_IN_TURNS > 0) continue;
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
    for (const loop of [...loops, targetsLoop]) loop.markRead(name, at);
    const since = withWays ? at : NEVER;
    await Promise.all([gatherEcs(aws, [application], facts, { priority, now }), readElb(application, priority, since)]);
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
      const readAt = known ? Math.min(known.observedAt, ...Object.values(known.slots).map(targetsAt)) : 0;
      if (known && hasWays && now() - readAt <= ageMs) return Promise.resolve(known);
      const options = { priority: "question", withWays: !hasWays } as const;
      const shared = refreshes.get(name)?.get(refreshKey(options));
      return shared?.current ?? startRefresh(name, options);
    },
    setWindow(name, isOpen) {
      if (windows.has(name) === isOpen) return;
      if (isOpen) windows.add(name);
      else windows.delete(name);
      targetsLoop.wake();
    },
    setInFlight(name, isInFlight) {
      if (isInFlight) inFlight.add(name);
      else inFlight.delete(name);
      for (const loop of everyLoop) loop.wake();
    },
  };
}

const targetsAt = ({ targetsReadAt = 0 }: Slot): number => targetsReadAt;

/** Those that ask for the same share an answer. */
function refreshKey({ priority, withWays }: Required<RefreshOptions>): string {
  return withWays ? `${priority} with ways` : priority;
}
