import type { ApiToken } from "../domain/access/api-token.ts";
import type { Grant } from "../domain/access/grant.ts";
import type { PersonSession, SessionEnds } from "../domain/access/person-session.ts";
import type { AuditOutcome, AuditRow } from "../domain/audit/audit.ts";
import type { Deployment, JournalEntry } from "../domain/deployment/deployment.ts";
import type { Ledger } from "../domain/drift/ledger.ts";
import type { Incident, IncidentHead } from "../domain/incident/incident.ts";
import type { Delivery, DeliveryState, Notification } from "../domain/notification/notification.ts";
import type { Task } from "../domain/observation/slot.ts";
import type { PutOff } from "../domain/readiness/readiness.ts";
import type { Freeze } from "../domain/rules/freeze.ts";
import type { ScalingHold } from "../domain/rules/scaling-hold-rules.ts";
import type { Told } from "../domain/sentence/told.ts";
import type { ReplicaRow } from "./replicas.ts";

/** The right to act on one application: every guarded write checks in its own transaction that the token is still the newest. */
export interface Fence {
  application: string;
  holder: string;
  token: number;
}

/** Thrown by a guarded write whose fence is no longer the newest; the caller must stop acting. */
export class FenceLost extends Error {
  override readonly name = "FenceLost";
}

/** Thrown when a second unfinished deployment of one application is inserted. */
export class DeploymentInFlight extends Error {
  override readonly name = "DeploymentInFlight";
  readonly deployment: Deployment;
  constructor(deployment: Deployment) {
    super(`Deployment ${deployment.id} of ${deployment.application} is in flight`);
    this.deployment = deployment;
  }
}

/** Thrown when a deployment is inserted that was decided on without knowing one that has ended since. */
export class RecordChanged extends Error {
  override readonly name = "RecordChanged";
  constructor(application: string) {
    super(`The record of ${application} has changed since it was read`);
  }
}

/** Thrown instead of pruning rows whose chain does not hold: they are the evidence. */
export class AuditBroken extends Error {
  override readonly name = "AuditBroken";
}

/** What a change makes of the newest record, with what is told of it; null leaves it as it is. `journal` reads what was told so far. */
export type RecordChange = (
  newest: Deployment,
  journal: () => Promise<JournalEntry[]>,
) => Promise<{
  deployment: Deployment;
  entries: readonly Omit<JournalEntry, "sequence">[];
  audit: readonly AuditRow[];
  /** The request that this change answers. */
  answers?: RequestKey | null | undefined;
} | null>;

/** A request as its asker names it: asked again with the same key, it is answered with what it came to. */
export interface RequestKey {
  scope: string;
  key: string;
}

/** What an earlier request with the same key left. */
export interface KeyClaim {
  requestHash: string;
  /** What it came to; null while it is being answered, or when its process died before. */
  deploymentId: string | null;
  /** Epoch ms of the claim: a key that was forgotten and comes back makes another claim. */
  claimedAt: number;
}

/** Which audit rows; `from` and `to` are both inside, `actor` is an id or a name as shown. */
export interface AuditQuery {
  application?: string;
  /** Only rows of these. */
  applications?: readonly string[];
  deploymentId?: string;
  actor?: string;
  action?: string;
  outcome?: AuditOutcome;
  from?: number;
  to?: number;
}

/** A place where the audit's chain does not hold. */
export interface AuditBreak {
  /** "checkpoint": rows were pruned and what stands in their place was not made by us. */
  kind: "changed" | "deleted" | "checkpoint";
  sequence: number;
  /** Null at the end of the chain. */
  id: string | null;
  message: string;
}

/** What a walk over the audit's chain found; `breaks` names the first ones. */
export interface AuditVerdict {
  isIntact: boolean;
  rows: number;
  /** Of the newest row. */
  sequence: number;
  hash: string;
  breaks: AuditBreak[];
  breakCount: number;
  /** What was pruned before the first row: its newest row's sequence, how many, and when (epoch ms); null when nothing was. */
  pruned: { sequence: number; rows: number; at: number } | null;
}

export interface Page<T> {
  items: T[];
  /** Opaque; null on the last page. */
  nextCursor: string | null;
}

