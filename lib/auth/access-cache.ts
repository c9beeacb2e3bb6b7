import { type Grant, isGrantValid } from "../domain/access/grant.ts";
import type { SessionEnds } from "../domain/access/person-session.ts";

/** How long the last list read counts while the database does not answer; longer, and no session is let in. */
export const TRUSTED_FOR_MS = 60 * 60_000;
/** Often enough that what was granted, revoked or ended elsewhere holds here within five seconds, on open streams too. */
const READ_EVERY_MS = 1_500;

/** As much of a session as decides whether it was ended. */
export interface SessionMark {
  id: string;
  personId: string;
  /** Epoch ms. */
  startedAt: number;
}

/** What every request is judged by without asking the database: the roles that admins gave, and the sessions that were ended. */
export interface AccessCache {
  /** Those that give something now. */
  grants(): readonly Grant[];
  /** Whether the session was ended, or cannot be told from one that was. */
  isEnded(session: SessionMark): boolean;
  /** Whether the lists are young enough to judge sessions by. */
  canJudge(): boolean;
  /** Notes that the session is in use; written down now and then. */
  noteUse(sessionId: string): void;
  /** Reads again; what is granted, revoked or ended in this process holds once it resolves. */
  refresh(): Promise<void>;
}

/** Reads what the cache holds and writes down what it noted. */
export interface AccessSource {
  listGrants(which: "standing", inForceAt: number): Promise<Grant[]>;
  readSessionEnds(now: number): Promise<SessionEnds>;
  noteSessionUse(ids: readonly string[], now: number): Promise<void>;
}

/** A cache that reads by itself until it is stopped. */
export interface RunningAccessCache extends AccessCache {
  start(): void;
  stop(): void;
}

/** Keeps the lists of one process; a read that fails leaves the last ones standing, for at most `TRUSTED_FOR_MS`. */
export function createAccessCache(options: {
  source: AccessSource;
  now: () => number;
  /** Told once, when reading begins to fail. */
  onError?: (error: unknown) => void;
}): RunningAccessCache {
  const { source, now, onError } = options;
  let standing: readonly Grant[] = [];
  let ended: ReadonlySet<string> = new Set();
  let endedBefore: Readonly<Record<string, number>> = {};
  let readAt: number | null = null;
  let started = 0;
  let latest = 0;
  let isFailing = false;
  let timer: NodeJS.Timeout | null = null;
  const used = new Set<string>();

  async function read(): Promise<void> {
    const mine = ++started;
    const at = now();
    const [grants, ends] = await Promise.all([source.listGrants("standing", at), source.readSessionEnds(at)]);
    // An older read that answers late must not bring back what a newer one has seen gone.
    if (mine < latest) return;
    latest = mine;
    readAt = at;
    standing = grants;
    ended = new Set(ends.ended);
    endedBefore = ends.endedBefore;
  }

  async function look(): Promise<void> {
    try {
      await read();
      isFailing = false;
      const ids = [...used];
      used.clear();
      await source.noteSessionUse(ids, now());
    } catch (error) {
      if (!isFailing) onError?.(error);
      isFailing = true;
    }
  }

  function schedule(): void {
    timer = setTimeout(() => {
      void look().finally(() => {
        if (timer !== null) schedule();
      });
    }, READ_EVERY_MS);
    timer.unref();
  }

  const isTrusted = () => readAt !== null && now() - readAt <= TRUSTED_FOR_MS;
  return {
    grants: () => (isTrusted() ? standing.filter((grant) => isGrantValid(grant, now())) : []),
    isEnded({ id, personId, startedAt }) {
      if (!isTrusted() || ended.has(id)) return true;
      const before = Object.hasOwn(endedBefore, personId) ? endedBefore[personId] : undefined;
      return before !== undefined && startedAt < before;
    },
    canJudge: isTrusted,
    noteUse(sessionId) {
      used.add(sessionId);
    },
    refresh: read,
    start() {
      if (timer === null) schedule();
    },
    stop() {
      // A read that is under way is not waited for: a database that hangs must not keep the process from ending.
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}

const KEY = Symbol.for("switchyard.access-cache");
type Holder = { [KEY]?: AccessCache | undefined };

/** Before anything runs there is nothing that was granted or ended. */
const EMPTY: AccessCache = {
  grants: () => [],
  isEnded: () => false,
  canJudge: () => true,
  noteUse() {},
  async refresh() {},
};

/** The process's cache: Next may load this module more than once, so it hangs on the process. */
export function currentAccessCache(): AccessCache {
  // Safe because only the two functions here touch the key.
  return (globalThis as Holder)[KEY] ?? EMPTY;
}

/** Makes it the process's cache; null takes it away. */
export function setAccessCache(cache: AccessCache | null): void {
  (globalThis as Holder)[KEY] = cache ?? undefined;
}
