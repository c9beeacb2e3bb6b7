import type { AuditRow } from "../domain/audit/audit.ts";
import { ownAuditRow } from "../domain/audit/own-audit-row.ts";
import { driftSaid } from "../domain/drift/drift-words.ts";
import { type Drift, judgeLook, type Ledger } from "../domain/drift/ledger.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { type RecordStore, readApplicationRecord } from "../store/application-record.ts";
import type { Store } from "../store/store.ts";

/** Keeps what AWS is expected to hold, across restarts and replicas, and writes down what somebody else changed. */
export interface DriftWatch {
  /** A new look at AWS. Returns at once and never throws. */
  observed(look: Observation): void;
  /** Resolves once everything told so far is kept. */
  settled(): Promise<void>;
}

/** What the watch leans on. */
interface DriftWatchDeps {
  store: RecordStore & Pick<Store, "saveLedger" | "appendAudit">;
  /** The ledger of an application changed. */
  onChange(application: string): void;
  /** Told of every ledger that was read or kept. */
  ledgerSeen?(application: string, ledger: Ledger): void;
  now(): number;
  newId(): string;
  onError(error: unknown): void;
}

/** Between two readings of the record while nothing differs: what is as expected needs none. */
const READ_AGAIN_MS = 5_000;

/** One a process. The ledger is saved by whoever is first, so that replicas tell one change once. */
export function createDriftWatch(deps: DriftWatchDeps): DriftWatch {
  const { store, now } = deps;
  const busy = new Map<string, { latest: Observation | null }>();
  const work = new Set<Promise<void>>();
  /** The ledger as last kept here: a look that it explains needs no record. */
  const known = new Map<string, { ledger: Ledger; readAt: number }>();

  function note(application: string, ledger: Ledger): void {
    known.set(application, { ledger, readAt: now() });
    deps.ledgerSeen?.(application, ledger);
  }

  async function keep(look: Observation): Promise<void> {
    const { application } = look;
    const last = known.get(application);
    const isNews = !last || judgeLook(last.ledger, look, { deployment: null, history: [] }) !== last.ledger;
    if (!isNews && now() - last.readAt < READ_AGAIN_MS) return;
    const record = await readApplicationRecord(store, application, now());
    const before = record.ledger ?? null;
    const after = judgeLook(before, look, record);
    if (after === null) return;
    if (after === before) {
      note(application, after);
      return;
    }
    const saved = await store.saveLedger(application, after);
    known.delete(application);
    // Somebody else was first: the next look is judged by what they kept.
    if (!saved) return;
    note(application, saved);
    const before_ = new Set(before?.drifts.map(({ id }) => id));
    const fresh = after.drifts.filter(({ id }) => !before_.has(id));
    for (const drift of fresh) await store.appendAudit(auditRow(application, drift));
    deps.onChange(application);
  }

  function auditRow(application: string, drift: Drift): AuditRow {
    return ownAuditRow({
      id: deps.newId(),
      at: now(),
      action: "drift.seen",
      application,
      deploymentId: null,
      told: driftSaid(drift),
    });
  }

  async function run(entry: { latest: Observation | null }): Promise<void> {
    while (entry.latest) {
      const look = entry.latest;
      entry.latest = null;
      try {
        await keep(look);
      } catch (error) {
        deps.onError(error);
      }
    }
  }

  return {
    observed(look) {
      const current = busy.get(look.application);
      if (current) {
        current.latest = look;
        return;
      }
      const entry = { latest: look };
      busy.set(look.application, entry);
      const done: Promise<void> = run(entry).finally(() => {
        busy.delete(look.application);
        work.delete(done);
      });
      work.add(done);
    },
    async settled() {
      while (work.size > 0) await Promise.all(work);
    },
  };
}
