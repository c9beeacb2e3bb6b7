import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { setAccessCache } from "../auth/access-cache.ts";
import { hasConfiguredAdmin } from "../auth/configured-admin.ts";
import { createAws } from "../aws/aws.ts";
import { limitsOf } from "../aws/budget-limits.ts";
import type { Config } from "../config/config.ts";
import { currentConfig } from "../config/current-config.ts";
import { loadConfig } from "../config/load-config.ts";
import { createSettingsFile, type SettingsFile } from "../config/settings-file.ts";
import { createWindowKeeper, type WindowKeeper } from "../engine/scale-down-scheduler.ts";
import { targetMemoryOf } from "../gather/facts.ts";
import { createGithub } from "../gather/github.ts";
import { log } from "../log.ts";
import { setLineKey } from "../logs/line-identity.ts";
import { createLogTails, type LogTails } from "../logs/log-tails.ts";
import { createTargetKeeper, type TargetKeeper } from "../observe/target-history.ts";
import { createStore } from "../store/create-store.ts";
import { openWriteAheadLog } from "../store/write-ahead-log.ts";
import { type AuditCheck, startAuditCheck } from "./audit-check.ts";
import { type AuditHeadKeeper, createAuditHeadKeeper, readKeptHead } from "./audit-head.ts";
import { type AuditRetention, startAuditRetention } from "./audit-retention.ts";
import { type ConfigReload, createConfigReload } from "./config-reload.ts";
import { headWitnesses } from "./head-witnesses.ts";
import { type OtlpExporter, startOtlpExporter } from "./otlp.ts";
import { createReplicaWatch, type ReplicaWatch } from "./replica-watch.ts";
import { sharedLimits } from "./shared-limits.ts";
import { wireRuntime } from "./wire-runtime.ts";
import type { WiredRuntime } from "./wiring.ts";

/** Everything long-lived, one of each a process. */
export interface Runtime extends WiredRuntime {
  config: Config;
  logTails: LogTails;
  replicaWatch: ReplicaWatch;
  settings: SettingsFile;
  targetKeeper: TargetKeeper;
  windowKeeper: WindowKeeper;
  auditCheck: AuditCheck;
  auditRetention: AuditRetention;
  auditHead: AuditHeadKeeper;
  /** Null unless an endpoint is set. */
  traces: OtlpExporter | null;
  configReload: ConfigReload;
  reloaded: ConfigReload["last"];
  hasConfiguredAdmin: boolean;
  startedAt: number;
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
  setLineKey(config.auth.secret);
  const { databaseUrl, migrationUrl, dataDir } = config;
  const store = await createStore(databaseUrl === null ? { dataDir } : { databaseUrl, migrationUrl });
  const failed = (what: string) => (error: unknown) => log.warn(`${what} failed`, { error });
  const writeAheadLog = openWriteAheadLog(join(config.dataDir, "late-rollbacks.jsonl"), (error) =>
    log.error("What was done while the database was away could not be kept on the disk", { error }),
  );
  const replica = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const wired = wireRuntime({
    store,
    aws: createAws({ region: config.region, endpoint: config.endpoint, limits: limitsOf(config.rateLimits) }),
    accounts: config.accounts,
    rateLimits: config.rateLimits,
    events: config.events,
    configs: () => config.applications,
    writeAheadLog,
    holder: replica,
    notifications: config,
    baseUrl: config.auth.url,
    github: config.github && createGithub(config.github),
    standIn: config.endpoint === null ? null : { endpoint: config.endpoint, configPath: config.configPath },
    now,
    log: (level, message, fields) => log[level](message, fields),
  });
  const { aws, observer, engine, notifier, accessCache } = wired;
  const replicaWatch = createReplicaWatch({
    store,
    holder: replica,
    now,
    limits: sharedLimits(wired.places),
    onError: failed("Telling the other replicas that this one is there"),
  });
  const targetKeeper = createTargetKeeper({
    memory: targetMemoryOf(aws),
    store,
    now,
    onError: failed("Keeping what is known of targets"),
  });
  await targetKeeper.recall().catch(failed("The look at what was known of targets"));
  targetKeeper.start();
  const logTails = createLogTails({ reader: wired.places.logs, now });
  const windowKeeper = createWindowKeeper({
    observer,
    store,
    engine,
    now,
    newId: randomUUID,
    onError: failed("Keeping a window"),
  });
  await accessCache.refresh().catch(failed("The first look at grants and sessions"));
  setAccessCache(accessCache);
  accessCache.start();
  replicaWatch.start();
  observer.start();
  engine.start();
  for (const consumer of wired.events) consumer.start();
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
    ...wired,
    config,
    logTails,
    replicaWatch,
    settings: createSettingsFile({ config, env: process.env, reload: configReload.reload }),
    targetKeeper,
    windowKeeper,
    auditCheck,
    auditRetention,
    auditHead,
    traces,
    configReload,
    reloaded: configReload.last,
    get hasConfiguredAdmin() {
      return hasConfiguredAdmin(config);
    },
    startedAt: now(),
  };
}

/** The engine first, so that what it is asking of AWS is journaled; the store last, because all others write to it. */
async function endRuntime(runtime: Runtime): Promise<void> {
  const steps: readonly [string, () => unknown][] = [
    ["watch of switchyard.yaml", () => runtime.configReload.stop()],
    ["window keeper", () => runtime.windowKeeper.stop()],
    ["engine", () => runtime.engine.stop()],
    ["readers of events", () => Promise.all(runtime.events.map((consumer) => consumer.stop()))],
    ["look-ups in CloudTrail", () => runtime.callers.stop()],
    ["notifier", () => runtime.notifier.stop()],
    ["audit's retention", () => runtime.auditRetention.stop()],
    ["keeper of the audit's end", () => runtime.auditHead.stop()],
    ["access cache", () => runtime.accessCache.stop()],
    ["log tails", () => runtime.logTails.stop()],
    ["searches of logs", () => Promise.all(runtime.places.all().map(({ aws }) => aws.insights.stop()))],
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
