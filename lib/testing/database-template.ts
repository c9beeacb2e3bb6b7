import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import type { TestProject } from "vitest/node";
import { migrate } from "../store/migrate.ts";

/** Paths of databases that were made once for all tests of a project; to begin from one takes a tenth of the time. */
export interface DatabaseTemplate {
  /** The files of a database without a table. */
  empty: string;
  /** The files of one whose schema is up to date. */
  upToDate: string;
  /** The same as a folder. */
  folder: string;
}

declare module "vitest" {
  interface ProvidedContext {
    /** Undefined where a project makes none. */
    databaseTemplate?: DatabaseTemplate;
  }
}

/** Before a project's tests: one database is made and brought up to date, and each test begins with a copy of it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-template-"));
  const template = {
    empty: join(directory, "empty.tar"),
    upToDate: join(directory, "database.tar"),
    folder: join(directory, "pglite"),
  };
  const client = await PGlite.create();
  await keep(client, template.empty);
  await migrate(drizzle({ client }), Date.now());
  const files = await keep(client, template.upToDate);
  await client.close();
  await mkdir(template.folder);
  await (await PGlite.create({ dataDir: template.folder, loadDataDir: files })).close();
  project.provide("databaseTemplate", template);
  return () => rm(directory, { recursive: true });
}

async function keep(client: PGlite, path: string): Promise<Blob> {
  const files = await client.dumpDataDir("none");
  await writeFile(path, Buffer.from(await files.arrayBuffer()));
  return files;
}
