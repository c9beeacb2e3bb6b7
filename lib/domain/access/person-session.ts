/** A session that nobody uses ends after this. */
export const IDLE_SECONDS = 60 * 60;
/** And every session ends this long after signing in. */
export const ABSOLUTE_SECONDS = 8 * 60 * 60;

/** A person's session as the record keeps it, to be shown and ended; the session itself is a cookie. */
export interface PersonSession {
  id: string;
  /** The identity's id: an address, or the provider's id where there is no verified address. */
  personId: string;
  name: string;
  provider: string;
  /** Null when not known. */
  address: string | null;
  /** Epoch ms, as all times here. */
  startedAt: number;
  /** To the minute. */
  lastSeenAt: number;
  endedAt: number | null;
  /** A name, or the person's own when they signed out. */
  endedBy: string | null;
}

/** What a process needs of the record to judge every session. */
export interface SessionEnds {
  /** Ids of sessions that were ended; only of those that could otherwise still be in use. */
  ended: readonly string[];
  /** All sessions of a person that began before this time are over, also those that the record does not know. */
  endedBefore: Readonly<Record<string, number>>;
}

/** Whether it could still be in use. */
export function isSessionOpen(session: Pick<PersonSession, "startedAt" | "lastSeenAt" | "endedAt">, now: number) {
  return (
    session.endedAt === null &&
    now - session.startedAt < ABSOLUTE_SECONDS * 1000 &&
    // Its use is noted to the minute.
    now - session.lastSeenAt < (IDLE_SECONDS + 60) * 1000
  );
}
