import pg from "pg";

/** What processes on one PostgreSQL server tell each other; at most once, and only to who listens at that moment. */
export interface Notices {
  /** Calls `told` with what is told on the channel from when the server has taken note of it; answers how to end that. */
  listen(told: (text: string) => void): () => void;
  close(): Promise<void>;
}

/** The channel of LISTEN and NOTIFY. Every database has its own. */
export const CHANNEL = "switchyard";
const AGAIN_MS = 1_000;

/** Connects once somebody listens, and again after the connection was lost; what was told in between is lost. */
export function createNotices(databaseUrl: string, againMs: number = AGAIN_MS): Notices {
  const listeners = new Set<(text: string) => void>();
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | null = null;
  let isClosed = false;

  function connect(): void {
    again = null;
    const own = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      application_name: "switchyard notices",
    });
    client = own;
    own.on("notification", ({ payload }) => {
      if (payload !== undefined) for (const told of [...listeners]) told(payload);
    });
    // Both may come, and one alone.
    for (const event of ["error", "end"] as const) own.on(event, () => lost(own));
    own
      .connect()
      .then(() => own.query(`listen ${CHANNEL}`))
      .catch(() => lost(own));
  }

  function lost(own: pg.Client): void {
    if (client !== own) return;
    client = null;
    own.end().catch(() => undefined);
    if (!isClosed) again = setTimeout(connect, againMs).unref();
  }

  return {
    listen(told) {
      listeners.add(told);
      if (!client && !again && !isClosed) connect();
      return () => {
        listeners.delete(told);
      };
    },
    async close() {
      isClosed = true;
      if (again) clearTimeout(again);
      const own = client;
      client = null;
      await own?.end().catch(() => undefined);
    },
  };
}
