import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL(".", import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith(".mjs"));

/** What scripts import by name, as Node.js 20.9 has it: every other name is looked up there first, and then added. */
const IN_NODE_20: Readonly<Record<string, readonly string[]>> = {
  "node:child_process": ["spawn", "spawnSync"],
  "node:crypto": ["createHash", "randomBytes"],
  "node:fs": [
    "accessSync",
    "chmodSync",
    "constants",
    "copyFileSync",
    "cpSync",
    "existsSync",
    "mkdirSync",
    "mkdtempSync",
    "readdirSync",
    "readFileSync",
    "rmSync",
    "statSync",
    "writeFileSync",
  ],
  "node:module": ["createRequire", "default"],
  "node:net": ["createServer"],
  "node:os": ["constants", "hostname", "tmpdir"],
  "node:path": ["dirname", "join", "relative", "resolve"],
  "node:url": ["fileURLToPath", "pathToFileURL"],
  "node:util": ["parseArgs"],
};

test.each(scripts)(
  "%s is read by Node.js 20.9 with nothing installed, up to where it starts the right one",
  (script) => {
    const text = readFileSync(new URL(script, folder), "utf8");
    for (const [, clause = "", from = ""] of text.matchAll(/^import\s+([^"]*?)\s*(?:from\s+)?"([^"]+)";/gm)) {
      if (from.startsWith("./")) {
        expect(scripts, "only scripts beside it").toContain(from.slice(2));
        continue;
      }
      const names = clause.startsWith("{")
        ? clause
            .replace(/[{}]/g, "")
            .split(",")
            .map((name) => name.trim().split(" as ")[0] ?? "")
            .filter((name) => name !== "")
        : ["default"];
      expect(IN_NODE_20[from], `${from} is one of Node.js's own`).toBeDefined();
      for (const name of names) expect(IN_NODE_20[from], `${from} has ${name} in Node.js 20.9`).toContain(name);
    }
  },
);
