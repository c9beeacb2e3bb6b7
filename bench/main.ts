import { cpus } from "node:os";
import type { Browser } from "@playwright/test";
import { measureApprovals } from "./approvals.ts";
import { measureAudit } from "./audit.ts";
import { measureAutomaticRollback } from "./automatic-rollback.ts";
import { findWorse, readBaseline } from "./baseline.ts";
import { openBrowser } from "./browser.ts";
import { measureEngineTick } from "./engine-tick.ts";
import { type Figure, isMet, renderTable } from "./figure.ts";
import { measureFleet } from "./fleet.ts";
import { measureFleetClock } from "./fleet-clock.ts";
import { measureKilledTask, measureLogLine } from "./freshness.ts";
import { measureGates } from "./gates.ts";
import { measureKilledReplica } from "./killed-replica.ts";
import { measureLevels } from "./levels.ts";
import { measureLoad } from "./load.ts";
import { measureLogFlood } from "./log-flood.ts";
import { measureLogKinds } from "./log-kinds.ts";
import { measureLogReads } from "./log-reads.ts";
import { measureLogViewers } from "./log-viewers.ts";
import { measureNativeFleet } from "./native-fleet.ts";
import { measureCli } from "./peers.ts";
import { measureRollbackBesideQuestions } from "./questions.ts";
import { measureReadiness } from "./readiness.ts";
import { measureRecovery } from "./recovery.ts";
import { measureRollingUpdate } from "./rolling-update.ts";
import { measureProxy } from "./sandbox-proxy.ts";
import { measureScale } from "./sandbox-scale.ts";
import { measureStuckReaders } from "./stuck-readers.ts";
import { measureSwitches } from "./switches.ts";
import { measureSandboxApi, measureViewers } from "./viewers.ts";
import { startWorld, type World } from "./world.ts";

type OnWorld = (world: World, openedBrowser: () => Promise<Browser>) => Promise<Figure[]>;

/** On one world of sandbox and dashboard, which the first of them starts. */
const ON_WORLD: Readonly<Record<string, OnWorld>> = {
  sandbox: (world) => measureSandboxApi(world),
  viewers: (world) => measureViewers(world),
  load: async (world, browser) => measureLoad(await browser(), world),
  "log-line": async (world, browser) => measureLogLine(await browser(), world),
  "log-flood": async (world, browser) => measureLogFlood(await browser(), world),
  "log-viewers": (world) => measureLogViewers(world),
  "stuck-readers": (world) => measureStuckReaders(world),
  "killed-task": async (world, browser) => measureKilledTask(await browser(), world),
  switches: (world) => measureSwitches(world),
  questions: (world) => measureRollbackBesideQuestions(world),
  cli: (world) => measureCli(world),
  "automatic-rollback": (world) => measureAutomaticRollback(world),
};

/** After the world has ended, because each fills the cores. */
const ALONE: Readonly<Record<string, () => Promise<Figure[]>>> = {
  approvals: measureApprovals,
  gates: measureGates,
  "native-fleet": measureNativeFleet,
  scale: measureScale,
  proxy: measureProxy,
  audit: measureAudit,
  "engine-tick": measureEngineTick,
  levels: measureLevels,
  fleet: measureFleet,
  "fleet-clock": measureFleetClock,
  "log-kinds": measureLogKinds,
  "log-reads": measureLogReads,
  recovery: measureRecovery,
  "killed-replica": measureKilledReplica,
  "rolling-update": measureRollingUpdate,
  readiness: measureReadiness,
};

const say = (text: string) => process.stderr.write(`bench: ${text}\n`);

const names = [...Object.keys(ON_WORLD), ...Object.keys(ALONE)];
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  say(`there is no ${unknown.join(", ")}; choose from ${names.join(", ")}`);
  process.exit(1);
}

const figures: Figure[] = [];
let world: World | null = null;
let browser: Browser | null = null;

/** Runs it unless the arguments name others and shows its figures; a bench that breaks is told and fails the run. */
async function bench(name: string, measure: () => Promise<Figure[]>): Promise<void> {
  if (chosen.length > 0 && !chosen.includes(name)) return;
  say(name);
  try {
    const measured = await measure();
    say(`${name}\n${renderTable(measured)}`);
    figures.push(...measured);
  } catch (error) {
    process.exitCode = 1;
    say(`${name} broke: ${error instanceof Error ? error.message : error}`);
  }
}

async function openedBrowser(): Promise<Browser> {
  browser ??= await openBrowser();
  return browser;
}

try {
  for (const [name, measure] of Object.entries(ON_WORLD))
    await bench(name, async () => {
      world ??= await startWorld();
      return measure(world, openedBrowser);
    });
} finally {
  await closeAll(browser, world);
}
for (const [name, measure] of Object.entries(ALONE)) await bench(name, measure);

async function closeAll(opened: Browser | null, started: World | null): Promise<void> {
  await opened?.close();
  await started?.stop();
}

process.stdout.write(`\n${cpus().length} cores, Node ${process.version}\n\n${renderTable(figures)}\n`);
if (!figures.every(isMet)) process.exitCode = 1;
const worse = findWorse(figures, await readBaseline());
for (const line of worse) say(`worse than bench/baseline.json: ${line}`);
if (worse.length > 0) process.exitCode = 1;
