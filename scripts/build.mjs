import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { exitCode, fail, ROOT, say } from "./setup.mjs";

const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "instrumentation.ts",
  "proxy.ts",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
  "scripts/audit-verify.mjs",
  "scripts/migrate.mjs",
  "scripts/setup.mjs",
];
const SIGNALS = ["SIGINT", "SIGTERM"];
const STAMP = join(ROOT, ".next/sources");

/** The server that a build makes: it needs nothing but its own folder. */
export const SERVER = join(ROOT, ".next/standalone/server.js");

/** Builds unless the newest build is of exactly these sources. */
export async function ensureFreshBuild() {
  const hash = hashSources();
  if (existsSync(SERVER) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  await build(hash);
}

/** Builds unless there is a build, of whatever sources. */
export async function ensureAnyBuild() {
  if (!existsSync(SERVER) || !existsSync(STAMP)) await build(hashSources());
}

async function build(hash) {
  say("building");
  // Without the stamp, a build that is broken off is no build.
  rmSync(STAMP, { force: true });
  const { NODE_ENV: _unset, ...env } = process.env;
  const next = spawn(process.execPath, [join(ROOT, "node_modules/next/dist/bin/next"), "build"], {
    cwd: ROOT,
    env: { ...env, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", 2, 2],
  });
  const stop = () => next.kill("SIGTERM");
  for (const signal of SIGNALS) process.on(signal, stop);
  const code = await exitCode(next);
  for (const signal of SIGNALS) process.off(signal, stop);
  if (code !== 0) fail(`the build did not end well (code ${code}): see above`);
  // What browsers load is not part of what Next puts beside the server.
  cpSync(join(ROOT, ".next/static"), join(ROOT, ".next/standalone/.next/static"), { recursive: true });
  if (existsSync(join(ROOT, "public")))
    cpSync(join(ROOT, "public"), join(ROOT, ".next/standalone/public"), { recursive: true });
  copyCommands(join(ROOT, ".next/standalone"));
  writeFileSync(STAMP, hash);
}

/** What the runbook calls beside a running server: it goes with the server, because an image has nothing else. */
const COMMANDS = ["scripts/audit-verify.mjs", "scripts/migrate.mjs"];

/** Copies the commands, every source that they import, and the packages of these. */
function copyCommands(folder) {
  const files = new Set();
  const packages = new Set();
  const follow = (path) => {
    if (files.has(path)) return;
    files.add(path);
    for (const from of importsOf(readFileSync(join(ROOT, path), "utf8")))
      if (from.startsWith(".")) follow(join(dirname(path), from));
      else if (!from.startsWith("node:")) addPackage(/^(@[^/]+\/)?[^/]+/.exec(from)[0], packages);
  };
  for (const command of COMMANDS) follow(command);
  for (const path of files) cpSync(join(ROOT, path), join(folder, path));
  for (const name of packages)
    cpSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), { recursive: true, force: true });
}

/** Where a source imports from, types alone left out. */
function importsOf(text) {
  const found = text.matchAll(/(?:^import(?! type)[^"]*?|^export(?! type)[^"]*? from |await import\()"([^"]+)"/gm);
  return [...found].map(([, from]) => from);
}

/** A package and, over and over, what it needs; optional ones and those of other platforms are left out. */
function addPackage(name, packages) {
  const path = join(ROOT, "node_modules", name, "package.json");
  if (packages.has(name) || !existsSync(path)) return;
  packages.add(name);
  for (const needed of Object.keys(JSON.parse(readFileSync(path, "utf8")).dependencies ?? {}))
    addPackage(needed, packages);
}

/** One hash over the names and contents of everything that a build is made from; tests are not. */
function hashSources() {
  const hash = createHash("sha256");
  for (const path of SOURCES.map((source) => join(ROOT, source)).filter((path) => existsSync(path)))
    for (const file of filesOf(path))
      hash.update(relative(ROOT, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function filesOf(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .filter((entry) => !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]));
}
