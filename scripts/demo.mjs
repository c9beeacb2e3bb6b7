// npm run demo (and with --dev, npm run dev): the dashboard on the sandbox.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { ensureFreshBuild } from "./build.mjs";
import { exitCode, fail, forwardSignals, onProjectNode, ROOT, say } from "./setup.mjs";

const isDev = process.argv.includes("--dev");
// An account with nothing in it, and an installation without applications.
const isEmpty = process.argv.includes("--empty");
await onProjectNode(import.meta.url);

const ports = readPorts();
await refuseUsedPorts();
const dataDir = resolve(ROOT, process.env.DATA_DIR || (isEmpty ? ".data/empty" : ".data"));
await refuseBadPlace();
const url = `http://127.0.0.1:${ports.PORT}`;
const sandboxUrl = `http://127.0.0.1:${ports.SANDBOX_PORT}`;
const listenerUrl = `http://127.0.0.1:${ports.SANDBOX_LISTENER_PORT}`;
const env = {
  ...process.env,
  PORT: String(ports.PORT),
  SANDBOX_PORT: String(ports.SANDBOX_PORT),
  SANDBOX_LISTENER_PORT: String(ports.SANDBOX_LISTENER_PORT),
  SANDBOX_LISTENER_URL: listenerUrl,
  SANDBOX_TEST_LISTENER_URL: `http://127.0.0.1:${ports.SANDBOX_LISTENER_PORT + 1}`,
  ...(isEmpty ? { SANDBOX_SEED: "empty" } : {}),
  SANDBOX_VISITORS: process.env.SANDBOX_VISITORS ?? "4",
  DATA_DIR: dataDir,
  SWITCHYARD_CONFIG: isEmpty ? ownConfig() : join(ROOT, "sandbox/switchyard.yaml"),
  SWITCHYARD_SANDBOX_USERS: "1",
  AWS_ENDPOINT_URL: sandboxUrl,
  AWS_REGION: "ap-northeast-2",
  SWITCHYARD_GITHUB_API: `${sandboxUrl}/_sandbox/github`,
  SWITCHYARD_GITHUB_TOKEN: "sandbox",
  // Made up: nothing of the demo may reach a real account.
  AWS_ACCESS_KEY_ID: "AKIASANDBOX",
  AWS_SECRET_ACCESS_KEY: "sandbox",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  NEXTAUTH_URL: url,
  NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET || keptSecret(),
  NEXT_TELEMETRY_DISABLED: "1",
};
delete env.AWS_PROFILE;
delete env.AWS_SESSION_TOKEN;

/** Everything started here: name to process. */
const children = new Map();
let isStopping = false;
forwardSignals(() => void stopAll(0));

// The sandbox first: its tasks become healthy while the dashboard is built.
start("sandbox", ["sandbox/main.ts"], process.env.SANDBOX_QUIET === "0" ? "inherit" : ["ignore", "ignore", 2]);
if (!isDev) await ensureFreshBuild();
await answers("the sandbox", `${sandboxUrl}/_sandbox`);
// The ports after library's two, or others where somebody has those.
env.SANDBOX_CATALOG_URL = await listenerAddress("catalog-alb:80");
start("dashboard", isDev ? ["node_modules/next/dist/bin/next", "dev", "-H", "127.0.0.1"] : ["scripts/start.mjs"], [
  "ignore",
  isDev ? 2 : "ignore",
  2,
]);
await answers("the dashboard", `${url}/api/health`);
if (!isStopping)
  process.stdout.write(`
  Switchyard            ${url}${isEmpty ? "  (an account with nothing in it: it opens on readiness)" : ""}
  library               ${listenerUrl}  (through the load balancer of the sandbox)
  catalog               ${env.SANDBOX_CATALOG_URL}
  AWS, as the sandbox   ${sandboxUrl}

  Sign in as viewer, operator, approver or admin; the password is "sandbox".
  Ctrl-C ends everything.

`);

