import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { createAccessCache, type RunningAccessCache, setAccessCache } from "../auth/access-cache.ts";
import { hasConfiguredAdmin } from "../auth/configured-admin.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import type { Config } from "../config/config.ts";
import { currentConfig } from "../config/current-config.ts";
import { loadConfig } from "../config/load-config.ts";
import { createSettingsFile, type SettingsFile } from "../config/settings-file.ts";
import type { Controllers } from "../controllers/registry.ts";
import { onlyHereSaid } from "../domain/observation/error-kinds.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { utcClock } from "../domain/text/utc-minute.ts";
import { createEngine } from "../engine/engine.ts";
import type { Engine } from "../engine/engine-ports.ts";
import { createForeignDeployments } from "../engine/foreign-deployments.ts";
import { createIncidentKeeper } from "../engine/incident-keeper.ts";
import { createWindowKeeper, type WindowKeeper } from "../engine/scale-down-scheduler.ts";
import { targetMemoryOf } from "../gather/facts.ts";
import { createGithub } from "../gather/github.ts";
import { log } from "../log.ts";
import { createErrorComparisons, type ErrorComparisons } from "../logs/error-comparisons.ts";
import { createLinesAround } from "../logs/lines-around.ts";
import { createLastLines, createRequestEvidence } from "../logs/log-evidence.ts";
import { createLogTails, type LogTails } from "../logs/log-tails.ts";
import { createNotifier, type Notifier } from "../notify/notifier.ts";
import { createDiscoveryLooks, type DiscoveryLooks } from "../observe/discovery-looks.ts";
import { createDriftWatch } from "../observe/drift-watch.ts";
import type { Observer } from "../observe/observer.ts";
import { placeOpener } from "../observe/open-place.ts";
import { createPlaces, type Places } from "../observe/places.ts";
import { readDeploymentFacts } from "../observe/readiness-deployments.ts";
import { createReadinessLooks, type ReadinessLooks } from "../observe/readiness-looks.ts";
import { createSnapshotHub, type SnapshotHub } from "../observe/snapshot-hub.ts";
import { createTargetKeeper, type TargetKeeper } from "../observe/target-history.ts";
import { createStore } from "../store/create-store.ts";
import type { Store } from "../store/store.ts";
import { openWriteAheadLog } from "../store/write-ahead-log.ts";
import { type AuditCheck, startAuditCheck } from "./audit-check.ts";
import { type AuditHeadKeeper, createAuditHeadKeeper, readKeptHead } from "./audit-head.ts";
import { type AuditRetention, startAuditRetention } from "./audit-retention.ts";
import { type ConfigReload, createConfigReload } from "./config-reload.ts";
import { headWitnesses } from "./head-witnesses.ts";
import { type OtlpExporter, startOtlpExporter } from "./otlp.ts";
import { createReplicaWatch, type ReplicaWatch } from "./replica-watch.ts";

/** Everything long-lived, one of each a process. */
export interface Runtime {
  config: Config;
  store: Store;
  /** Every account and Region that applications are in. */
  places: Places;
  /** AWS by the process's own credentials, in its own Region. */
  aws: Aws;
  awsFor: Places["awsFor"];
  controllers: Controllers;
  observer: Observer;
  hub: SnapshotHub;
  logTails: LogTails;
  errors: ErrorComparisons;
  engine: Engine;
  replicaWatch: ReplicaWatch;
  notifier: Notifier;
  readiness: ReadinessLooks;
  discovery: DiscoveryLooks;
  settings: SettingsFile;
  targetKeeper: TargetKeeper;
  windowKeeper: WindowKeeper;
  auditCheck: AuditCheck;
  auditRetention: AuditRetention;
  auditHead: AuditHeadKeeper;
  /** Null unless an endpoint is set. */
  traces: OtlpExporter | null;
  accessCache: RunningAccessCache;
  configReload: ConfigReload;
  reloaded: ConfigReload["last"];
  hasConfiguredAdmin: boolean;
  startedAt: number;
  now(): number;
}

const KEY = Symbol.for("switchyard.runtime");
/** Next may load this module more than once in a process: what it made hangs on the process, not on the module. */
interface Holder {
  [KEY]?: { promise: Promise<Runtime>; current: Runtime | null; stopping: Promise<void> | null };
}
// Safe because only this file writes the key.
const holder = globalThis as Holder;

