import { inTime } from "../async/within.ts";
import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import type { Application } from "../domain/application/application.ts";
import type { ComparedErrors } from "../domain/observation/compared-errors.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { RanRevision, RevisionState } from "../domain/observation/revision-state.ts";
import type { Slot } from "../domain/observation/slot.ts";
import { createFacts, onForwardTold } from "../gather/facts.ts";
import { gatherEcs } from "../gather/gather-ecs.ts";
import { gatherElb, gatherElbSettings } from "../gather/gather-elb.ts";
import { networksOf } from "../gather/gather-needs.ts";
import { gatherRevisions, readRevisionState, recordRevision } from "../gather/gather-revisions.ts";
import { gatherWaysIn } from "../gather/gather-ways.ts";
import type { Unresolved } from "./application-resolver.ts";
import { createApplicationResolver } from "./application-resolver.ts";
import { createObserverLoops } from "./observer-loops.ts";
import { createOutageLog, type LogLine } from "./outage-log.ts";
import { type LookPriority, NotReadYet, PATIENCE_MS } from "./patience.ts";
import type { Attention } from "./polling-interval.ts";
import { createSharedRefreshes } from "./shared-refresh.ts";
import { createToldLooks } from "./told-looks.ts";
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

const AGING_MS = 1000;
/** For a question, every other listener and rule as of this long ago counts as of now: what a switch leaves alone. */
const RECENT_WAYS_MS = 10_000;
/** Older than everything but what was never read. */
const NEVER = 1;
/** Older ones are read again before an action is decided. */
const ATTRIBUTES_OLD_MS = 5 * 60_000;
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
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let aging: NodeJS.Timeout | null = null;
  let stopTold = () => {};

  const outages = createOutageLog(options.log ?? (() => undefined));
  const resolver = createApplicationResolver({
    aws,
    configs,
    controllers,
    now,
    changed(application) {
      looks.resolved(application.name);
      outages.resolved(application.name);
      for (const loop of loops.all) loop.wake();
    },
    failed: outages.unresolved,
    onError,
  });

  const looks = createToldLooks({ facts, now, resolver, watchers, outages, loops: () => loops });
  const metricsMs = () =>
    options.metricsMs ?? Math.min(60, ...configs.map((config) => config.metricPeriodSeconds)) * 1000;
  const loops = createObserverLoops(
    { aws, facts, now, fastMs, idleMs, applications: resolver.resolved, watchers, gathered: looks.gathered, onError },
    {
      isKnown: (name) => looks.last(name) !== null,
      slotsOf: (application) => (looks.last(application.name) ?? looks.observe(application)).slots,
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
    return looks.publish(application);
  }

  /** The look, or what is known by then: each source with its age, which the rules judge. What comes later is published then. */
  async function patiently(name: string, priority: LookPriority, look: Promise<Observation>): Promise<Observation> {
    const done = await inTime(patienceMs[priority], look);
    if (done) return done.value;
    const application = resolver.find(name);
    return application ? looks.observe(application) : look;
  }

  return {
    start() {
      const { signal } = stopping;
      running = Promise.all([resolver.run(signal), ...loops.all.map((loop) => loop.run(signal))]).catch(onError);
      stopTold = onForwardTold(aws, looks.forwardTold);
      aging = setInterval(looks.age, AGING_MS);
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
      looks.keepOnly(next);
    },
    applications: resolver.resolved,
    findApplication: resolver.find,
    unresolved: resolver.unresolved,
    observation: looks.last,
    look(name) {
      const application = resolver.find(name);
      return application && (looks.last(name) ?? looks.observe(application));
    },
    subscribe(name, listener, { isPassive = false } = {}) {
      const stop = watchers.subscribe(name, listener, isPassive);
      if (!isPassive) for (const loop of loops.all) loop.wake();
      return stop;
    },
    refreshNow: (name, { priority = "engine", withWays = false } = {}) =>
      patiently(name, priority, refreshes.after(name, { priority, withWays })),
    async checkRevision(application, revision) {
      const state = await readRevisionState(aws, application, revision, {
        ...{ priority: "action", now: now(), networks: networksOf(application, facts) },
      });
      recordRevision(facts, revision.taskDefinition, state);
      return state;
    },
    setErrorKinds(name, compared) {
      const application = resolver.find(name);
      if (application) looks.setErrorKinds(application, compared);
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
        .then(() => (looks.last(name) ? looks.publish(application) : undefined))
        .catch(onError);
    },
    async lookWithin(name, ageMs) {
      const known = looks.last(name);
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
