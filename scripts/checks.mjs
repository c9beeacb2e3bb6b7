// What `npm test` and `npm run test:deep` are made of: steps that run one after another or beside each other, and one closing line.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { exitCode, forwardSignals, ROOT, say } from "./setup.mjs";
import { unusedActions } from "./used-actions.mjs";

const reports = mkdtempSync(join(tmpdir(), "switchyard-reports-"));
const env = {
  ...process.env,
  PATH: `${join(ROOT, "node_modules/.bin")}:${process.env.PATH}`,
  NEXT_TELEMETRY_DISABLED: "1",
  FORCE_COLOR: "0",
};
delete env.NODE_ENV;
const running = new Set();
let passed = 0;
let failed = 0;
/** What failed, told once more at the end, where it is looked for. */
const failures = [];
let isStopped = false;
forwardSignals((signal) => {
  isStopped = true;
  for (const child of running) child.kill(signal);
});

/** One step that passes or fails as a whole. */
export async function check(name, program, args) {
  const code = await run(name, program, args);
  if (code === 0) passed++;
  else miss(`${name} failed (code ${code})`);
}

/** Vitest's projects of these names; each test counts. */
export async function vitest(name, projects, own = {}) {
  const report = join(reports, `vitest-${projects[0]}.json`);
  const options = ["--silent=passed-only", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const args = ["run", ...projects.map((project) => `--project=${project}`), ...options];
  const readCounts = () => {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    const titles = testResults.flatMap(failedTests);
    return { passed: numPassedTests, failed: Math.max(numFailedTests, titles.length), failures: titles };
  };
  await suite(name, "vitest", args, readCounts, own);
}

/** Where the sandboxes of a step write which actions of the shipped policy were used. */
export const usedActionsFolder = join(reports, "used-actions");

/** AWS asks for it beside a call, where people sign in before the forward; no world has such a listener, and lib/aws/permissions.test.ts judges it. */
const NOT_USED_HERE = ["cognito-idp:DescribeUserPoolClient"];

/** Fails for every action of the shipped policy that none of the steps given that folder used. What is missing is denied in them. */
export function everyActionUsed() {
  const policy = JSON.parse(readFileSync(join(ROOT, "deploy/iam-policy.json"), "utf8"));
  const unused = unusedActions(policy, usedActionsFolder).filter((action) => !NOT_USED_HERE.includes(action));
  if (unused.length === 0) passed++;
  else miss(`deploy/iam-policy.json grants what nothing used: ${unused.join(", ")}`);
}

/** Seeded runs of torture, and every seed that broke a promise once; each is one test. */
export async function torture(runs) {
  const report = join(reports, "torture.json");
  const args = [
    "torture/main.ts",
    "--runs",
    String(runs),
    "--seed",
    "1",
    "--kept",
    "--workers",
    "3",
    "--report",
    report,
  ];
  await suite("torture", process.execPath, args, () => {
    const { kept, broken } = JSON.parse(readFileSync(report, "utf8"));
    const titles = broken.map(({ seed, promise, what }) => `torture, seed ${seed}: ${promise}: ${what}`);
    return { passed: kept, failed: new Set(broken.map(({ seed }) => seed)).size, failures: titles };
  });
}

/**
 * Browser specs, in worlds beside each other: these tests mostly wait for the world to move. `only` names specs; all when left
 * out. `own` is added to the environment of their worlds. Specs are dealt out by how long they took when e2e/durations.json was written.
 */
export async function browser(ports, only, own = {}) {
  const found = ensureBrowser();
  if (found === null) {
    miss("browser: there is no browser; install Chromium or set SWITCHYARD_CHROMIUM to one");
    return;
  }
  env.SWITCHYARD_CHROMIUM = found;
  const specs = readdirSync(join(ROOT, "e2e")).filter((name) => name.endsWith(".spec.ts"));
  const shares = dealOut(only ? specs.filter((name) => only.includes(name)) : specs, ports.length);
  const took = await Promise.all(shares.map((share, i) => browserPart(share, ports[i], own)));
  if (process.env.SWITCHYARD_WRITE_DURATIONS) writeDurations(Object.assign({}, ...took));
}

/** Longest first, each to whoever has least so far. */
function dealOut(specs, parts) {
  const durations = JSON.parse(readFileSync(join(ROOT, "e2e/durations.json"), "utf8"));
  const seconds = (spec) => durations[spec] ?? 30;
  const shares = Array.from({ length: parts }, () => ({ specs: [], seconds: 0 }));
  for (const spec of specs.toSorted((a, b) => seconds(b) - seconds(a))) {
    const least = shares.reduce((best, share) => (share.seconds < best.seconds ? share : best));
    least.specs.push(spec);
    least.seconds += seconds(spec);
  }
  return shares.map((share) => share.specs).filter((share) => share.length > 0);
}

async function browserPart(specs, port, more) {
  const report = join(reports, `browser-${port}.json`);
  const own = {
    ...more,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    // Beside the reports, so that it goes with them.
    SWITCHYARD_E2E_DATA: join(reports, `data-${port}`),
    SWITCHYARD_E2E_PORT: String(port),
  };
  const args = ["test", ...specs.map((spec) => `e2e/${spec}`), "--reporter=dot,json", `--output=test-results/${port}`];
  const took = {};
  const readCounts = () => {
    const { stats, suites } = JSON.parse(readFileSync(report, "utf8"));
    for (const each of suites) took[each.file.replace(/^.*\//, "")] = Math.round(secondsOf(each));
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, failures: suites.flatMap(failedSpecs) };
  };
  await suite(`browser, world at ${port}`, "playwright", args, readCounts, own);
  return took;
}

function writeDurations(took) {
  const sorted = Object.fromEntries(Object.entries(took).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(ROOT, "e2e/durations.json"), `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Says what failed once more, then `N passed, N failed`, and ends the process by it. */
export function conclude() {
  rmSync(reports, { recursive: true, force: true });
  for (const failure of failures) say(`failed: ${failure.replaceAll(ROOT, "")}`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
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

async function run(name, program, args, own = {}) {
  const startedAt = Date.now();
  const child = spawn(program, args, { cwd: ROOT, env: { ...env, ...own }, stdio: ["ignore", 2, 2] });
  running.add(child);
  const code = await exitCode(child);
  running.delete(child);
  if (isStopped) {
    rmSync(reports, { recursive: true, force: true });
    process.exit(code);
  }
  say(`${name}: ${code === 0 ? "passed" : "failed"} after ${Math.round((Date.now() - startedAt) / 1000)} s`);
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

function secondsOf({ specs = [], suites = [] }) {
  const results = specs.flatMap(({ tests }) => tests).flatMap((each) => each.results);
  const own = results.reduce((sum, { duration }) => sum + duration / 1000, 0);
  return suites.reduce((sum, each) => sum + secondsOf(each), own);
}
