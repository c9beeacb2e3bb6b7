import { randomUUID } from "node:crypto";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import { log } from "../log.ts";
import type { Store } from "../store/store.ts";

/** Forgets audit rows that are older than they are kept. */
export interface AuditRetention {
  /** Resolves when nothing is being pruned any more. */
  stop(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60_000;
const FIRST_MS = 5 * 60_000;
const EVERY_MS = 6 * 60 * 60_000;

/** Looks soon after the start and then four times a day; replicas may do so at once. */
export function startAuditRetention(deps: {
  store: Pick<Store, "pruneAudit" | "appendAudit">;
  keepDays: number | null;
  keys: readonly string[];
  now: () => number;
}): AuditRetention {
  let timer: NodeJS.Timeout | null = null;
  let pruning = Promise.resolve();
  let isStopped = false;
  const schedule = (ms: number) => {
    if (isStopped || deps.keepDays === null) return;
    timer = setTimeout(() => {
      pruning = pruneOnce(deps).finally(() => schedule(EVERY_MS));
    }, ms);
    timer.unref();
  };
  schedule(FIRST_MS);
  return {
    stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      return pruning;
    },
  };
}

/** Prunes what is due and says in the audit itself that it did; a failure is logged and tried again at the next look. */
async function pruneOnce({
  store,
  keepDays,
  keys: [key],
  now,
}: Parameters<typeof startAuditRetention>[0]): Promise<void> {
  if (keepDays === null || key === undefined) return;
  const at = now();
  try {
    const gone = await store.pruneAudit(at - keepDays * DAY_MS, key, at);
    if (gone === 0) return;
    log.info("Old audit rows were pruned", { rows: gone, keepDays });
    await store.appendAudit({
      id: randomUUID(),
      at: now(),
      askedAt: at,
      actorId: "engine",
      actorName: "Switchyard",
      role: null,
      via: "engine",
      address: null,
      action: "audit.pruned",
      application: null,
      deploymentId: null,
      outcome: "done",
      code: null,
      ...lineMembers(say("auditRow.pruned", { count: gone, days: keepDays })),
      reason: null,
    });
  } catch (error) {
    log.error("The audit could not be pruned", { error });
  }
}
