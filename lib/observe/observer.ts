import { inTime } from "../async/within.ts";
import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import type { ComparedErrors } from "../domain/observation/compared-errors.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { RanRevision, RevisionState } from "../domain/observation/revision-state.ts";
import type { Slot } from "../domain/observation/slot.ts";
import { isSame, type Weights } from "../domain/observation/traffic.ts";
import { assembleObservation, isSomethingMissing } from "../gather/assemble-observation.ts";
import { createFacts, onForwardTold } from "../gather/facts.ts";
import { gatherEcs } from "../gather/gather-ecs.ts";
import { gatherElb, gatherElbSettings } from "../gather/gather-elb.ts";
import { gatherRevisions, readRevisionState, recordRevision } from "../gather/gather-revisions.ts";
import { gatherWaysIn } from "../gather/gather-ways.ts";
import type { Unresolved } from "./application-resolver.ts";
import { createApplicationResolver } from "./application-resolver.ts";
import { createObserverLoops } from "./observer-loops.ts";
import { createOutageLog, type LogLine } from "./outage-log.ts";
import { type LookPriority, NotReadYet, PATIENCE_MS } from "./patience.ts";
import type { Attention } from "./polling-interval.ts";
import { createSharedRefreshes } from "./shared-refresh.ts";
import { isSuspicious } from "./suspicion.ts";
import { EMPTY_TURNS } from "./target-health-loop.ts";
import { createWatchers, type ObservationListener } from "./watchers.ts";

interface RefreshOptions {
  /** The engine's when left out. */
  priority?: LookPriority;
  withWays?: boolean;
}
/** Looks at every application on behalf of everybody: the number of viewers changes how often, never how many times over. */
export interface Observer {
  start(): void;
  /** Resolves once nothing of it runs any more. */
  stop(): Promise<void>;
  /** Those whose names have been found in AWS. */
  applications(): Application[];
  findApplication(name: string): Application | null;
  unresolved(): Unresolved[];
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
   * well where `withWays` says so, else as old as it may be. What AWS has not answered within PATIENCE_MS is as it was known, and
   * its age says so. Rejects when the application is not resolved.
   */
  refreshNow(name: string, options?: RefreshOptions): Promise<Observation>;
  /**
   * The last look where it is no older than this, or else one that all who ask now share. It holds up no action.
   * @throws NotReadYet where AWS does not answer and nothing is known
   */
  lookWithin(name: string, ageMs: number): Promise<Observation>;
  /** How closely it is looked at here. */
  attentionOf(name: string): Attention;
  /** Reads target health often while a rollback window is open. */
  setWindow(name: string, isOpen: boolean): void;
  /** Looks fast while a deployment is in flight. */
  setInFlight(name: string, isInFlight: boolean): void;
  /** Takes other settings of switchyard.yaml: see ApplicationResolver. */
  reconfigure(configs: readonly ApplicationConfig[]): void;
  /** Also checks now and then whether tasks can still be started from what a rollback would bring back; null: nothing. */
  setWayBack(name: string, revision: RanRevision | null): void;
  /** Takes what the sides' errors were found to differ in; every later look has it. */
  setErrorKinds(name: string, compared: ComparedErrors): void;
  /** Checks now whether tasks can still be started from a revision of the application. @throws AwsFailure */
  checkRevision(application: Application, revision: RanRevision): Promise<RevisionState>;
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
  /** How often it is looked what scales what is watched. */
  scalingMs?: number;
  /** How long whoever asks waits for AWS, in ms; PATIENCE_MS when left out. */
  patienceMs?: Readonly<Record<LookPriority, number>>;
  onError?: (error: unknown) => void;
  /** One line when AWS stops or starts answering, and when an application's names are not found. */
  log?: LogLine;
}

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
/** Older ones are read again before an action is decided. */
const ATTRIBUTES_OLD_MS = 5 * 60_000;
/** As many observations are told before others get their turn on the processor. */
const PUBLISHED_TOGETHER = 20;
/** A deregistered revision or a deleted image of what is watched is told within this. */
const REVISIONS_MS = 30_000;
/** How often it is looked what scales the sides of what is watched: alarms are judged by the minute. */
const SCALING_MS = 30_000;

