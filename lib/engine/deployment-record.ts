import { randomUUID } from "node:crypto";
import { createKeyedMutex } from "../async/mutex.ts";
import type { WriteGuard } from "../aws/write-guard.ts";
import type { AuditRow } from "../domain/audit/audit.ts";
import { outcomesOf } from "../domain/audit/deployment-audit.ts";
import { type Deployment, isInFlight, type JournalEntry } from "../domain/deployment/deployment.ts";
import type { Fence, RequestKey, Store } from "../store/store.ts";
import { FenceLost } from "../store/store.ts";

/** One journal line before it is numbered. */
export type JournalLine = Omit<JournalEntry, "sequence">;

/** What a change makes of the newest record, and the request that it answers; null leaves it as it is. */
type Change = (
  deployment: Deployment,
) => { deployment: Deployment; entries: JournalLine[]; answers?: RequestKey | null | undefined } | null;

/** The one way records change: the newest one, one change after another, so that none is lost. */
export interface DeploymentRecord {
  /**
   * Changes the record under the application's lease. The saved record; null when nothing changed, it does not exist, or
   * another replica holds the application. With `under`, only while the lease has this token still. @throws FenceLost
   */
  update(id: string, application: string, change: Change, under?: number): Promise<Deployment | null>;
  /** What a person asks for is taken by any replica, whoever holds the application; it is for the holder to do. */
  request(id: string, application: string, change: Change): Promise<Deployment | null>;
  /** The same for what was done while the database was away, which comes before any other change. */
  updateLate(id: string, application: string, change: Change): Promise<Deployment | null>;
  /** Takes or renews the application's lease; null while another replica holds it. */
  hold(application: string): Promise<Fence | null>;
  /** The same for many at once, in one question to the database. */
  holdAll(applications: readonly string[]): Promise<void>;
  /**
   * Why nothing may be written to AWS any more under the lease as it is held now, for the last moment before each write: once
   * it may have run out another replica may act, and one that was stopped for a while does not know it.
   */
  guard(application: string): WriteGuard;
  /** Epoch ms since which nobody else has held the application: what a look from before it says may be another's past. */
  heldSince(application: string): number;
  /** The token under which the application is held; undefined while it is not. */
  token(application: string): number | undefined;
  /** Gives an application's lease up, unless something has begun when its turn comes. */
  release(application: string, isIdle?: () => boolean): Promise<void>;
  releaseAll(): Promise<void>;
}

/** Thrown instead of a change that does not know yet what was done while the database was away. */
class LateFirst extends Error {
  override readonly name = "LateFirst";
  constructor(application: string) {
    super(`A rollback of ${application} that was made while the database was away is recorded first`);
  }
}

/** With a look every second, another replica goes on within 15 s of the holder's last sign of life. */
const LEASE_MS = 10_000;
const RENEWED_AFTER = 0.3;
/** Nothing is written to AWS after this part of it: the rest is for a write on its way and for clocks that differ. */
const WRITES_WITHIN = 0.7;