/** The process's runtime, started on first use. @throws ConfigError, DirectoryLocked, MigrationRefused; the next call tries again. */
export function getRuntime(): Promise<Runtime> {
  const existing = holder[KEY];
  if (existing) return existing.promise;
  // Next tries pages out while it builds, where nothing may be started; reading cookies ends such a try.
  if (process.env.NEXT_PHASE === "phase-production-build") return new Promise(() => {});
  const entry: NonNullable<Holder[typeof KEY]> = {
    promise: startRuntime(currentConfig()),
    current: null,
    stopping: null,
  };
  holder[KEY] = entry;
  entry.promise.then(
    (runtime) => {
      entry.current = runtime;
    },
    () => {
      holder[KEY] = undefined;
    },
  );
  return entry.promise;
}

/** The runtime as it is now: null while it starts or when it never did; "stopping" once the process has been told to end. */
export function peekRuntime(): Runtime | "stopping" | null {
  const entry = holder[KEY];
  return entry?.stopping ? "stopping" : (entry?.current ?? null);
}

/** Stops everything in the order that loses nothing; safe to call twice. */
export async function stopRuntime(): Promise<void> {
  const entry = holder[KEY];
  if (!entry) return;
  entry.stopping ??= entry.promise.then(endRuntime, () => {});
  await entry.stopping;
}

async function startRuntime(config: Config): Promise<Runtime> {
  const now = Date.now;
  lendSandboxCredentials(config);
  const { databaseUrl, migrationUrl, dataDir } = config;
  const store = await createStore(databaseUrl === null ? { dataDir } : { databaseUrl, migrationUrl });
  const failed = (what: string) => (error: unknown) => log.warn(`${what} failed`, { error });
  const ownAws = createAws({ region: config.region, endpoint: config.endpoint });
  const places = createPlaces({
    region: config.region,
    accounts: config.accounts,
    configs: config.applications,
    open: placeOpener(ownAws, {
      now,
      onError: failed("An observation"),
      log: (level, message, fields) => log[level](message, fields),
    }),
  });
  const { observer, controllers, home, logs } = places;
  const { aws } = home;
  const writeAheadLog = openWriteAheadLog(join(config.dataDir, "late-rollbacks.jsonl"), (error) =>
    log.error("What was done while the database was away could not be kept on the disk", { error }),
  );
  const snapshots = createSnapshotHub({ observer, store, writeAheadLog, now, onError: failed("A snapshot") });
  const errors = createErrorComparisons({ reader: logs, observer, now });
  const notifier = createNotifier({
    store,
    config,
    now,
    async errorLine(deployment) {
      const application = observer.findApplication(deployment.application);
      const look = observer.observation(deployment.application);
      if (!application || !look) return null;
      return onlyHereSaid(await errors.compare(application, look, deployment), utcClock);
    },
    baseUrl: config.auth.url,
    log: (level, message, fields) => log[level](message, fields),
  });
  // Whoever changes a deployment tells the hub; people are told from there.
  const hub: SnapshotHub = {
    ...snapshots,
    deploymentChanged(deployment) {
      snapshots.deploymentChanged(deployment);
      notifier.deploymentChanged(deployment);
    },
  };
  const replica = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const replicaWatch = createReplicaWatch({
    store,
    holder: replica,
    now,
    shared(replicas) {
      for (const place of places.all()) place.aws.budgets.shareAmong(replicas);
    },
    onError: failed("Telling the other replicas that this one is there"),
  });
  const engine = createEngine({
    store,
    controllers,
    observer,
    hub,
    requests: createRequestEvidence(logs),
    lines: createLastLines(logs),
    scaling: aws.scaling,
    incidents: createIncidentKeeper({
      store,
      lines: createLinesAround(logs, observer),
      readDefinition: (arn) => places.awsOfArn(arn).definitions.get(arn, "question"),
      now,
    }),
    now,
    writeAheadLog,
    holder: replica,
    log: (level, message, fields) => log[level](message, fields),
  });
  const readiness = createReadinessLooks({
    awsOf: places.awsOf,
    configs: () => config.applications,
    store,
    github: config.github && createGithub(config.github),
    standIn: config.endpoint === null ? null : { endpoint: config.endpoint, configPath: config.configPath },
    readDeployments: (application) => readDeploymentFacts(store, application),
    now,
  });
  const targetKeeper = createTargetKeeper({
    memory: targetMemoryOf(aws),
    store,
    now,
    onError: failed("Keeping what is known of targets"),
  });
  await targetKeeper.recall().catch(failed("The look at what was known of targets"));
  targetKeeper.start();
  const logTails = createLogTails({ reader: logs, now });
  const driftWatch = createDriftWatch({
    store,
    now,
    newId: randomUUID,
    onChange: (application) => hub.recordChanged(application),
    onError: failed("Keeping what AWS holds"),
  });
  observer.subscribe("*", driftWatch.observed, { isPassive: true });
  const foreign = createForeignDeployments({
    store,
    findApplication: observer.findApplication,
    submit(deployment) {
      hub.deploymentChanged(deployment);
      engine.submit(deployment);
    },
    onError: failed("Taking up a deployment that somebody else started"),
  });
  observer.subscribe("*", foreign.observed, { isPassive: true });
  const windowKeeper = createWindowKeeper({
    observer,
    store,
    engine,
    now,
    newId: randomUUID,
    onError: failed("Keeping a window"),
  });
  const tellDrift = ({ application }: Observation) =>
    hub.lastSnapshot(application).then((snapshot) => snapshot && notifier.snapshotChanged(snapshot));
  observer.subscribe("*", (look) => void tellDrift(look).catch(failed("A look for drift")), { isPassive: true });
  const accessCache = createAccessCache({ source: store, now, onError: failed("A look at grants and sessions") });
  await accessCache.refresh().catch(failed("The first look at grants and sessions"));
  setAccessCache(accessCache);
  accessCache.start();
  replicaWatch.start();
  observer.start();
  engine.start();
  windowKeeper.start();
  notifier.start();
  const auditRetention = startAuditRetention({ store, now, ...config.audit });
  const configReload = createConfigReload({
    config,
    load: () => loadConfig(process.env),
    inFlight: async () => (await store.listDeploymentsInFlight()).map(({ application }) => application),
    changed: ({ applications }) => observer.reconfigure(applications),
    log: (level, message, fields) => log[level](message, fields),
    now,
  });
  configReload.start();
  const headPath = join(config.dataDir, "audit-head.json");
  const auditCheck = startAuditCheck(store, config.audit.keys, readKeptHead(headPath));
  const auditHead = createAuditHeadKeeper({
    store,
    path: headPath,
    isTold: config.audit.tellHead,
    witnesses: headWitnesses(config.audit, { lockedObjects: aws.lockedObjects, holder: hostname(), now }),
    now,
    onShortened: auditCheck.shortened,
  });
  auditHead.start();
  const traces = config.traces ? startOtlpExporter(config.traces) : null;
  log.info("Switchyard is running", {
    applications: config.applications.map((application) => application.name),
    region: config.region,
    endpoint: config.endpoint ?? "AWS",
    store: store.kind,
    pid: process.pid,
  });
  return {
    config,
    store,
    places,
    aws,
    awsFor: places.awsFor,
    controllers,
    observer,
    hub,
    logTails,
    errors,
    engine,
    replicaWatch,
    notifier,
    readiness,
    discovery: createDiscoveryLooks({ aws, now }),
    settings: createSettingsFile({ config, env: process.env, reload: configReload.reload }),
    targetKeeper,
    windowKeeper,
    auditCheck,
    auditRetention,
    auditHead,
    traces,
    accessCache,
    configReload,
    reloaded: configReload.last,
    get hasConfiguredAdmin() {
      return hasConfiguredAdmin(config);
    },
    startedAt: now(),
    now,
  };
}

