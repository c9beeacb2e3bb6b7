import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Store } from "../store/store.ts";
import { createAuditHeadKeeper, readKeptHead } from "./audit-head.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-head-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A keeper over an audit that ends where the test says, and what it told. */
function world(isTold = false) {
  vi.stubEnv("SWITCHYARD_LOG_LEVEL", "info");
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(said.push(String(text))));
  onTestFinished(() => {
    write.mockRestore();
    vi.unstubAllEnvs();
  });
  const path = join(folder, "audit-head.json");
  let end: { sequence: number; hash: string } | null = null;
  let shortened = 0;
  const listAudit = async () => ({ items: end ? [end] : [], nextCursor: null });
  const keeper = createAuditHeadKeeper({
    // Safe because only the newest row's place is asked for.
    store: { listAudit } as unknown as Pick<Store, "listAudit">,
    path,
    isTold,
    onShortened: () => {
      shortened += 1;
    },
  });
  return {
    path,
    said,
    shortened: () => shortened,
    async ends(sequence: number | null) {
      end = sequence === null ? null : { sequence, hash: `hash-${sequence}` };
      await keeper.look();
    },
  };
}

test("the end is kept as it grows, and one that was emptied or cut short is told and does not replace it", async () => {
  const { ends, shortened, path, said } = world();
  await ends(null);
  expect(readKeptHead(path)).toBe(null);
  await ends(7);
  await ends(9);
  expect(readKeptHead(path)).toEqual({ sequence: 9, hash: "hash-9" });
  expect([shortened(), said]).toEqual([0, []]);
  await ends(8);
  await ends(null);
  expect(shortened()).toBe(2);
  expect(said.join("")).toContain("it ends before it did");
  expect(readKeptHead(path)).toEqual({ sequence: 9, hash: "hash-9" });
  await ends(10);
  expect(shortened()).toBe(2);
});

test("on request each look is a line of the log, with what audit:verify takes", async () => {
  const { ends, said } = world(true);
  await ends(3);
  expect(JSON.parse(said[0] ?? "")).toMatchObject({ level: "info", sequence: 3, hash: "hash-3" });
});

test.each(["", "{", "[]", '{"sequence":"7","hash":"a"}', "null"])("a file that is none (%j) says nothing", (text) => {
  const path = join(folder, "audit-head.json");
  writeFileSync(path, text);
  expect(readKeptHead(path)).toBe(null);
  expect(readFileSync(path, "utf8")).toBe(text);
});
