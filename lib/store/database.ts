import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";

/** A connection or a transaction of either driver; queries are written with the builder, which behaves the same on both. */
export type Database = PgDatabase<PgQueryResultHKT>;

/** PostgreSQL's `text` refuses NUL and half surrogate pairs, both of which strangers' texts may hold. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\uFFFD");
}

/** The SQLSTATE of a failed query and the constraint it hit, wherever the driver and Drizzle put them. */
export function sqlFailure(error: unknown): { code: string | null; constraint: string | null } {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, constraint } = current as { code?: unknown; constraint?: unknown };
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code))
      return { code, constraint: typeof constraint === "string" ? constraint : null };
  }
  return { code: null, constraint: null };
}
