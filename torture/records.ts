import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { createStore } from "../lib/store/create-store.ts";
import { findPostgres, startPostgres } from "../lib/testing/test-postgres.ts";

/** Where a run keeps its record: in one server's own directory, or on a PostgreSQL server that two replicas share. */
export type RecordKind = "embedded" | "postgres";

/** An empty record of one run. */
export interface RunRecord {
  kind: RecordKind;
  /** Creates what the server of this number keeps on its disk, and answers with its settings. */
  settings(directory: string): Promise<Record<string, string>>;
  remove(): Promise<void>;
}

/** Empty records, made once and copied for each run: making one costs more than a whole start. */
export interface Records {
  /** Without a PostgreSQL server on this machine every record is embedded. */
  hasPostgres: boolean;
  fresh(kind: RecordKind): Promise<RunRecord>;
  stop(): Promise<void>;
}

const TEMPLATE = "template_of_runs";

/** Makes the empty records, and starts a PostgreSQL server where its programs are installed. */
export async function openRecords(): Promise<Records> {
  const template = await mkdtemp(join(tmpdir(), "switchyard-torture-record-"));
  await (await createStore({ dataDir: template })).close();
  const bin = findPostgres();
  const postgres = bin === null ? null : await startPostgres(bin);
  const admin = postgres && new Client({ connectionString: postgres.url });
  const urlOf = (database: string) => Object.assign(new URL(postgres?.url ?? ""), { pathname: database }).href;
  if (admin) {
    await admin.connect();
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    await (await createStore({ databaseUrl: urlOf(TEMPLATE) })).close();
  }
  let made = 0;

  function embedded(): RunRecord {
    return {
      kind: "embedded",
      async settings(directory) {
        await cp(template, directory, { recursive: true });
        return { DATA_DIR: directory };
      },
      remove: async () => undefined,
    };
  }

  async function shared(database: string, { query }: { query(text: string): Promise<unknown> }): Promise<RunRecord> {
    await query(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`);
    return {
      kind: "postgres",
      settings: async (directory) => ({ DATA_DIR: directory, DATABASE_URL: urlOf(database) }),
      async remove() {
        await query(`DROP DATABASE ${database} WITH (FORCE)`);
      },
    };
  }

  return {
    hasPostgres: admin !== null,
    async fresh(kind) {
      if (kind === "embedded" || admin === null) return embedded();
      made += 1;
      return shared(`run_${made}`, { query: (text) => admin.query(text) });
    },
    async stop() {
      await admin?.end();
      await postgres?.stop();
      await rm(template, { recursive: true, force: true });
    },
  };
}
