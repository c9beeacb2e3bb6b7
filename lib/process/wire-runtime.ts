import { createAccessCache, type RunningAccessCache } from "../auth/access-cache.ts";
import { createTokenMemory, type TokenMemory, type TokenSource } from "../auth/token-memory.ts";
import type { Aws, AwsOptions } from "../aws/aws.ts";
import type { AccountConfig } from "../config/accounts-config.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { EventsQueue } from "../config/events-config.ts";
import type { RateLimits } from "../config/rate-limits-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import { onlyHereSaid } from "../domain/observation/error-kinds.ts";
import type { StandIn } from "../domain/readiness/subject.ts";
import { utcClock } from "../domain/text/utc-minute.ts";
import { createEngine } from "../engine/engine.ts";
import type { Engine, EngineDeps } from "../engine/engine-ports.ts";
import { createIncidentKeeper } from "../engine/incident-keeper.ts";
import { createOutsideCallers, type OutsideCallers } from "../engine/outside-callers.ts";
import type { Github } from "../gather/github.ts";
import { createErrorComparisons, type ErrorComparisons } from "../logs/error-comparisons.ts";
import { createLinesAround } from "../logs/lines-around.ts";
import { createLastLines, createRequestEvidence } from "../logs/log-evidence.ts";
import { createNotifier, type Notifier, type NotifierDeps } from "../notify/notifier.ts";
import { createDiscoveryLooks, type DiscoveryLooks } from "../observe/discovery-looks.ts";
import type { EventConsumer } from "../observe/event-consumer.ts";
import type { Observer, ObserverOptions } from "../observe/observer.ts";
import { placeOpener } from "../observe/open-place.ts";
import { createPlaces, type Places } from "../observe/places.ts";
import { readDeploymentFacts } from "../observe/readiness-deployments.ts";
import { createReadinessLooks, type ReadinessLooks } from "../observe/readiness-looks.ts";
import { createSnapshotHub, type SnapshotHub } from "../observe/snapshot-hub.ts";
import { withStore } from "../request/refusal.ts";
import type { Store } from "../store/store.ts";
import type { WriteAheadLog } from "../store/write-ahead-log.ts";
import { createEventConsumers } from "./event-consumers.ts";
import { followLooks } from "./follow-looks.ts";

/** What looks, moves and tells, each with everything that it leans on; none of it has been started. */
export interface WiredRuntime {
  store: Store;
  /** Every account and Region that applications are in. */
  places: Places;
  /** AWS by the process's own credentials, in its own Region. */
  aws: Aws;
  awsFor: Places["awsFor"];
  awsOfLogGroup: Places["awsOfLogGroup"];
  controllers: Controllers;
  observer: Observer;
  hub: SnapshotHub;
  errors: ErrorComparisons;
  /** What is put in its place goes on with what others submit. */
  engine: Engine;
  notifier: Notifier;
  /** Who did what nobody did here. */
  callers: OutsideCallers;
  /** Readers of the queues with ECS's events; none where none is configured. */
  events: readonly EventConsumer[];
  readiness: ReadinessLooks;
  discovery: DiscoveryLooks;
  accessCache: RunningAccessCache;
  tokens: TokenMemory;
  now(): number;
  /** One more engine, as another replica has it. */
  newEngine(holder: string, store: Store): Engine;
}

/** What differs between a process, a replica and a test. */
export interface WiringOptions {
  store: Store;
  /** By the process's own credentials, in its own Region. */
  aws: Aws;
  accounts: readonly AccountConfig[];
  /** API rate limits of the process's own account that differ from AWS's; none when left out. */
  rateLimits?: RateLimits;
  /** Queues with ECS's events; none when left out. */
  events?: readonly EventsQueue[];
  /** As they are now: switchyard.yaml may be read again. */
  configs(): readonly ApplicationConfig[];
  writeAheadLog: WriteAheadLog;
  /** Names this replica in leases. */
  holder: string;
  notifications: NotifierDeps["config"];
  /** Where people reach the dashboard. */
  baseUrl: string;
  /** What readiness looks at GitHub with; null without a token. */
  github: Github | null;
  /** What answers in AWS's place; null with AWS. */
  standIn: StandIn | null;
  now(): number;
  log(level: "info" | "warn" | "error", message: string, fields?: Record<string, unknown>): void;
  /** For tests: shorter waits. */
  looks?: Pick<ObserverOptions, "fastMs" | "idleMs" | "patienceMs" | "revisionsMs" | "scalingMs">;
  ticks?: Pick<EngineDeps, "tickMs" | "idleMs" | "leaseMs">;
  settleMs?: number;
  /** For tests: false where a story changes AWS by hand and nobody is to acknowledge it. */
  isDriftWatched?: boolean;
  /** For tests: how often it is looked whether CloudTrail is to be asked. */
  callersEveryMs?: number;
  /** For tests: other budgets than AWS's. */
  limits?: AwsOptions["limits"];
}

