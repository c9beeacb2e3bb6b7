import { sql } from "drizzle-orm";
import { log } from "../log.ts";
import { findApiToken, insertApiToken, listApiTokens, noteApiTokenUse, revokeApiToken } from "./api-tokens.ts";
import { appendAudit, appendAuditOnce, listAudit } from "./audit.ts";
import { verifyAudit } from "./audit-chain.ts";
import { pruneAudit } from "./audit-prune.ts";
import { type Database, sqlFailure } from "./database.ts";
import {
  changeDeployment,
  findDeployment,
  findDeploymentInFlight,
  findLastFinished,
  insertDeployment,
  listAwaitingApproval,
  listDeployments,
  listDeploymentsInFlight,
  listUnapprovedReleases,
} from "./deployments.ts";
import { findFreeze, insertFreeze, liftFreeze, listFreezesInForce, listLatestFreezes } from "./freezes.ts";
import { findGrant, insertGrant, listGrants, revokeGrant } from "./grants.ts";
import {
  claimIdempotencyKey,
  completeIdempotencyKey,
  findIdempotencyKey,
  releaseIdempotencyKey,
} from "./idempotency-keys.ts";
import { findIncident, listIncidents, saveIncident } from "./incidents.ts";
import { listJournal } from "./journal.ts";
import { acquireLeases, endLeases, listLeftLeases, releaseLease } from "./leases.ts";
import { findLedger, saveLedger } from "./ledgers.ts";
import { loadMemory, saveMemory } from "./memories.ts";
import { MigrationRefused, migrate } from "./migrate.ts";
import { CHANNEL, createNotices } from "./notices.ts";
import { openMemory, openPglite } from "./open-pglite.ts";
import { openPostgres } from "./open-postgres.ts";
import { watchOutage } from "./outage-watch.ts";
import {
  claimDeliveries,
  enqueueNotification,
  findDelivery,
  finishDelivery,
  listDeliveries,
  noteCondition,
  pruneOutbox,
  readQueue,
  retryDelivery,
} from "./outbox.ts";
import { listPutOffs, savePutOff } from "./put-offs.ts";
import { forgetReplica, seeReplica } from "./replicas.ts";
import { currentRole, grantRuntime, mayChangeAudit } from "./runtime-role.ts";
import { deleteScalingHold, listScalingHolds, saveScalingHold } from "./scaling-holds.ts";
import { endSession, endSessionsOf, insertSession, listSessions, noteSessionUse, readSessionEnds } from "./sessions.ts";
import { listStoppedTasks, saveStoppedTask } from "./stopped-tasks.ts";
import type { Store } from "./store.ts";

const INSUFFICIENT_PRIVILEGE = "42501";

/** Where the record lives: a PostgreSQL server, a directory of this process alone, or memory (tests). */
export type StoreOptions =
  | {
      databaseUrl: string;
      /** Signs in as the owner of the schema; then `databaseUrl` is given only what running needs. */
      migrationUrl?: string | null;
    }
  | { dataDir: string }
  | { inMemory: true; files?: Blob };

