import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = new URL("..", import.meta.url).pathname;
const VERSIONS = ["20.9.0", "22.0.0"];
const folder = mkdtempSync(join(tmpdir(), "switchyard-nodes-"));
const checkout = join(folder, "checkout");

/** The commands of package.json that are scripts of ours, and what a unit file of systemd starts. */
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const started = [...Object.values(scripts), "node scripts/ensure-build.mjs"].flatMap(
  (command) => /^node (scripts\/[\w-]+\.mjs)/.exec(command)?.[1] ?? [],
);

/** The registry's package with that version's program, where there is one for this machine. */
function fetchNode(version: string): string | null {
  const target = join(folder, version);
  mkdirSync(target);
  try {
    const name = `node-${process.platform}-${process.arch}@${version}`;
    execFileSync("npm", ["pack", "--silent", name], { cwd: target, stdio: "ignore", timeout: 120_000 });
    execFileSync("sh", ["-c", "tar xzf *.tgz package/bin/node"], { cwd: target });
  } catch {
    return null;
  }
  const program = join(target, "package/bin/node");
  return existsSync(program) ? program : null;
}

// The scripts as a clone has them, with everything installed, where the project's own Node.js only says what it was asked to run.
beforeAll(() => {
  cpSync(join(ROOT, "scripts"), join(checkout, "scripts"), { recursive: true });
  mkdirSync(join(checkout, "node_modules/node/bin"), { recursive: true });
  const empty = JSON.stringify({ packages: {} });
  writeFileSync(join(checkout, "package-lock.json"), empty);
  writeFileSync(join(checkout, "node_modules/.package-lock.json"), empty);
  const program = join(checkout, "node_modules/node/bin/node");
  writeFileSync(program, '#!/bin/sh\necho "right Node.js: $1"\nexit 42\n');
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(VERSIONS)("Node.js %s", (version) => {
  let program: string | null = null;
  beforeAll(() => {
    program = fetchNode(version);
  });

  test.each(started)("starts %s, as npm and as systemd do", (script) => {
    if (program === null) return expect(program, "the registry has none for this machine").toBeNull();
    for (const how of [{ npm_lifecycle_event: "start" }, {}]) {
      const env = { NODE_ENV: "production", ...how } as const;
      const { status, stdout, stderr } = spawnSync(program, [script], { cwd: checkout, env, encoding: "utf8" });
      expect(stderr).toBe("");
      expect(stdout).toBe(`right Node.js: ${join(checkout, script)}\n`);
      expect(status).toBe(42);
    }
  });
});
