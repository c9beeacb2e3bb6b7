import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { type Figure, isMet, renderTable } from "./figure.ts";
import { measureKilledTask, measureLoad, measureLogLine, openBrowser } from "./page.ts";
import { measureCli } from "./peers.ts";
import { measureSwitches } from "./switches.ts";
import { measureSandboxApi, measureViewers } from "./viewers.ts";
import { startWorld } from "./world.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const chosen = new Set(process.argv.slice(2));
const figures: Figure[] = [];

/** Runs one bench unless the arguments name others; a bench that breaks is told and fails the run. */
async function bench(name: string, measure: () => Promise<Figure[]>): Promise<void> {
  if (chosen.size > 0 && !chosen.has(name)) return;
  process.stderr.write(`bench: ${name}\n`);
  try {
    figures.push(...(await measure()));
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`bench: ${name} broke: ${error instanceof Error ? error.message : error}\n`);
  }
}

const world = await startWorld();
const browser = await openBrowser();
try {
  await bench("sandbox", () => measureSandboxApi(world));
  await bench("viewers", () => measureViewers(world));
  if (browser) {
    await bench("load", () => measureLoad(browser, world));
    await bench("log-line", () => measureLogLine(browser, world));
    await bench("killed-task", () => measureKilledTask(browser, world));
  } else process.stderr.write("bench: no browser, so nothing of the page is measured\n");
  await bench("switches", () => measureSwitches(world));
  await bench("cli", () => measureCli(world));
} finally {
  await browser?.close();
  await world.stop();
}
if (chosen.size === 0 || chosen.has("proxy")) {
  // In a process of its own, because it fills both cores.
  const proxy = spawnSync(process.execPath, ["bench/sandbox-proxy.ts"], { cwd: ROOT, stdio: "inherit" });
  if (proxy.status !== 0) process.exitCode = 1;
}

process.stdout.write(`\n${cpus().length} cores, Node ${process.version}\n\n${renderTable(figures)}\n`);
if (!figures.every(isMet)) process.exitCode = 1;
