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

/** Keeps the chain's end somewhere else. Rejects with why it could not. */
export interface HeadWitness {
  /** In the words of the log: "the webhook". */
  name: string;
  tell(told: ToldHead): Promise<void>;
}

/** What a witness is told. */
interface ToldHead extends AuditHead {
  event: "audit.head" | "audit.shortened";
  /** ISO 8601. */
  at: string;
  /** The end that was kept before, where this one is before it. */
  kept?: AuditHead;
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
 * is a line of the log, for whoever keeps logs where the database's owner cannot change them; witnesses are told as well, each for itself.
 */
export function createAuditHeadKeeper(deps: {
  store: Pick<Store, "listAudit">;
  path: string;
  isTold: boolean;
  witnesses?: readonly HeadWitness[];
  now?: () => number;
  onShortened: () => void;
}): AuditHeadKeeper {
  const { witnesses = [], now = Date.now } = deps;
  let timer: NodeJS.Timeout | null = null;
  const away = new Set<HeadWitness>();

  async function tell(head: AuditHead, kept: AuditHead | null): Promise<void> {
    const at = new Date(now()).toISOString();
    const told: ToldHead = { event: kept ? "audit.shortened" : "audit.head", ...head, at, ...(kept ? { kept } : {}) };
    await Promise.all(witnesses.map((witness) => tellOne(witness, told)));
  }

  /** One line when it goes away and one when it is back. */
  async function tellOne(witness: HeadWitness, told: ToldHead): Promise<void> {
    try {
      await witness.tell(told);
      if (away.delete(witness)) log.info(`The audit's end is kept by ${witness.name} again`, {});
    } catch (error) {
      if (!away.has(witness)) log.error(`The audit's end cannot be kept by ${witness.name}`, { error });
      away.add(witness);
    }
  }

  async function look(): Promise<void> {
    try {
      const [newest] = (await deps.store.listAudit({}, { limit: 1 })).items;
      const head = { sequence: newest?.sequence ?? 0, hash: newest?.hash ?? "" };
      const kept = readKeptHead(deps.path);
      if (kept && head.sequence < kept.sequence) {
        deps.onShortened();
        log.error("THE AUDIT WAS CHANGED IN THE DATABASE: it ends before it did", { kept, head });
        await tell(head, kept);
        return;
      }
      if (deps.isTold) log.info("Where the audit's chain ends", { ...head });
      if (newest) keep(deps.path, head);
      await tell(head, null);
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
