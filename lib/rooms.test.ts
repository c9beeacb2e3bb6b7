import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const LIB = import.meta.dirname;
const ARCHITECTURE = readFileSync(join(LIB, "../docs/architecture.md"), "utf8");

/** The rooms in the order of a line of docs/architecture.md such as "`a` ← `b`, `c` ← `d`": each may import those before it. */
function orderIn(heading: string): string[] {
  const text = ARCHITECTURE.split(heading)[1]?.split("\n\n")[0] ?? "";
  return [...text.matchAll(/`([a-z]+)`/g)].map(([, room]) => room ?? "");
}

/** Every import of one file below `folder` from another room of it: "rules/freeze.ts → text/one-line.ts". */
function crossings(folder: string): { from: string; to: string; what: string }[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => importsOf(folder, file));
}

function importsOf(folder: string, file: string): { from: string; to: string; what: string }[] {
  const source = readFileSync(join(folder, file), "utf8");
  return [...source.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)]
    .map(([, path]) => relative(folder, normalize(join(folder, dirname(file), path ?? ""))))
    .filter((target) => !target.startsWith("..") && target.includes("/"))
    .map((target) => ({ from: roomOf(file), to: roomOf(target), what: `${file} → ${target}` }))
    .filter(({ from, to }) => from !== to && from !== "");
}

const roomOf = (path: string) => (path.includes("/") ? (path.split("/")[0] ?? "") : "");

test.each([
  ["The order of the rooms in `lib`:", "."],
  ["The order of the rooms in `lib/domain`:", "domain"],
])("%s holds for every import", (heading, folder) => {
  const order = orderIn(heading);
  const found = crossings(join(LIB, folder));
  const rooms = new Set(found.flatMap(({ from, to }) => [from, to]));
  expect([...rooms].filter((room) => !order.includes(room))).toEqual([]);
  const wrong = found.filter(({ from, to }) => order.indexOf(to) > order.indexOf(from)).map(({ what }) => what);
  expect(wrong).toEqual([]);
});

test("every file and folder that the architecture names is there", () => {
  const roots = ["..", ".", "domain"].map((root) => join(LIB, root));
  const named = [...ARCHITECTURE.matchAll(/`([a-z0-9@-]+\/[\w./@[\]-]*)`/gi)].map(([, path]) => path ?? "");
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter((path) => !/^@/.test(path) && !roots.some((root) => existsSync(join(root, path))));
  expect(missing).toEqual([]);
});
