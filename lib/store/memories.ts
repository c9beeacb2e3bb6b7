import { eq } from "drizzle-orm";
import type { Database } from "./database.ts";
import { memories } from "./schema.ts";

/** Keeps what a process knows under a key, for the next one; the newest wins. */
export async function saveMemory(db: Database, key: string, value: unknown, now: number): Promise<void> {
  const row = { value, savedAt: now };
  await db
    .insert(memories)
    .values({ key, ...row })
    .onConflictDoUpdate({ target: memories.key, set: row });
}

/** What was kept last; null when nothing was. */
export async function loadMemory(db: Database, key: string): Promise<unknown> {
  const [row] = await db.select({ value: memories.value }).from(memories).where(eq(memories.key, key));
  return row?.value ?? null;
}