/** Opens the record and brings its schema up to date. @throws DirectoryLocked, MigrationRefused or the driver's error; nothing stays open then. */
export async function createStore(options: StoreOptions): Promise<Store> {
  const { db, close } = await open(options);
  try {
    if ("databaseUrl" in options && options.migrationUrl) await migrateAsOwner(db, options.migrationUrl);
    else await migrateAsSelf(db);
    if ("databaseUrl" in options && (await mayChangeAudit(db)))
      log.info("The role of DATABASE_URL could change the audit; docs/runbook.md says how to keep it from that");
    // A process that was killed leaves its leases behind: nobody else can hold one here, so none is waited for.
    if (!("databaseUrl" in options)) await endLeases(db);
  } catch (error) {
    await close();
    throw error;
  }
  let closing: Promise<void> | null = null;
  const notices = "databaseUrl" in options ? createNotices(options.databaseUrl) : null;
  const store: Store = {
    kind: "databaseUrl" in options ? "postgres" : "pglite",
    insertDeployment: (deployment, seen) => insertDeployment(db, deployment, seen),
    changeDeployment: (id, fence, change) => changeDeployment(db, id, fence, change),
    findDeployment: (id) => findDeployment(db, id),
    findDeploymentInFlight: (application) => findDeploymentInFlight(db, application),
    listDeploymentsInFlight: () => listDeploymentsInFlight(db),
    listAwaitingApproval: (applications) => listAwaitingApproval(db, applications),
    listUnapprovedReleases: (application) => listUnapprovedReleases(db, application),
    findLastFinished: (application) => findLastFinished(db, application),
    listDeployments: (application, page) => listDeployments(db, application, page),
    listJournal: (deploymentId) => listJournal(db, deploymentId),
    acquireLease: async (application, holder, now, ttlMs) =>
      (await acquireLeases(db, [application], holder, now, ttlMs))[0] ?? null,
    acquireLeases: (applications, holder, now, ttlMs) => acquireLeases(db, applications, holder, now, ttlMs),
    releaseLease: (fence) => releaseLease(db, fence),
    listLeftLeases: (now) => listLeftLeases(db, now),
    seeReplica: (own, now, ttlMs) => seeReplica(db, own, now, ttlMs),
    forgetReplica: (holder) => forgetReplica(db, holder),
    async tellReplicas(text) {
      if (notices) await db.execute(sql`select pg_notify(${CHANNEL}, ${text})`);
    },
    listenToReplicas: (told) => notices?.listen(told) ?? (() => undefined),
    claimIdempotencyKey: (scope, key, requestHash, now) => claimIdempotencyKey(db, scope, key, requestHash, now),
    findIdempotencyKey: (scopes, key) => findIdempotencyKey(db, scopes, key),
    completeIdempotencyKey: (scope, key, deploymentId) => completeIdempotencyKey(db, scope, key, deploymentId),
    releaseIdempotencyKey: (scope, key) => releaseIdempotencyKey(db, scope, key),
    appendAudit: (row) => appendAudit(db, row),
    appendAuditOnce: (row) => appendAuditOnce(db, row),
    listAudit: (filter, page) => listAudit(db, filter, page),
    verifyAudit: (keys, known) => verifyAudit(db, keys, known),
    pruneAudit: (before, key, now) => pruneAudit(db, before, key, now),
    insertApiToken: (token, hash) => insertApiToken(db, token, hash),
    findApiToken: (by) => findApiToken(db, by),
    listApiTokens: () => listApiTokens(db),
    revokeApiToken: (id, by, now) => revokeApiToken(db, id, by, now),
    noteApiTokenUse: (id, now) => noteApiTokenUse(db, id, now),
    insertGrant: (grant) => insertGrant(db, grant),
    findGrant: (id) => findGrant(db, id),
    listGrants: (which, inForceAt) => listGrants(db, which, inForceAt),
    revokeGrant: (id, by, now, mayGo) => revokeGrant(db, id, by, now, mayGo),
    insertSession: (session) => insertSession(db, session),
    listSessions: (now) => listSessions(db, now),
    noteSessionUse: (ids, now) => noteSessionUse(db, ids, now),
    endSession: (session, by, now) => endSession(db, session, by, now),
    endSessionsOf: (personId, by, now) => endSessionsOf(db, personId, by, now),
    readSessionEnds: (now) => readSessionEnds(db, now),
    findLedger: (application) => findLedger(db, application),
    saveLedger: (application, ledger) => saveLedger(db, application, ledger),
    insertFreeze: (freeze) => insertFreeze(db, freeze),
    findFreeze: (id) => findFreeze(db, id),
    listFreezes: (inForceAt, application) =>
      inForceAt === null ? listLatestFreezes(db) : listFreezesInForce(db, inForceAt, application),
    liftFreeze: (id, by, now) => liftFreeze(db, id, by, now),
    saveIncident: (incident, keptBytes) => saveIncident(db, incident, keptBytes),
    listIncidents: (application, limit) => listIncidents(db, application, limit),
    findIncident: (application, id) => findIncident(db, application, id),
    saveScalingHold: (hold) => saveScalingHold(db, hold),
    listScalingHolds: () => listScalingHolds(db),
    deleteScalingHold: (resourceId) => deleteScalingHold(db, resourceId),
    savePutOff: (putOff) => savePutOff(db, putOff),
    listPutOffs: (application) => listPutOffs(db, application),
    saveStoppedTask: (application, slot, task, lastLines) => saveStoppedTask(db, application, slot, task, lastLines),
    listStoppedTasks: (application, limit) => listStoppedTasks(db, application, limit),
    enqueueNotification: (notification, endpoints, now) => enqueueNotification(db, notification, endpoints, now),
    claimDeliveries: (now, leaseMs, limit) => claimDeliveries(db, now, leaseMs, limit),
    finishDelivery: (delivery, outcome, now) => finishDelivery(db, delivery, outcome, now),
    saveMemory: (key, value, now) => saveMemory(db, key, value, now),
    loadMemory: (key) => loadMemory(db, key),
    findDelivery: (id) => findDelivery(db, id),
    retryDelivery: (id, now) => retryDelivery(db, id, now),
    listDeliveries: (filter, page) => listDeliveries(db, filter, page),
    readQueue: () => readQueue(db),
    pruneOutbox: (before) => pruneOutbox(db, before),
    noteCondition: (application, condition, now, gapMs) => noteCondition(db, application, condition, now, gapMs),
    awaySince: () => null,
    async ping() {
      await db.execute(sql`select 1`);
    },
    close() {
      closing ??= Promise.all([close(), notices?.close()]).then(() => undefined);
      return closing;
    },
  };
  return watchOutage(store, (level, message, fields) => log[level](message, fields), Date.now);
}

async function migrateAsSelf(db: Database): Promise<void> {
  try {
    const names = await migrate(db, Date.now());
    if (names.length > 0) log.info("The store's schema was brought up to date", { migrations: names });
  } catch (error) {
    if (sqlFailure(error).code !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new MigrationRefused(
      "The role of DATABASE_URL may not bring the schema up to date: set DATABASE_MIGRATION_URL, or run npm run db:migrate with it",
    );
  }
}

/** The schema's owner migrates and gives the runtime's role its rights, then is gone from this process. */
async function migrateAsOwner(db: Database, migrationUrl: string): Promise<void> {
  const role = await currentRole(db);
  const owner = await openPostgres(migrationUrl);
  try {
    if ((await currentRole(owner.db)) === role)
      throw new MigrationRefused(
        `DATABASE_MIGRATION_URL and DATABASE_URL both sign in as ${role}: give each its own role`,
      );
    await migrateAsSelf(owner.db);
    await grantRuntime(owner.db, role);
  } finally {
    await owner.close();
  }
}

function open(options: StoreOptions) {
  if ("databaseUrl" in options) return openPostgres(options.databaseUrl);
  return "dataDir" in options ? openPglite(options.dataDir) : openMemory(options.files);
}
