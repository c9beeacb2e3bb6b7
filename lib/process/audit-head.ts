import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { log } from "../log.ts";
import type { Store } from "../store/store.ts";

/** Where the audit's chain ended at some time. */
export interface AuditHead {
  sequence: number;
  hash: string;
}

/** Keeps the chain's end outside the database, so that one that was emptied or cut short is seen. */
export interface AuditHeadKeeper {
  /** Looks once; what `start` does each hour. Never rejects. */
  look(): Promise<void>;
  start(): void;
  stop(): void;
}

const EVERY_MS = 60 * 60_000;

/** The end that an earlier look kept; null where there is none that can be read. */
export function readKeptHead(path: string): AuditHead | null {
  try {
    const { sequence, hash } = JSON.parse(readFileSync(path, "utf8")) as Partial<AuditHead>;
    return typeof sequence === "number" && typeof hash === "string" ? { sequence, hash } : null;
  } catch {
    return null;
  }
}

/**
 * One a process. The chain only grows: an end that is before the kept one is told loudly, and the kept one stays. With `isTold` each look
 * is a line of the log, for whoever keeps logs where the database's owner cannot change them.
 */
export function createAuditHeadKeeper(deps: {
  store: Pick<Store, "listAudit">;
  path: string;
  isTold: boolean;
  onShortened: () => void;
}): AuditHeadKeeper {
  let timer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    try {
      const [newest] = (await deps.store.listAudit({}, { limit: 1 })).items;
      const head = { sequence: newest?.sequence ?? 0, hash: newest?.hash ?? "" };
      const kept = readKeptHead(deps.path);
      if (kept && head.sequence < kept.sequence) {
        deps.onShortened();
        log.error("THE AUDIT WAS CHANGED IN THE DATABASE: it ends before it did", { kept, head });
        return;
      }
      if (deps.isTold) log.info("Where the audit's chain ends", { ...head });
      if (newest) keep(deps.path, head);
    } catch (error) {
      log.warn("Where the audit's chain ends could not be kept", { error });
    }
  }

  return {
    look,
    start() {
      timer = setInterval(() => void look(), EVERY_MS);
      timer.unref();
      void look();
    },
    stop() {
      if (timer) clearInterval(timer);
    },
  };
}

/** Whole or not at all. */
function keep(path: string, head: AuditHead): void {
  writeFileSync(`${path}.new`, JSON.stringify(head), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
