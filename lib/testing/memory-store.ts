import { openAsBlob } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { createStore } from "../store/create-store.ts";
import { type OpenedDatabase, openMemory } from "../store/open-pglite.ts";
import type { Store } from "../store/store.ts";

/** A record in memory with nothing in it, its schema up to date: a copy of the project's template where it has one. */
export async function createMemoryStore(): Promise<Store> {
  const template = inject("databaseTemplate");
  return await createStore({ inMemory: true, ...(template ? { files: await openAsBlob(template.upToDate) } : {}) });
}

/** A database in memory without a table. */
export async function openEmptyDatabase(): Promise<OpenedDatabase> {
  const template = inject("databaseTemplate");
  return await openMemory(template && (await openAsBlob(template.empty)));
}

/** Puts a record with nothing in it where `createStore({ dataDir })` looks for it: a start that need not make one is short. */
export async function copyEmptyRecord(dataDir: string): Promise<void> {
  const template = inject("databaseTemplate");
  if (template) await cp(template.folder, join(dataDir, "pglite"), { recursive: true });
}