/** A process of its own group, so that Ctrl-C reaches it once, through us; its channel ends it when we are killed. */
function start(name, args, stdio) {
  const [input, output, error] = stdio === "inherit" ? ["ignore", 2, 2] : stdio;
  const child = spawn(process.execPath, ["--import", "./scripts/end-with-parent.mjs", ...args], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: [input, output, error, "ipc"],
  });
  children.set(name, child);
  exitCode(child).then((code) => {
    children.delete(name);
    if (isStopping) return;
    say(`the ${name} ended (code ${code}), so everything ends`);
    void stopAll(code === 0 ? 1 : code);
  });
}

/** Ends everything that was started, and then this process. */
async function stopAll(code) {
  if (isStopping) return;
  isStopping = true;
  const ended = [...children.values()].map((child) => {
    child.kill("SIGTERM");
    // Whole groups, because the sandbox's tasks and Next's workers are processes of their own.
    const last = setTimeout(() => killGroup(child.pid), 10_000);
    return exitCode(child).then(() => {
      clearTimeout(last);
      killGroup(child.pid);
    });
  });
  await Promise.all(ended);
  process.exit(code);
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody of it is left.
  }
}

/** Polls until the address answers; gives up when the process behind it has ended or does not come up. */
async function answers(what, address) {
  const deadline = Date.now() + 120_000;
  while (!isStopping) {
    const isUp = await fetch(address, { signal: AbortSignal.timeout(5000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > deadline) {
      say(`${what} does not answer at ${address}`);
      await stopAll(1);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Where the sandbox has opened a listener. */
async function listenerAddress(name) {
  if (isStopping) return "";
  const { listeners } = await (await fetch(`${sandboxUrl}/_sandbox`)).json();
  return listeners[name] ?? "";
}

function readPorts() {
  const defaults = { PORT: 3000, SANDBOX_PORT: 4566, SANDBOX_LISTENER_PORT: 8080 };
  const entries = Object.entries(defaults).map(([name, fallback]) => {
    const port = Number(process.env[name] || fallback);
    if (!Number.isInteger(port) || port < 1 || port > 65_532) fail(`${name} is no port: set it to 1-65532`);
    return [name, port];
  });
  return Object.fromEntries(entries);
}

/** What a start of the dashboard would find, before anything else is started. */
async function refuseBadPlace() {
  const { findPlaceProblems } = await import("./place.mjs");
  const problems = await findPlaceProblems({ dataDir, ports: {}, host: "127.0.0.1" });
  for (const problem of problems) say(problem);
  if (problems.length > 0) process.exit(1);
}

/** All at once, each with the variable that moves it. */
async function refuseUsedPorts() {
  const wanted = [
    ["PORT", ports.PORT],
    ["SANDBOX_PORT", ports.SANDBOX_PORT],
    ["SANDBOX_LISTENER_PORT", ports.SANDBOX_LISTENER_PORT],
    ["SANDBOX_LISTENER_PORT", ports.SANDBOX_LISTENER_PORT + 1],
  ];
  const problems = [];
  for (const [index, [name, port]] of wanted.entries()) {
    const twin = wanted.slice(0, index).find((other) => other[1] === port);
    if (twin) problems.push(`port ${port} is wanted twice: set ${name} or ${twin[0]} to another`);
    else if (!(await isFree(port)))
      problems.push(`port ${port} is in use: set ${name} to another, or stop what uses it`);
  }
  for (const problem of problems) say(problem);
  if (problems.length > 0) process.exit(1);
}

function isFree(port) {
  return new Promise((done) => {
    const server = createServer()
      .once("error", () => done(false))
      .listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

/** A file of one's own to add applications to. The sandbox begins with nothing each time, and so does the file. */
function ownConfig() {
  const path = join(dataDir, "switchyard.yaml");
  copyFileSync(join(ROOT, "sandbox/empty.yaml"), path);
  return path;
}

/** Kept, so that sessions outlive a restart. */
function keptSecret() {
  const path = join(dataDir, "nextauth-secret");
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(32).toString("base64url"), { mode: 0o600 });
  }
  chmodSync(path, 0o600);
  return readFileSync(path, "utf8").trim();
}
