import type { RunningAccessCache } from "../auth/access-cache.ts";
import type { TokenMemory } from "../auth/token-memory.ts";
import type { Aws, AwsOptions } from "../aws/aws.ts";
import type { AccountConfig } from "../config/accounts-config.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { EventsQueue } from "../config/events-config.ts";
import type { RateLimits } from "../config/rate-limits-config.ts";
import type { Controllers } from "../controllers/registry.ts";
import type { StandIn } from "../domain/readiness/subject.ts";
import type { EngineDeps } from "../engine/engine-deps.ts";
import type { Engine } from "../engine/engine-ports.ts";
import type { OutsideCallers } from "../engine/outside-callers.ts";
import type { Github } from "../gather/github.ts";
import type { ErrorComparisons } from "../logs/error-comparisons.ts";
import type { Notifier, NotifierDeps } from "../notify/notifier.ts";
import type { DiscoveryLooks } from "../observe/discovery-looks.ts";
import type { EventConsumer } from "../observe/event-consumer.ts";
import type { Observer, ObserverOptions } from "../observe/observer.ts";
import type { Places } from "../observe/places.ts";
import type { ReadinessLooks } from "../observe/readiness-looks.ts";
import type { SnapshotHub } from "../observe/snapshot-hub.ts";
import type { Store } from "../store/store.ts";
import type { WriteAheadLog } from "../store/write-ahead-log.ts";

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
