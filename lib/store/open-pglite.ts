import { rename } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { log } from "../log.ts";
import { prepareDirectory } from "./data-directory.ts";
import type { Database } from "./database.ts";
import { lockDirectory } from "./lock-directory.ts";

/** An embedded database and what ends it. */
export interface OpenedDatabase {
  db: Database;
  close(): Promise<void>;
}

/**
 * One process asks the database, and the operating system keeps its files in memory already: PostgreSQL's own 128 MB of page
 * cache, which the engine touches whole when it opens, would be most of what Switchyard needs at rest.
 */
const START_PARAMS = [...PGlite.defaultStartParams, "-c", "shared_buffers=16MB"];

/** A database in memory, gone with the process; for tests. It begins as a copy of these files where they are given. */
export async function openMemory(files?: Blob): Promise<OpenedDatabase> {
  const client = await PGlite.create({ startParams: START_PARAMS, ...(files ? { loadDataDir: files } : {}) });
  return { db: drizzle({ client }), close: () => client.close() };
}

/**
 * The embedded database of `dataDir`, held by this process alone. One that cannot be opened any more is moved aside and a
 * fresh one begun: what is live is read from AWS, so an operator loses history, not control.
 * @throws DirectoryLocked when another process has it.
 */
export async function openPglite(dataDir: string): Promise<OpenedDatabase> {
  await prepareDirectory(dataDir);
  const lock = await lockDirectory(dataDir);
  try {
    const client = await openOrReplace(join(dataDir, "pglite"));
    return {
      db: drizzle({ client }),
      async close() {
        await client.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openOrReplace(directory: string): Promise<PGlite> {
  try {
    return await openDirectory(directory);
  } catch (error) {
    if (isOfFileSystem(error)) throw error;
    const aside = `${directory}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
    await rename(directory, aside);
    log.error("The embedded database could not be opened and was moved aside; history and audit begin anew", {
      error,
      aside,
      fix: "keep the directory if the history matters; use DATABASE_URL with a PostgreSQL server for a durable record",
    });
    return await openDirectory(directory);
  }
}

/** The database of a directory as it is. @throws when it cannot be opened; it is left where it is then. */
export async function openDirectory(directory: string): Promise<PGlite> {
  const client = await PGlite.create({ dataDir: directory, startParams: START_PARAMS });
  await client.query("select 1");
  return client;
}

/** A full disk or a missing permission says nothing about the data: moving it would only hide it. */
function isOfFileSystem(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "EIO"].includes(code);
}