/** Records in this store, for this replica. */
export function createDeploymentRecord(deps: {
  store: Store;
  holder: string;
  now: () => number;
  onChange: (deployment: Deployment) => void;
  /** For tests: a shorter lease. */
  leaseMs?: number | undefined;
  /** Whether something that was done while the database was away is still to be recorded. */
  isLateWaiting?: (application: string) => boolean;
}): DeploymentRecord {
  const { store, holder, now, onChange, leaseMs = LEASE_MS } = deps;
  const leases = new Map<string, { fence: Fence; takenAt: number }>();
  /** By application: the newest token held here, and since when nobody else held one in between. */
  const own = new Map<string, { token: number; since: number }>();
  const leaseMutex = createKeyedMutex();
  const queues = new Map<string, Promise<unknown>>();

  async function hold(application: string): Promise<Fence | null> {
    return findRecent(application) ?? leaseMutex.take(application, () => renew(application));
  }

  function findRecent(application: string): Fence | null {
    const held = leases.get(application);
    return held && now() - held.takenAt < RENEWED_AFTER * leaseMs ? held.fence : null;
  }

  async function renew(application: string): Promise<Fence | null> {
    const recent = findRecent(application);
    if (recent) return recent;
    const takenAt = now();
    const fence = await store.acquireLease(application, holder, takenAt, leaseMs);
    if (fence) taken(fence, takenAt);
    else leases.delete(application);
    return fence;
  }

  function taken(fence: Fence, takenAt: number): void {
    const { application, token } = fence;
    leases.set(application, { fence, takenAt });
    const last = own.get(application);
    // Given up and taken again is one more; whatever is more than that was somebody else's.
    const isOwn = last && (token === last.token || token === last.token + 1);
    own.set(application, { token, since: isOwn ? last.since : now() });
  }

  /** In turn with renewals: a release that overtook one would give away what is believed to be held. */
  function release(application: string, isIdle: () => boolean = () => true): Promise<void> {
    return leaseMutex.take(application, async () => {
      if (!isIdle()) return;
      const held = leases.get(application);
      leases.delete(application);
      if (held) await store.releaseLease(held.fence);
    });
  }

  async function apply(
    id: string,
    application: string,
    change: Change,
    how: { isLate?: boolean; isRequest?: boolean; under?: number | undefined },
  ): Promise<Deployment | null> {
    const fence = how.isRequest ? null : await hold(application);
    if (!fence && !how.isRequest) return null;
    if (how.under !== undefined && how.under !== fence?.token)
      throw new FenceLost(`The lease of ${application} was somebody else's in between`);
    try {
      const saved = await store.changeDeployment(id, fence, async (newest, journal) => {
        if (!how.isLate && deps.isLateWaiting?.(application)) throw new LateFirst(application);
        const changed = change(newest);
        return changed && { ...changed, audit: await auditOf(newest, changed, journal) };
      });
      if (saved) onChange(saved);
      return saved;
    } catch (error) {
      if (error instanceof FenceLost) leases.delete(application);
      throw error;
    }
  }

  /** Saved with the change itself, so that what came of a deployment is in the audit exactly once. */
  async function auditOf(
    before: Deployment,
    { deployment, entries }: { deployment: Deployment; entries: JournalLine[] },
    journal: () => Promise<JournalEntry[]>,
  ): Promise<AuditRow[]> {
    const isEnd = isInFlight(before) && !isInFlight(deployment);
    const told = isEnd ? [...(await journal()), ...entries] : [];
    const requestIds = told.flatMap((entry) => entry.awsRequestId ?? []);
    const at = now();
    return outcomesOf(before, deployment, entries, requestIds).map((row) => ({ ...row, id: randomUUID(), at }));
  }

  function inOrder(id: string, work: () => Promise<Deployment | null>): Promise<Deployment | null> {
    const next = (queues.get(id) ?? Promise.resolve()).then(work, work);
    queues.set(id, next);
    const forget = () => {
      if (queues.get(id) === next) queues.delete(id);
    };
    next.then(forget, forget);
    return next;
  }

  return {
    update: (id, application, change, under) => inOrder(id, () => apply(id, application, change, { under })),
    request: (id, application, change) => inOrder(id, () => apply(id, application, change, { isRequest: true })),
    updateLate: (id, application, change) => inOrder(id, () => apply(id, application, change, { isLate: true })),
    hold,
    async holdAll(applications) {
      const due = applications.filter((each) => !findRecent(each) && !leaseMutex.isTaken(each));
      const takenAt = now();
      const fences = await store.acquireLeases(due, holder, takenAt, leaseMs);
      for (const fence of fences) taken(fence, takenAt);
    },
    guard(application) {
      const token = leases.get(application)?.fence.token;
      return () => {
        const held = leases.get(application);
        if (!held || held.fence.token !== token) return `The lease of ${application} was lost, so another replica acts`;
        const ageMs = now() - held.takenAt;
        if (ageMs <= WRITES_WITHIN * leaseMs) return null;
        return `The lease of ${application} was not renewed for ${Math.round(ageMs / 1000)} s, so another replica may act`;
      };
    },
    heldSince: (application) => own.get(application)?.since ?? 0,
    token: (application) => leases.get(application)?.fence.token,
    release,
    async releaseAll() {
      await Promise.allSettled([...leases.keys()].map((application) => release(application)));
    },
  };
}