/** The engine first, so that what it is asking of AWS is journaled; the store last, because all others write to it. */
async function endRuntime(runtime: Runtime): Promise<void> {
  const steps: readonly [string, () => unknown][] = [
    ["watch of switchyard.yaml", () => runtime.configReload.stop()],
    ["window keeper", () => runtime.windowKeeper.stop()],
    ["engine", () => runtime.engine.stop()],
    ["notifier", () => runtime.notifier.stop()],
    ["audit's retention", () => runtime.auditRetention.stop()],
    ["keeper of the audit's end", () => runtime.auditHead.stop()],
    ["access cache", () => runtime.accessCache.stop()],
    ["log tails", () => runtime.logTails.stop()],
    ["observer", () => runtime.observer.stop()],
    ["replica watch", () => runtime.replicaWatch.stop()],
    ["target keeper", () => runtime.targetKeeper.stop()],
    ["traces", () => runtime.traces?.stop()],
    [
      "AWS clients",
      () => {
        for (const { aws } of runtime.places.all()) aws.destroy();
      },
    ],
    ["store", () => runtime.store.close()],
  ];
  for (const [what, stop] of steps)
    try {
      await stop();
    } catch (error) {
      log.warn(`The ${what} did not stop cleanly`, { error });
    }
}

/** The sandbox takes any credentials, but the SDK insists on having some; real ones are never replaced. */
function lendSandboxCredentials({ auth, endpoint }: Config): void {
  const isSandbox = auth.sandboxUsers && endpoint !== null;
  const hasOwn = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"].some((name) => process.env[name]);
  if (!isSandbox || hasOwn) return;
  process.env.AWS_ACCESS_KEY_ID = "sandbox";
  process.env.AWS_SECRET_ACCESS_KEY = "sandbox";
}