/** A pipeline waits no longer for the database before what it said last is taken. */
const TOKEN_WITHIN_MS = 3_000;

/** The one wiring of the runtime, for `npm start`, replicas and tests alike. */
export function wireRuntime(options: WiringOptions): WiredRuntime {
  const { store, writeAheadLog, now, log } = options;
  const failed = (what: string) => (error: unknown) => log("warn", `${what} failed`, { error });
  const places = createPlaces({
    region: options.aws.region,
    accounts: options.accounts,
    configs: options.configs(),
    open: placeOpener(options.aws, {
      now,
      ...options.looks,
      ...(options.limits ? { limits: options.limits } : {}),
      ...(options.rateLimits ? { rateLimits: options.rateLimits } : {}),
      onError: failed("An observation"),
      log,
    }),
  });
  const { observer, logs } = places;
  const { aws } = places.home;
  const snapshots = createSnapshotHub({ observer, store, writeAheadLog, now, onError: failed("A snapshot") });
  const errors = createErrorComparisons({ reader: logs, observer, now, told: observer.setErrorKinds });
  const notifier = createNotifier({
    store,
    config: options.notifications,
    now,
    async errorLine(deployment) {
      const application = observer.findApplication(deployment.application);
      const look = observer.observation(deployment.application);
      if (!application || !look) return null;
      return onlyHereSaid(await errors.compare(application, look, deployment), utcClock);
    },
    baseUrl: options.baseUrl,
    log,
  });
  // Whoever changes a deployment tells the hub; people are told from there.
  const hub: SnapshotHub = {
    ...snapshots,
    deploymentChanged(deployment) {
      snapshots.deploymentChanged(deployment);
      notifier.deploymentChanged(deployment);
      callers.recordSeen(deployment);
    },
  };
  const callers = createOutsideCallers({
    store,
    findApplication: observer.findApplication,
    trailFor: (application) => places.awsFor(application).trail,
    holder: options.holder,
    deploymentChanged: hub.deploymentChanged,
    recordChanged: hub.recordChanged,
    now,
    log,
    onError: failed("Finding out who did something outside Switchyard"),
    ...(options.callersEveryMs === undefined ? {} : { everyMs: options.callersEveryMs }),
  });
  const newEngine = (holder: string, ownStore: Store) =>
    createEngine({ ...enginePorts(options, places, hub), holder, store: ownStore });
  const wired: WiredRuntime = {
    store,
    places,
    aws,
    awsFor: places.awsFor,
    awsOfLogGroup: places.awsOfLogGroup,
    controllers: places.controllers,
    observer,
    hub,
    errors,
    engine: newEngine(options.holder, store),
    notifier,
    callers,
    events: createEventConsumers(options, places),
    readiness: createReadinessLooks({
      awsOf: places.awsOf,
      inRegion: places.inRegion,
      configs: options.configs,
      store,
      github: options.github,
      standIn: options.standIn,
      readDeployments: (application) => readDeploymentFacts(store, application),
      now,
    }),
    discovery: createDiscoveryLooks({ aws, now }),
    accessCache: createAccessCache({ source: store, now, onError: failed("A look at grants and sessions") }),
    tokens: createTokenMemory(tokensOf(store), now),
    now,
    newEngine,
  };
  followLooks(wired, failed, options.isDriftWatched ?? true);
  return wired;
}

function tokensOf(store: Store): TokenSource {
  return {
    lookUp: (hash) => withStore(() => store.findApiToken({ hash }), TOKEN_WITHIN_MS),
    noteUse: (id, now) => store.noteApiTokenUse(id, now),
  };
}

function enginePorts(
  { store, writeAheadLog, now, log, ticks, settleMs }: WiringOptions,
  { home, controllers, observer, logs, awsOfArn }: Places,
  hub: SnapshotHub,
): Omit<EngineDeps, "holder"> {
  return {
    store,
    controllers,
    observer,
    hub,
    requests: createRequestEvidence(logs),
    lines: createLastLines(logs),
    scaling: home.aws.scaling,
    incidents: createIncidentKeeper({
      store,
      lines: createLinesAround(logs, observer),
      readDefinition: (arn) => awsOfArn(arn).definitions.get(arn, "question"),
      now,
      ...(settleMs === undefined ? {} : { settleMs }),
    }),
    now,
    writeAheadLog,
    log,
    ...ticks,
  };
}
