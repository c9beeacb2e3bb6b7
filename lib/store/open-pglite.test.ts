import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyEmptyRecord } from "../testing/memory-store.ts";
import { auditRow } from "../testing/test-rows.ts";
import { createStore } from "./create-store.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "switchyard-durable-"));
  await copyEmptyRecord(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const url = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** Another process that appends audit rows without end and prints the number of each one that was stored. */
function startWriter(first: number): ChildProcess {
  const script = `
    import { createStore } from ${url("./create-store.ts")};
    import { copyEmptyRecord } from "../testing/memory-store.ts";
import { auditRow } from ${url("../testing/test-rows.ts")};
    const store = await createStore({ dataDir: ${JSON.stringify(dataDir)} });
    for (let at = ${first}; ; at++) {
      await store.appendAudit(auditRow({ id: "row-" + at, at, message: "x".repeat(2000) }));
      process.stdout.write(at + "\\n");
    }`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "ignore"] });
}

async function allAudit(): Promise<Set<number>> {
  const store = await createStore({ dataDir });
  const { items } = await store.listAudit({}, { limit: 1_000_000 });
  await store.close();
  return new Set(items.map((row) => row.at));
}

/** Lets the writer store `count` more rows, kills it and answers every number it had printed. */
async function killAfter(child: ChildProcess, count: number, signal: NodeJS.Signals): Promise<number[]> {
  const stored: number[] = [];
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) {
    stored.push(Number(line));
    if (stored.length === count) child.kill(signal);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return stored;
}

describe("the embedded database", () => {
  test("keeps every row it acknowledged when the process is killed again and again", async () => {
    const acknowledged: number[] = [];
    for (const [round, signal] of (["SIGKILL", "SIGTERM", "SIGKILL"] as const).entries()) {
      acknowledged.push(...(await killAfter(startWriter(round * 100_000), 20 + round * 17, signal)));
      const found = await allAudit();
      expect(acknowledged.filter((at) => !found.has(at))).toEqual([]);
    }
    expect(readdirSync(dataDir)).toEqual(["pglite"]);
  });

  test("moves a database that cannot be opened aside, and begins a fresh one", async () => {
    const first = await createStore({ dataDir });
    await first.appendAudit(auditRow());
    await first.close();
    truncateSync(join(dataDir, "pglite/global/pg_control"), 100);

    expect([...(await allAudit())]).toEqual([]);
    const aside = readdirSync(dataDir).find((name) => name.startsWith("pglite.damaged-"));
    expect(existsSync(join(dataDir, aside ?? "", "PG_VERSION"))).toBe(true);
  });

  test("lets go of its directory when it is closed, and a second store is refused before", async () => {
    const store = await createStore({ dataDir });
    await expect(createStore({ dataDir })).rejects.toMatchObject({ name: "DirectoryLocked", pid: process.pid });
    expect(JSON.parse(readFileSync(join(dataDir, "switchyard.lock"), "utf8")).pid).toBe(process.pid);
    await Promise.all([store.close(), store.close()]);
    expect(readdirSync(dataDir)).toEqual(["pglite"]);
  });
});
