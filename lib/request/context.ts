import type { AccessCache } from "../auth/access-cache.ts";
import type { TokenMemory } from "../auth/token-memory.ts";
import type { Aws } from "../aws/aws.ts";
import type { ReloadOutcome } from "../config/config-difference.ts";
import type { SettingsFile } from "../config/settings-file.ts";
import type { ControllerTable } from "../controllers/controller.ts";
import type { Identity } from "../domain/access/role.ts";
import type { Application } from "../domain/application/application.ts";
import type { Engine } from "../engine/engine-ports.ts";
import type { ErrorComparisons } from "../logs/error-comparisons.ts";
import type { Language } from "../messages/language.ts";
import type { Notifier } from "../notify/notifier.ts";
import type { DiscoveryLooks } from "../observe/discovery-looks.ts";
import type { Observer } from "../observe/observer.ts";
import type { ReadinessLooks } from "../observe/readiness-looks.ts";
import type { SnapshotHub } from "../observe/snapshot-hub.ts";
import type { Store } from "../store/store.ts";

/** What they ask of AWS. */
export interface AsksAws {
  aws: Pick<
    Aws,
    | "ecr"
    | "images"
    | "definitions"
    | "ecs"
    | "elb"
    | "cloudwatch"
    | "insights"
    | "inventory"
    | "parameters"
    | "managedSecrets"
    | "roles"
    | "networks"
  >;
}

/** What operations and queries lean on; the process's runtime is one. */
export interface OperationRuntime {
  store: Store;
  /** AWS in the application's own account and Region. */
  awsFor(application: Pick<Application, "accountId" | "region">): AsksAws["aws"];
  /** AWS in the Region of a log group's ARN. */
  awsOfLogGroup(arn: string): AsksAws["aws"];
  controllers: ControllerTable;
  observer: Observer;
  hub: SnapshotHub;
  engine: Engine;
  /** Judges requests; read anew once grants or sessions were changed, so that the change holds at once. */
  accessCache: Pick<AccessCache, "refresh">;
  /** Forgets a token once it was changed, so that the change holds at once. */
  tokens: Pick<TokenMemory, "forget">;
  readiness: ReadinessLooks;
  discovery: DiscoveryLooks;
  errors: ErrorComparisons;
  /** Whether switchyard.yaml makes somebody an admin, whatever grants are taken back. */
  hasConfiguredAdmin: boolean;
  notifier: Pick<Notifier, "endpoints">;
  settings: SettingsFile;
  /** What came of the last time switchyard.yaml was read again; null since the start. */
  reloaded(): ReloadOutcome | null;
  now(): number;
}

/** Who asks, from where, and with what it is done. */
export interface Context {
  runtime: OperationRuntime;
  /** Null means nobody is signed in. */
  identity: Identity | null;
  /** The client's address, for the audit; null when not known. */
  address: string | null;
  /** What the asker reads, for answers that are whole texts; English when left out. */
  language?: Language;
  /** W3C's header of the request, where the asker's own trace goes on. */
  traceparent?: string | null;
  /** Who asks by now, for what stays open; absent where nobody can be asked again. */
  again?: () => Promise<Identity | null>;
}
