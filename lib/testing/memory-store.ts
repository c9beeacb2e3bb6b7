import { openAsBlob } from "node:fs";
import { inject } from "vitest";
import { createStore } from "../store/create-store.ts";
import type { Store } from "../store/store.ts";

/** A record in memory with nothing in it, its schema up to date: a copy of the project's template where it has one. */
export async function createMemoryStore(): Promise<Store> {
  const template = inject("databaseTemplate");
  return await createStore({ inMemory: true, ...(template ? { files: await openAsBlob(template) } : {}) });
}
