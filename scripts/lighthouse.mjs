// npm run lighthouse [-- --pages /library,/library/logs]: Lighthouse on a phone, signed in, on the real program and the sandbox.
// Prints a table; ends with 1 when a score is under 90. Lighthouse itself is fetched from npm the first time: with its 200 packages
// it is no dependency of ours.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { findHeadlessShell } from "./browser.mjs";
import { ensureFreshBuild } from "./build.mjs";
import { exitCode, fail, onProjectNode, ROOT, say } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { values: options } = parseArgs({ options: { pages: { type: "string" } } });
const VERSION = "13.5.0";
const FOLDER = join(ROOT, "node_modules/.cache/lighthouse");
const PAGES = options.pages?.split(",") ?? ["/library", "/library/logs"];
const LEAST = 90;

const executablePath = findHeadlessShell();
if (executablePath === null) fail("there is no browser to look with");
const lighthouse = await load();
await ensureFreshBuild();
const { chromium } = await import("@playwright/test");
const { startWorld } = await import("../bench/world.ts");
const { freePort } = await import("../lib/testing/free-port.ts");

const port = await freePort();
const world = await startWorld({ env: { SANDBOX_STABLE_CHECKS: "1" } });
const own = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
// Lighthouse opens its pages in the browser's own profile, so that is where the session must be.
const profile = mkdtempSync(join(tmpdir(), "switchyard-lighthouse-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: [...own, `--remote-debugging-port=${port}`],
});
let isWell = true;
try {
  await signIn();
  const rows = [];
  for (const path of PAGES) {
    const flags = {
      port,
      disableStorageReset: true,
      onlyCategories: ["performance", "accessibility"],
    };
    const { lhr } = await lighthouse(`${world.appUrl}${path}`, flags);
    if (lhr.finalDisplayedUrl !== `${world.appUrl}${path}`) fail(`${path} led to ${lhr.finalDisplayedUrl}`);
    const score = (name) => Math.round((lhr.categories[name].score ?? 0) * 100);
    const shown = (id) => lhr.audits[id]?.displayValue?.replace(/\s/g, " ") ?? "";
    rows.push({
      path,
      performance: score("performance"),
      accessibility: score("accessibility"),
      FCP: shown("first-contentful-paint"),
      LCP: shown("largest-contentful-paint"),
      TBT: shown("total-blocking-time"),
      CLS: shown("cumulative-layout-shift"),
    });
    if (score("performance") < LEAST || score("accessibility") < LEAST) isWell = false;
    for (const { id, title, score: own, displayValue } of Object.values(lhr.audits))
      if (own !== null && own < LEAST / 100) say(`${path} ${id}: ${title}${displayValue ? ` (${displayValue})` : ""}`);
  }
  console.table(rows);
} finally {
  await browser.close();
  await world.stop();
  rmSync(profile, { recursive: true, force: true });
}
process.exitCode = isWell ? 0 : 1;

async function load() {
  const entry = join(FOLDER, "node_modules/lighthouse/core/index.js");
  if (!existsSync(entry)) {
    say(`fetching lighthouse ${VERSION} from npm into node_modules/.cache`);
    const { spawn } = await import("node:child_process");
    const install = [
      "install",
      "--prefix",
      FOLDER,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      `lighthouse@${VERSION}`,
    ];
    const code = await exitCode(spawn("npm", install, { stdio: ["ignore", "ignore", 2] }));
    if (code !== 0) fail("lighthouse could not be fetched");
  }
  return (await import(pathToFileURL(entry).href)).default;
}

async function signIn() {
  const page = await browser.newPage();
  await page.goto(`${world.appUrl}/sign-in`);
  await page.getByRole("button", { name: /operator/i }).click();
  await page.waitForURL(`${world.appUrl}/`);
  await page.close();
}