/** One a process and Region. */
export function createObserver(options: ObserverOptions): Observer {
  const { aws, controllers, now = Date.now, fastMs = 1000, idleMs = 10_000 } = options;
  let { configs } = options;
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const onError = options.onError ?? ((error: unknown) => console.error(error));
  const facts = createFacts(aws);
  const watchers = createWatchers(onError);
  const last = new Map<string, Observation>();
  const errorKinds = new Map<string, ComparedErrors>();
  const resolvedAt = new Map<string, number>();
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
      for (const loop of loops.all) loop.wake();
    },
    failed: outages.unresolved,
    onError,
  });

  const isFocus = (name: string) => watchers.attentionOf(name) === "focus";
  const metricsMs = () =>
    options.metricsMs ?? Math.min(60, ...configs.map((config) => config.metricPeriodSeconds)) * 1000;
  const loops = createObserverLoops(
    { aws, facts, now, fastMs, idleMs, applications: resolver.resolved, watchers, gathered, onError },
    {
      isKnown: (name) => last.has(name),
      slotsOf: (application) => (last.get(application.name) ?? observe(application)).slots,
    },
    {
      metricsMs,
      revisionsMs: options.revisionsMs ?? REVISIONS_MS,
      scalingMs: options.scalingMs ?? SCALING_MS,
    },
  );
  const refreshes = createSharedRefreshes(refresh, refreshKey);

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
      ...loops.fresh.map((loop) => STALE_TURNS * loop.intervalMs(application.name)),
    );
    const targetsMs = Math.max(STALE_LEAST_MS, STALE_TURNS * EMPTY_TURNS * loops.targets.intervalMs(application.name));
    const { name } = application;
    const look = assembleObservation(application, facts, now(), staleAfterMs, isFocus(name) ? null : targetsMs);
    const compared = errorKinds.get(name);
    return compared ? { ...look, errorKinds: compared } : look;
  }

  function publish(application: Application): Observation {
    const observation = observe(application);
    // Taken out of switchyard.yaml while it was read.
    if (!resolver.find(application.name)) return observation;
    last.set(application.name, observation);
    // What was not read yet is no outage.
    if (loops.first.every((loop) => loop.hasRead(application.name)))
      outages.observed(application.name, observation.sources);
    loops.targets.suspect(application.name, isSuspicious(observation));
    if (isSomethingMissing(application, facts)) resolver.doubt(application.name);
    watchers.tell(observation);
    return observation;
  }

  async function gathered(applications: readonly Application[]): Promise<void> {
    for (const [index, application] of applications.entries()) {
      if (index % PUBLISHED_TOGETHER === PUBLISHED_TOGETHER - 1) await new Promise((resolve) => setImmediate(resolve));
      const isComplete = loops.first.every((loop) => loop.hasRead(application.name));
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
    for (const loop of [...loops.fresh, loops.targets]) loop.markRead(name, at);
    const since = withWays ? at : NEVER;
    await Promise.all([gatherEcs(aws, [application], facts, { priority, now }), readElb(application, priority, since)]);
    return publish(application);
  }

  /** The look, or what is known by then: each source with its age, which the rules judge. What comes later is published then. */
  async function patiently(name: string, priority: LookPriority, look: Promise<Observation>): Promise<Observation> {
    const done = await inTime(patienceMs[priority], look);
    if (done) return done.value;
    const application = resolver.find(name);
    return application ? observe(application) : look;
  }

  return {
    start() {
      const { signal } = stopping;
      running = Promise.all([resolver.run(signal), ...loops.all.map((loop) => loop.run(signal))]).catch(onError);
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
    reconfigure(next) {
      configs = next;
      resolver.reconfigure(next);
      const names = new Set(next.map(({ name }) => name));
      for (const known of [last, errorKinds]) for (const name of known.keys()) if (!names.has(name)) known.delete(name);
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
      const stop = watchers.subscribe(name, listener, isPassive);
      if (!isPassive) for (const loop of loops.all) loop.wake();
      return stop;
    },
    refreshNow: (name, { priority = "engine", withWays = false } = {}) =>
      patiently(name, priority, refreshes.after(name, { priority, withWays })),
    async checkRevision(application, revision) {
      const state = await readRevisionState(aws, application, revision, "action", now());
      recordRevision(facts, revision.taskDefinition, state);
      return state;
    },
    setErrorKinds(name, compared) {
      const application = resolver.find(name);
      if (!application) return;
      errorKinds.set(name, compared);
      if (last.has(name)) publish(application);
    },
    setWayBack(name, revision) {
      const known = facts.wayBack.get(name);
      if (known?.taskDefinition === revision?.taskDefinition && known?.digest === revision?.digest) return;
      if (revision === null) facts.wayBack.delete(name);
      else facts.wayBack.set(name, revision);
      const application = resolver.find(name);
      if (!application || revision === null || facts.revisions.find(revision.taskDefinition)) return;
      // Before anybody rests on the button, not only when its turn comes.
      gatherRevisions(aws, [application], facts, { priority: "observer", now })
        .then(() => (last.has(name) ? publish(application) : undefined))
        .catch(onError);
    },
    async lookWithin(name, ageMs) {
      const known = last.get(name);
      const hasWays = known?.waysIn !== undefined && now() - known.waysIn.readAt <= RECENT_WAYS_MS;
      const readAt = known ? Math.min(known.observedAt, ...Object.values(known.slots).map(targetsAt)) : 0;
      if (known && hasWays && now() - readAt <= ageMs) return known;
      const look = await patiently(
        name,
        "question",
        refreshes.joined(name, { priority: "question", withWays: !hasWays }),
      );
      if (look.observedAt === 0) throw new NotReadYet(name);
      return look;
    },
    attentionOf: watchers.attentionOf,
    setWindow: loops.targets.setWindow,
    setInFlight(name, isInFlight) {
      watchers.setInFlight(name, isInFlight);
      for (const loop of loops.all) loop.wake();
    },
  };
}

const targetsAt = ({ targetsReadAt = 0 }: Slot): number => targetsReadAt;

/** Those that ask for the same share an answer. */
function refreshKey({ priority, withWays }: Required<RefreshOptions>): string {
  return withWays ? `${priority} with ways` : priority;
}
