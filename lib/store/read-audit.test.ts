import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyEmptyRecord } from "../testing/memory-store.ts";
import { auditRow } from "../testing/test-rows.ts";
import { createStore } from "./create-store.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "switchyard-read-audit-"));
const sound = join(folder, "sound");

beforeAll(async () => {
  await copyEmptyRecord(sound);
  const store = await createStore({ dataDir: sound });
  await store.appendAudit(auditRow({ id: "row-1" }));
  await store.appendAudit(auditRow({ id: "row-2" }));
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every file below with its content, so that nothing can change unseen. */
function fingerprint(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const path = join(directory, name);
      return statSync(path).isDirectory()
        ? name
        : `${name} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
    });
}

/** `npm run audit:verify` on a copy of the sound record that was treated so. */
function verify(name: string, treat: (database: string) => void) {
  const dataDir = join(folder, name);
  cpSync(sound, dataDir, { recursive: true });
  treat(join(dataDir, "pglite"));
  const before = fingerprint(dataDir);
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: "", NEXTAUTH_SECRET: "audit-secret" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/audit-verify.mjs")], {
    env,
    encoding: "utf8",
  });
  expect(fingerprint(dataDir), "nothing was written").toEqual(before);
  expect(readdirSync(folder).filter((entry) => entry.includes("damaged"))).toEqual([]);
  return { status, stdout, stderr };
}

test("a sound record is intact, and left as it is", () => {
  expect(verify("as-it-is", () => {})).toMatchObject({ status: 0, stdout: expect.stringMatching(/^intact: 2 rows/) });
});

test.each<[string, (database: string) => void]>([
  ["without its control file", (database) => unlinkSync(join(database, "global/pg_control"))],
  [
    "with a control file of zeros",
    (database) => writeFileSync(join(database, "global/pg_control"), Buffer.alloc(8192)),
  ],
  ["without its version", (database) => unlinkSync(join(database, "PG_VERSION"))],
  [
    "with the log cut off",
    (database) => {
      for (const name of readdirSync(join(database, "pg_wal")).filter((each) => /^[0-9A-F]{24}$/.test(each)))
        truncateSync(join(database, "pg_wal", name), 0);
    },
  ],
  ["without its tables", (database) => rmSync(join(database, "base"), { recursive: true })],
])("a record %s cannot be read: 2, and nothing is changed", (name, damage) => {
  const { status, stdout, stderr } = verify(name.replaceAll(" ", "-"), damage);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/cannot be read, and nothing was changed: .+/);
});

test("a database without an audit is not an intact one, and gets none", async () => {
  const dataDir = mkdtempSync(join(folder, "no-audit-"));
  await copyEmptyRecord(dataDir);
  const client = await PGlite.create({ dataDir: join(dataDir, "pglite") });
  await client.exec("drop schema public cascade; create schema public");
  await client.close();
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, "scripts/audit-verify.mjs")], {
    env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: "", NEXTAUTH_SECRET: "audit-secret" },
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});