/** The record: what was tried, by whom and why. Never the source of what is live. All times are epoch ms. */
export interface Store {
  readonly kind: "pglite" | "postgres";
  /**
   * @throws DeploymentInFlight when the application has one. With `seen`, the ids of the finished ones that it was decided on:
   * @throws RecordChanged when the newest finished one is none of them.
   */
  insertDeployment(deployment: Deployment, seen?: readonly string[]): Promise<void>;
  /**
   * Changes the newest record, with its journal and audit rows and the request that it answers, in one transaction that
   * nobody else's change comes between; with a fence only under that lease. Null when there is no such record or `change`
   * answers null. @throws FenceLost
   */
  changeDeployment(id: string, fence: Fence | null, change: RecordChange): Promise<Deployment | null>;
  findDeployment(id: string): Promise<Deployment | null>;
  findDeploymentInFlight(application: string): Promise<Deployment | null>;
  listDeploymentsInFlight(): Promise<Deployment[]>;
  /** Those that wait for people to approve them, newest first; of these applications, or of all (null). */
  listAwaitingApproval(applications: readonly string[] | null): Promise<Deployment[]>;
  /** Every finished release of the revisions that were refused their approval at some time, those that got it included. */
  listUnapprovedReleases(application: string): Promise<Deployment[]>;
  /** Newest finished one. */
  findLastFinished(application: string): Promise<Deployment | null>;
  listDeployments(application: string, page: { limit: number; cursor?: string }): Promise<Page<Deployment>>;
  listJournal(deploymentId: string): Promise<JournalEntry[]>;
  /** Takes or renews the lease; null while another holder's has not run out. The token grows whenever the holder changes. */
  acquireLease(application: string, holder: string, now: number, ttlMs: number): Promise<Fence | null>;
  /** The same for many at once; answers those that are held now. */
  acquireLeases(applications: readonly string[], holder: string, now: number, ttlMs: number): Promise<Fence[]>;
  releaseLease(fence: Fence): Promise<void>;
  /** Applications whose lease ran out without being given up: its holder is gone, in the middle of something maybe. */
  listLeftLeases(now: number): Promise<string[]>;
  /** Tells that this replica is there; answers all that are, this one included, without those not seen for `ttlMs`. */
  seeReplica(own: ReplicaRow, now: number, ttlMs: number): Promise<ReplicaRow[]>;
  forgetReplica(holder: string): Promise<void>;
  /** Tells everybody who listens at this moment, this process included; at most 7,999 bytes. Nobody hears it where one process alone has the record. */
  tellReplicas(text: string): Promise<void>;
  /** Calls `told` with what is told from now on; what comes while the database is away is lost. Answers how to end it. */
  listenToReplicas(told: (text: string) => void): () => void;
  /** Remembers `key` for `scope` (identity and route) once: the first call answers null, later ones the stored answer. Kept 24 h. */
  claimIdempotencyKey(scope: string, key: string, requestHash: string, now: number): Promise<null | KeyClaim>;
  /** What was stored for the key under any of these scopes, claiming nothing; null for one that nobody brought. */
  findIdempotencyKey(scopes: readonly string[], key: string): Promise<(KeyClaim & { scope: string }) | null>;
  completeIdempotencyKey(scope: string, key: string, deploymentId: string): Promise<void>;
  /** Forgets a claimed key whose request was refused, so that it may be tried again. */
  releaseIdempotencyKey(scope: string, key: string): Promise<void>;
  appendAudit(row: AuditRow): Promise<void>;
  /** The same, unless a row with its id is there already. */
  appendAuditOnce(row: AuditRow): Promise<void>;
  /** Newest first. */
  listAudit(filter: AuditQuery, page: { limit: number; cursor?: string }): Promise<Page<AuditRow>>;
  /** Walks the whole chain and says where rows were changed, deleted or moved. `keys` check the pruning's signature, `known` an end kept elsewhere. */
  verifyAudit(keys: readonly string[], known?: { sequence: number; hash: string } | null): Promise<AuditVerdict>;
  /**
   * Forgets the oldest rows of before this time, as far as their chain holds, and leaves a checkpoint signed with the key.
   * Answers how many went. @throws AuditBroken
   */
  pruneAudit(before: number, key: string, now: number): Promise<number>;
  /** `hash` is of the token's secret, which the store never sees. */
  insertApiToken(token: ApiToken, hash: string): Promise<void>;
  /** Also one that is revoked or over: the caller judges. */
  findApiToken(by: { hash: string } | { id: string }): Promise<ApiToken | null>;
  /** Newest first. */
  listApiTokens(): Promise<ApiToken[]>;
  /** The token as it is then, revoked once: a second time changes nothing. Null when there is none. */
  revokeApiToken(id: string, by: string, now: number): Promise<ApiToken | null>;
  noteApiTokenUse(id: string, now: number): Promise<void>;
  insertGrant(grant: Grant): Promise<void>;
  findGrant(id: string): Promise<Grant | null>;
  /**
   * Newest first; "standing" are those that nobody revoked, without a limit, and with a time only those that are not over
   * then; "all" are the newest 5,000.
   */
  listGrants(which: "standing" | "all", inForceAt?: number): Promise<Grant[]>;
  /** The grant as it is then, revoked once; null when there is none. `mayGo` decides with nobody else revoking meanwhile. */
  revokeGrant(
    id: string,
    by: string,
    now: number,
    mayGo: (standing: readonly Grant[]) => boolean,
  ): Promise<Grant | "must stay" | null>;
  /** Once: a second time changes nothing. */
  insertSession(session: PersonSession): Promise<void>;
  /** Those that could still be in use and those that were ended, newest first. */
  listSessions(now: number): Promise<PersonSession[]>;
  noteSessionUse(ids: readonly string[], now: number): Promise<void>;
  /** Also one that the record does not know. */
  endSession(session: PersonSession, by: string, now: number): Promise<void>;
  /** All of a person that began before now; how many were known. */
  endSessionsOf(personId: string, by: string, now: number): Promise<number>;
  readSessionEnds(now: number): Promise<SessionEnds>;
  /** Null before the first look that was kept. */
  findLedger(application: string): Promise<Ledger | null>;
  /** The saved ledger; null when another writer was first. */
  saveLedger(application: string, ledger: Ledger): Promise<Ledger | null>;
  insertFreeze(freeze: Freeze): Promise<void>;
  findFreeze(id: string): Promise<Freeze | null>;
  /**
   * Newest first: with a time all that are in force then, of one application (those of all among them) or of every one; with
   * null those that were begun or lifted last, 200 at most.
   */
  listFreezes(inForceAt: number | null, application?: string): Promise<Freeze[]>;
  /** The freeze as it is then, lifted once: a second time changes nothing. Null when there is none. */
  liftFreeze(id: string, by: string, now: number): Promise<Freeze | null>;
  /** Kept before AWS is asked, so that whoever comes after gives it back. */
  saveScalingHold(hold: ScalingHold): Promise<void>;
  /** Every one that was not given back, of every application, the oldest first. */
  listScalingHolds(): Promise<ScalingHold[]>;
  /** Once it is given back; a second time changes nothing. */
  deleteScalingHold(resourceId: string): Promise<void>;
  /** The last word on a step of readiness, in place of the one before. */
  savePutOff(putOff: PutOff): Promise<void>;
  /** Every word on an application's steps, also those whose time is over. */
  listPutOffs(application: string): Promise<PutOff[]>;
  /** Stopped tasks as last seen, because ECS forgets them within the hour. */
  saveStoppedTask(application: string, slot: "blue" | "green", task: Task, lastLines: readonly string[]): Promise<void>;
  listStoppedTasks(
    application: string,
    limit: number,
  ): Promise<{ slot: "blue" | "green"; task: Task; lastLines: string[] }[]>;
  /** Keeps it once, and of its application no more than so many bytes, oldest gone first. False where it was kept already. */
  saveIncident(incident: Incident, keptBytes: number): Promise<boolean>;
  /** Newest first. */
  listIncidents(application: string, limit: number): Promise<IncidentHead[]>;
  findIncident(application: string, id: string): Promise<Incident | null>;
  /** Adds a notification for each of these endpoints, once: repeating it changes nothing. */
  enqueueNotification(notification: Notification, endpoints: readonly string[], now: number): Promise<void>;
  /** Takes due deliveries for `leaseMs`, in order for each endpoint, and counts the try. */
  claimDeliveries(now: number, leaseMs: number, limit: number): Promise<Delivery[]>;
  /** How a claimed try went; ignored when the lease ran out and another took it. */
  finishDelivery(
    delivery: Delivery,
    outcome: { state: DeliveryState; nextAt: number; error: Told | null },
    now: number,
  ): Promise<void>;
  /** Newest first. */
  listDeliveries(
    filter: { application?: string; applications?: readonly string[]; state?: DeliveryState },
    page: { limit: number; cursor?: string },
  ): Promise<Page<Delivery>>;
  /** Keeps what a process knows under a key, for the next one; the newest wins. */
  saveMemory(key: string, value: unknown, now: number): Promise<void>;
  /** What was kept last; null when nothing was. */
  loadMemory(key: string): Promise<unknown>;
  findDelivery(id: number): Promise<Delivery | null>;
  /** Makes one that has not arrived due at once; null when it has, or is being tried at this moment. Safe to call twice. */
  retryDelivery(id: number, now: number): Promise<Delivery | null>;
  /** How many deliveries are still to be made, and since when the oldest of them waits; epoch ms, null when there is none. */
  readQueue(): Promise<{ pending: number; oldestAt: number | null }>;
  /** Forgets deliveries finished before this time. */
  pruneOutbox(before: number): Promise<void>;
  /** Epoch ms since when a condition holds; one not seen for `gapMs` begins anew. The same for all replicas. */
  noteCondition(application: string, condition: string, now: number, gapMs: number): Promise<number>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Since when it does not answer; epoch ms, null while it does, as far as anybody has asked. */
  awaySince(): number | null;
  close(): Promise<void>;
}
