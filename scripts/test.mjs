// npm test: every check there is. The last line is `N passed, N failed`.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { exitCode, forwardSignals, onProjectNode, ROOT, say } from "./setup.mjs";

await onProjectNode(import.meta.url);

const reports = mkdtempSync(join(tmpdir(), "switchyard-reports-"));
const bin = join(ROOT, "node_modules/.bin");
const env = {
  ...process.env,
  PATH: `${bin}:${process.env.PATH}`,
  NEXT_TELEMETRY_DISABLED: "1",
  FORCE_COLOR: "0",
};
delete env.NODE_ENV;
const running = new Set();
/** First port of each world that end-to-end tests run in. */
const E2E_PORTS = [3100, 3120];
let passed = 0;
let failed = 0;
/** What failed, told once more at the end, where it is looked for. */
const failures = [];
let isStopped = false;
forwardSignals((signal) => {
  isStopped = true;
  for (const child of running) child.kill(signal);
});

await check("format and lint", "biome", ["check", "."]);
// Types of pages and routes, which a fresh checkout does not have.
await check("route types", "next", ["typegen"]);
await check("types", "tsc", ["--noEmit"]);
await check("unused code", "knip", ["--no-progress"]);

await vitest("unit and integration tests", ["unit", "integration"]);
await vitest("replicas", ["replicas"]);
await check("build", process.execPath, ["scripts/ensure-build.mjs"]);
await torture();
await endToEnd();

rmSync(reports, { recursive: true, force: true });
for (const failure of failures) say(`failed: ${failure.replaceAll(ROOT, "")}`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** One step that passes or fails as a whole. */
async function check(name, program, args) {
  const code = await run(name, program, args);
  if (code === 0) passed++;
  else miss(`${name} failed (code ${code})`);
}

async function vitest(name, projects) {
  const report = join(reports, `${projects[0]}.json`);
  const options = ["--silent=passed-only", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  await suite(name, "vitest", ["run", ...projects.map((project) => `--project=${project}`), ...options], () => {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    const failures = testResults.flatMap(failedTests);
    return { passed: numPassedTests, failed: Math.max(numFailedTests, failures.length), failures };
  });
}

/** Thirty seeded runs, and every seed that broke a promise once; each is one test. */
async function torture() {
  const report = join(reports, "torture.json");
  const args = ["torture/main.ts", "--runs", "30", "--seed", "1", "--kept", "--workers", "3", "--report", report];
  await suite("torture", process.execPath, args, () => {
    const { kept, broken } = JSON.parse(readFileSync(report, "utf8"));
    const failures = broken.map(({ seed, promise, what }) => `torture, seed ${seed}: ${promise}: ${what}`);
    return { passed: kept, failed: new Set(broken.map(({ seed }) => seed)).size, failures };
  });
}

/** Many tests; a runner that ends badly without naming a failed test counts as one. */
async function suite(name, program, args, readCounts, own) {
  const code = await run(name, program, args, own);
  let counts = { passed: 0, failed: 0, failures: [] };
  try {
    counts = readCounts();
  } catch (error) {
    say(`${name}: no report (${error instanceof Error ? error.message : error})`);
    counts.failed = 1;
    failures.push(`${name}: no report`);
  }
  passed += counts.passed;
  failed += counts.failed;
  failures.push(...counts.failures);
  if (code !== 0 && counts.failed === 0) miss(`${name} ended with code ${code}`);
}

async function endToEnd() {
  if (!readdirSync(join(ROOT, "e2e")).some((name) => name.endsWith(".spec.ts"))) return;
  const browser = ensureBrowser();
  if (browser === null) {
    miss("end to end: there is no browser; install Chromium or set SWITCHYARD_CHROMIUM to one");
    return;
  }
  env.SWITCHYARD_CHROMIUM = browser;
  await Promise.all(E2E_PORTS.map((port, i) => endToEndPart(i + 1, port)));
}

/** These tests mostly wait for the world to move: the second half has a world of its own beside the first. */
async function endToEndPart(part, port) {
  const report = join(reports, `e2e-${part}.json`);
  const own = {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    // Beside the reports, so that it goes with them.
    SWITCHYARD_E2E_DATA: join(reports, `data-${part}`),
    SWITCHYARD_E2E_PORT: String(port),
  };
  const args = ["test", "--reporter=line,json", `--shard=${part}/${E2E_PORTS.length}`, `--output=test-results/${part}`];
  const readCounts = () => {
    const { stats, suites } = JSON.parse(readFileSync(report, "utf8"));
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, failures: suites.flatMap(failedSpecs) };
  };
  await suite(`end to end, part ${part}`, "playwright", args, readCounts, own);
}

async function run(name, program, args, own = {}) {
  say(`${name}: ${[program, ...args].map((word) => word.replace(`${reports}/`, "")).join(" ")}`);
  const child = spawn(program, args, { cwd: ROOT, env: { ...env, ...own }, stdio: ["ignore", 2, 2] });
  running.add(child);
  const code = await exitCode(child);
  running.delete(child);
  if (isStopped) {
    rmSync(reports, { recursive: true, force: true });
    process.exit(code);
  }
  return code;
}

function miss(text) {
  failed++;
  failures.push(text);
  say(text);
}

/** Of one file in Vitest's report. */
function failedTests({ name, status, message, assertionResults }) {
  const titles = assertionResults.filter((each) => each.status === "failed").map((each) => each.fullName);
  // A file that could not be loaded has no test of its own to name.
  return status === "failed" && titles.length === 0
    ? [`${name}: ${message}`]
    : titles.map((title) => `${name}: ${title}`);
}

/** Of one suite of Playwright's report and those inside it. */
function failedSpecs({ specs = [], suites = [] }) {
  const own = specs.filter((spec) => !spec.ok).map((spec) => `${spec.file}: ${spec.title}`);
  return [...own, ...suites.flatMap(failedSpecs)];
}
