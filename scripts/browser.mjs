import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT, say } from "./setup.mjs";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium that starts: SWITCHYARD_CHROMIUM, Playwright's own, or the system's; null when there is none. */
export function findBrowser() {
  const candidates = [process.env.SWITCHYARD_CHROMIUM, playwrightsOwn(), ...SYSTEM];
  return candidates.find((path) => path && existsSync(path) && starts(path)) ?? null;
}

/**
 * Chromium without its own windows, where there is one: the whole of Chromium draws a new-tab page beside the page that is measured,
 * on the same processors. Else what `findBrowser` finds.
 */
export function findHeadlessShell() {
  const candidates = [process.env.SWITCHYARD_CHROMIUM, "/usr/bin/chromium-headless-shell"];
  return candidates.find((path) => path && existsSync(path) && starts(path)) ?? findBrowser();
}

/** Finds a browser or installs one: Playwright's first, then the distribution's. Null when neither can be had. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found !== null) return found;
  say("installing a browser for the end-to-end tests");
  const cli = join(ROOT, "node_modules/@playwright/test/cli.js");
  run(process.execPath, [cli, "install", "--no-shell", "chromium"]);
  const own = findBrowser();
  if (own !== null) return own;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update", "-qq"], env);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], env);
  }
  return findBrowser();
}

function run(program, args, env = process.env) {
  spawnSync(program, args, { cwd: ROOT, env, stdio: ["ignore", 2, 2], timeout: 300_000 });
}

function playwrightsOwn() {
  try {
    const require = createRequire(join(ROOT, "package.json"));
    return require("@playwright/test").chromium.executablePath();
  } catch {
    return null;
  }
}

/** A browser whose libraries are missing is there but does not start. */
function starts(path) {
  return spawnSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
}
