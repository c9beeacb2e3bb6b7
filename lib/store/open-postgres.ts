import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { log } from "../log.ts";
import type { Database } from "./database.ts";

/** How long a server that is still starting is waited for. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 500;

/** A pool that has answered once. @throws the last connection error when the server stays away. */
export async function openPostgres(
  databaseUrl: string,
  patienceMs: number = PATIENCE_MS,
): Promise<{ db: Database; close(): Promise<void> }> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 5000,
    statement_timeout: 15_000,
    // A server that is cut off sends no answer at all: its own timeout never arrives.
    query_timeout: 15_000,
    keepAlive: true,
    idle_in_transaction_session_timeout: 30_000,
    application_name: "switchyard",
  });
  // Without a listener, a connection that the server ends would end the process: the pool listens to idle ones alone, and one
  // in a transaction that asks nothing at that moment has nobody else to tell. Whoever asks next finds the database away, or not.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  try {
    await firstAnswer(pool, patienceMs);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { db: drizzle({ client: pool }), close: () => pool.end() };
}

async function firstAnswer(pool: pg.Pool, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await pool.query("select 1");
      return;
    } catch (error) {
      // A server that answers "no" (wrong password, no such database) says so at once.
      const code = (error as { code?: unknown }).code;
      const isRefusal = typeof code === "string" && /^(28|3D)/.test(code);
      if (isRefusal || Date.now() + RETRY_MS > deadline) throw error;
      log.warn("The database does not answer yet", { error: String(error) });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
