import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, expect, test } from "vitest";
import { createStore } from "../store/create-store.ts";
import { copyEmptyRecord } from "../testing/memory-store.ts";
import { auditRow } from "../testing/test-rows.ts";
import { startAuditCheck } from "./audit-check.ts";
import { readHealth } from "./health.ts";

const dataDir = mkdtempSync(join(tmpdir(), "switchyard-audit-"));
const RUNTIME = Symbol.for("switchyard.runtime");
const holder = globalThis as Record<symbol, unknown>;
afterAll(() => {
  delete holder[RUNTIME];
  rmSync(dataDir, { recursive: true, force: true });
});

/** As a person starts it. */
function verify(env: Record<string, string>): Promise<{ code: number; out: string; err: string }> {
  const script = new URL("../../scripts/audit-verify.mjs", import.meta.url).pathname;
  const { DATABASE_URL: _unset, ...rest } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { env: { ...rest, ...env } }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

async function healthOf(store: Parameters<typeof startAuditCheck>[0]) {
  const auditCheck = startAuditCheck(store, []);
  await auditCheck.done;
  const observer = { applications: () => [], unresolved: () => [], observation: () => null };
  const ping = () => Promise.resolve();
  const engine = { work: () => ({ cameRoundAt: 1, stuck: [] }) };
  const aws = { unaccepted: () => null };
  const current = { auditCheck, observer, engine, aws, store: { ping }, now: () => 1, startedAt: 1 };
  holder[RUNTIME] = { current, stopping: null };
  const { status, checks } = await readHealth("1");
  return { status, audit: checks.audit };
}

test("a changed audit is told at the start, in the health answer and by npm run audit:verify", {
  timeout: 180_000,
}, async () => {
  const missing = await verify({ DATA_DIR: join(dataDir, "nowhere") });
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("there is no record") });

  await copyEmptyRecord(dataDir);
  const store = await createStore({ dataDir });
  for (const id of ["a", "b", "c"]) await store.appendAudit(auditRow({ id }));
  expect(await healthOf(store)).toEqual({ status: "ok", audit: { status: "ok" } });
  const busy = await verify({ DATA_DIR: dataDir });
  expect(busy).toMatchObject({ code: 2, err: expect.stringContaining("cannot be read") });
  const { hash } = await store.verifyAudit([]);
  await store.close();
  expect(await verify({ DATA_DIR: dataDir })).toMatchObject({
    code: 0,
    out: `intact: 3 rows; the newest is 3 with hash ${hash}\n`,
  });

  const client = await PGlite.create({ dataDir: join(dataDir, "pglite") });
  await client.exec("alter table audit disable trigger all; update audit set actor_name = 'Nobody' where id = 'b'");
  await client.close();
  const broken = await verify({ DATA_DIR: dataDir });
  expect(broken).toMatchObject({ code: 1, out: expect.stringContaining("changed: row 2 (b): it does not follow") });
  expect(broken.out).toContain("BROKEN at 1 place over 3 rows");
  const again = await createStore({ dataDir });
  expect(await healthOf(again)).toMatchObject({
    status: "degraded",
    audit: { status: "degraded", detail: "The audit was changed in the database" },
  });
  await again.close();
});

test("an audit that cannot be read is not called intact", async () => {
  const health = await healthOf({ verifyAudit: () => Promise.reject(new Error("no answer")) });
  expect(health).toMatchObject({ status: "degraded", audit: { status: "degraded" } });
});
