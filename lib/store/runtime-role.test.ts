import { execFile } from "node:child_process";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAuditCheck } from "../process/audit-check.ts";
import { findPostgres, startPostgres } from "../testing/test-postgres.ts";
import { auditRow, deploymentRow, journalRow } from "../testing/test-rows.ts";
import { createStore } from "./create-store.ts";
import { openPostgres } from "./open-postgres.ts";
import { mayChangeAudit } from "./runtime-role.ts";
import { auditCheckpoint } from "./schema.ts";
import type { Store } from "./store.ts";

const postgres = findPostgres();
const KEY = "an-audit-key-of-32-characters-or-more";

type Opened = Awaited<ReturnType<typeof openPostgres>>;

describe.skipIf(postgres === null)("a PostgreSQL server with an owner and a runtime role", () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let urls: { databaseUrl: string; migrationUrl: string };
  let store: Store;
  let runtime: Opened;
  let owner: Opened;

  beforeAll(async () => {
    server = await startPostgres(postgres ?? "");
    const admin = await openPostgres(server.url);
    // As docs/runbook.md says it.
    for (const statement of [
      "create role switchyard_owner login",
      "create role switchyard_app login",
      "create database record owner switchyard_owner",
    ])
      await admin.db.execute(sql.raw(statement));
    await admin.close();
    const urlOf = (role: string) => server.url.replace("switchyard@", `${role}@`).replace(/\/postgres$/, "/record");
    const inRecord = await openPostgres(server.url.replace(/\/postgres$/, "/record"));
    await inRecord.db.execute(sql.raw("alter schema public owner to switchyard_owner"));
    await inRecord.close();
    urls = { databaseUrl: urlOf("switchyard_app"), migrationUrl: urlOf("switchyard_owner") };
    await expect(createStore({ databaseUrl: urls.databaseUrl })).rejects.toThrow("DATABASE_MIGRATION_URL");
    await expect(createStore({ ...urls, migrationUrl: urls.databaseUrl })).rejects.toThrow("each its own role");
    store = await createStore(urls);
    runtime = await openPostgres(urls.databaseUrl);
    owner = await openPostgres(urls.migrationUrl);
  });
  afterAll(async () => {
    await Promise.all([store, runtime, owner].map((each) => each?.close()));
    await server?.stop();
  });

  const verify = () =>
    new Promise<{ code: number; out: string }>((resolve) => {
      const script = new URL("../../scripts/audit-verify.mjs", import.meta.url).pathname;
      const env = { ...process.env, DATABASE_URL: urls.databaseUrl, AUDIT_SIGNING_KEY: KEY };
      execFile(process.execPath, [script], { env }, (error, out) => resolve({ code: Number(error?.code ?? 0), out }));
    });

  test("runs the record with the runtime's role, which needs the owner only for a newer schema", async () => {
    const again = await createStore({ databaseUrl: urls.databaseUrl });
    const deployment = deploymentRow();
    await again.insertDeployment(deployment);
    const fence = await again.acquireLease("library", "me", 1, 1000);
    if (!fence) throw new Error("no lease");
    await again.changeDeployment(deployment.id, fence, async () => ({
      deployment,
      entries: [journalRow("shift")],
      audit: [],
    }));
    for (let i = 1; i <= 8; i++) await again.appendAudit(auditRow({ id: `a-${i}`, at: 1000 + i }));
    expect(await again.verifyAudit([])).toMatchObject({ isIntact: true, rows: 8 });
    await again.close();
  });

  test.each([
    "update audit set reason = 'x'",
    "delete from audit",
    "truncate audit",
    "delete from journal",
    "update audit_head set sequence = 0",
    "insert into audit_checkpoint values (true, 1, 'h', 1, 1, 's')",
    "alter table audit disable trigger all",
    "drop trigger audit_only_grows on audit",
    "drop table audit",
    "create table other (id text)",
    "update schema_migrations set checksum = ''",
    "select set_config('switchyard.pruning', 'on', false); delete from audit",
    "create temporary table audit_head (only_one boolean, sequence bigint, hash text); drop table public.audit_head",
  ])("lets the runtime's role not: %s", async (statement) => {
    await expect(runtime.db.execute(sql.raw(statement))).rejects.toThrow();
    expect((await store.verifyAudit([])).isIntact).toBe(true);
  });

  test("knows which role could change the audit", async () => {
    expect(await mayChangeAudit(runtime.db)).toBe(false);
    expect(await mayChangeAudit(owner.db)).toBe(true);
  });

  test("prunes by the runtime's role through the one function, and the chain goes on", {
    timeout: 60_000,
  }, async () => {
    expect(await store.pruneAudit(1003, KEY, 5000)).toBe(2);
    expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining("pruned: 2 rows, up to 2") });
  });

  test.each([
    ["an edit", "update audit set actor_name = 'Nobody' where id = 'a-5'", "changed: row 5 (a-5)"],
    ["a deletion", "delete from audit where id = 'a-6'", "deleted: row 7 (a-7)"],
    [
      "a reordering",
      "update audit set sequence = 99 where id = 'a-7'; update audit set sequence = 7 where id = 'a-8'; update audit set sequence = 8 where id = 'a-7'",
      "row 7 (a-8)",
    ],
    [
      "a forged checkpoint",
      "update audit_checkpoint set sequence = 3, hash = (select hash from audit where sequence = 3); delete from audit where sequence = 3",
      "checkpoint: row 3",
    ],
  ])(
    "finds and locates %s done by the owner, on demand and at boot",
    { timeout: 120_000 },
    async (_what, statements, place) => {
      const held = await owner.db.select().from(auditCheckpoint);
      const without = async (...changes: string[]) => {
        const tables = ["audit", "audit_checkpoint"];
        for (const table of tables) await owner.db.execute(sql.raw(`alter table ${table} disable trigger user`));
        for (const change of changes) await owner.db.execute(sql.raw(change));
        for (const table of tables) await owner.db.execute(sql.raw(`alter table ${table} enable trigger user`));
      };
      await without(
        "create table audit_copy as select * from audit",
        "create table checkpoint_copy as select * from audit_checkpoint",
        ...statements.split("; "),
      );
      const told = await verify();
      expect(told.code).toBe(1);
      expect(told.out).toContain(place);
      const check = startAuditCheck(store, [KEY]);
      await check.done;
      expect(check.state()).toBe("broken");
      await without(
        "delete from audit",
        "insert into audit select * from audit_copy",
        "delete from audit_checkpoint",
        "insert into audit_checkpoint select * from checkpoint_copy",
        "drop table audit_copy",
        "drop table checkpoint_copy",
      );
      expect(await owner.db.select().from(auditCheckpoint)).toEqual(held);
      expect(await store.verifyAudit([KEY])).toMatchObject({ isIntact: true });
    },
  );
});
