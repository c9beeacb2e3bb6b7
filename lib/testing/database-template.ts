import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "../store/migrate.ts";
import { filesOfFreshMemory } from "../store/open-pglite.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The file that holds the files of a fresh database; undefined where a project makes none. */
    databaseTemplate?: string;
  }
}

/** Before a project's tests: one database is made and brought up to date, and each test begins with a copy of it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-template-"));
  const file = join(directory, "database.tar");
  const files = await filesOfFreshMemory((db) => migrate(db, Date.now()));
  await writeFile(file, Buffer.from(await files.arrayBuffer()));
  project.provide("databaseTemplate", file);
  return () => rm(directory, { recursive: true });
}
