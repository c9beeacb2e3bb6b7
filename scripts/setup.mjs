// Runs on Node.js 20 with nothing installed: only Node's own modules here and in every script beside it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The Node.js that runs the TypeScript sources; it comes with the packages. */
export const PROJECT_NODE = join(ROOT, "node_modules/node/bin/node");
const LEAST_MAJOR = 24;
const NPM = process.platform === "win32" ? "npm.cmd" : "npm";

/** Says something to the person at the terminal. */
export function say(text) {
  process.stderr.write(`switchyard: ${text}\n`);
}

/** Ends with a message and what to do. */
export function fail(text) {
  say(text);
  process.exit(1);
}

/** Installs exactly what package-lock.json says, when something of it is missing or of another version. */
export function ensureInstalled() {
  const missing = findMissingPackage();
  if (missing === null) return;
  say(`installing packages (${missing})`);
  // A lock file written where another platform's packages were missing makes npm ci refuse; npm install takes it as it is.
  if (!npm("ci") && !npm("install", "--no-save")) fail("the packages cannot be installed: see above");
  const still = findMissingPackage();
  if (still !== null) fail(`npm ended well, but ${still}: remove node_modules and try again`);
}

function npm(command, ...flags) {
  // Development packages are needed to build and to run, whatever NODE_ENV says.
  const args = [command, ...flags, "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  return spawnSync(NPM, args, { cwd: ROOT, stdio: ["ignore", 2, 2] }).status === 0;
}

/** Why the packages must be installed; null when everything is there. Optional ones are of other platforms. */
function findMissingPackage() {
  // The folder that an image copies has what its scripts need, and no list of packages.
  if (!existsSync(join(ROOT, "package-lock.json"))) return null;
  const wanted = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
  const recordPath = join(ROOT, "node_modules/.package-lock.json");
  if (!existsSync(recordPath)) return "none are installed";
  const installed = JSON.parse(readFileSync(recordPath, "utf8")).packages;
  for (const [path, { version, optional, devOptional, peer }] of Object.entries(wanted)) {
    if (path === "" || optional || devOptional || peer) continue;
    if (installed[path]?.version !== version) return `${path.replace(/^.*node_modules\//, "")} ${version} is missing`;
  }
  return existsSync(PROJECT_NODE) ? null : "its Node.js is missing";
}

/**
 * Installs what is missing and makes sure that the script runs on the project's Node.js: on an older one it starts itself
 * again there, passes signals on and ends as that process ends. Returns only on the right one.
 */
export async function onProjectNode(scriptUrl) {
  endWithNpm();
  ensureInstalled();
  if (Number(process.versions.node.split(".")[0]) >= LEAST_MAJOR) {
    // Started with a channel: whoever started this script is gone when it closes.
    process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
    // Listening alone would keep a script alive that has nothing left to do.
    process.channel?.unref();
    return;
  }
  const child = spawn(PROJECT_NODE, [fileURLToPath(scriptUrl), ...process.argv.slice(2)], {
    // The channel tells the child when this process is gone, however it went.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  forwardSignals((signal) => child.kill(signal));
  // Reads switchyard.yaml again.
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  const code = await exitCode(child);
  process.exit(code);
}

/** A signal to npm ends npm and its shell, but never reaches the script: it notices by its parent being another. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, "SIGTERM");
  }, 250).unref();
}

/** Passes SIGINT and SIGTERM on, each burst of them once: a terminal sends them to every process, and npm again to its own. */
export function forwardSignals(send) {
  let lastAt = 0;
  for (const signal of ["SIGINT", "SIGTERM"])
    process.on(signal, () => {
      const now = Date.now();
      if (now - lastAt < 1000) return;
      lastAt = now;
      send(signal);
    });
}

/** The code a process ended with; 128 and more for a signal, as shells count. */
export function exitCode(child) {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      say(String(error));
      resolve(127);
    });
    child.once("exit", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
