import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
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
  writeFileSync(STAMP, hash);
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
