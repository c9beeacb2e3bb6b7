#!/usr/bin/env node
// Starts a deployment in Switchyard (or takes one that runs), tells its stages and ends as it ends. Needs Node.js 20 or
// later and nothing else: copy it beside your workflow.
//
//   SWITCHYARD_URL=https://... node wait-for-deployment.mjs --application library --image <image> --idempotency-key <key>
//   SWITCHYARD_URL=https://... node wait-for-deployment.mjs --deployment d-4f1c
//
// Who asks: SWITCHYARD_TOKEN, or GitHub's OpenID Connect token for the audience SWITCHYARD_URL where the job has
// `id-token: write`.
//
// Exit status: 0 the deployment is SUCCESSFUL (or, with --until awaiting, waits for a person); 1 it stopped or was rolled
// back; 2 Switchyard refused to start it, or this was called wrongly; 3 it is no longer watched, because it took longer than
// --timeout-minutes or Switchyard no longer answers this token: it goes on in Switchyard.
//
// Without --timeout-minutes this waits an hour, and longer while people have longer to approve or to switch.
//
// With --json the last thing on standard output, and the only one, is one JSON object: { deploymentId, application, status,
// stage, reason, url, watched, exitCode }; what is told on the way goes to standard error.
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const USUAL_TIMEOUT_MS = 3_600_000;
/** For what comes after people have answered in their last minute. */
const AFTER_PEOPLE_MS = 900_000;
const FAILED = new Set(["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]);
const SLOWEST_POLL_MS = 15_000;
const LONGEST_RETRY_MS = 30_000;
/** GitHub's tokens live for minutes, a deployment for hours. */
const TOKEN_KEPT_MS = 240_000;

class Stop extends Error {
  constructor(exitCode, message) {
    super(message);
    this.exitCode = exitCode;
  }
}

const options = readOptions();
const startedAt = Date.now();
let deadline = startedAt + (options.timeoutMs ?? USUAL_TIMEOUT_MS);
let token = null;
/** The deployment as it was last seen; null before. */
let last = null;
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    const exitCode = signal === "SIGINT" ? 130 : 143;
    process.exit(last ? unwatched("This was told to end", exitCode) : notDeployed(new Stop(exitCode, "Told to end")));
  });

try {
  const started = options.deployment ? { id: options.deployment } : await start();
  process.exitCode = await follow(started.id);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.exitCode = last ? unwatched(error.message, 3) : notDeployed(error);
}

function notDeployed({ message, exitCode }) {
  annotate(message);
  summarize(`**${options.deployment ? "Not watched" : "Not deployed"}**: ${escapeMarkdown(message)}`);
  result({ status: null, reason: message, watched: false, exitCode });
  return exitCode;
}

/** Watching ended and the deployment did not: it is as it was last seen, or further. */
function unwatched(why, exitCode) {
  const where = [last.status, last.stage].filter(Boolean).join(" at ");
  const words = `No longer watched: deployment ${last.id}${where ? ` was ${where}` : ""} and goes on in Switchyard. ${why}`;
  annotate(`${words} ${linkTo(last)}`);
  output(`status=${oneLine(last.status ?? "")}`);
  output("watched=false");
  summarize(`**No longer watched**: ${escapeMarkdown(words)} ([in Switchyard](${linkTo(last)}))`);
  result({ ...seen(last), reason: why, watched: false, exitCode });
  return exitCode;
}

function linkTo({ id, application = options.application }) {
  return `${options.url}/${encodeURIComponent(application ?? "")}/deployments/${encodeURIComponent(id)}`;
}

function seen(deployment) {
  const { id, application = options.application, status = null, stage = null } = deployment;
  return { deploymentId: id, application, status, stage, url: linkTo(deployment) };
}

function result(value) {
  if (options.json)
    process.stdout.write(`${JSON.stringify({ deploymentId: null, application: options.application, ...value })}\n`);
}

async function start() {
  const { application, image, reason, source, idempotencyKey } = options;
  say(`Deploying ${image} to ${application}`);
  // The same key at every try: a lost answer does not become a second deployment.
  const deployment = await request(`/api/v1/applications/${encodeURIComponent(application)}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
    body: JSON.stringify({ image, ...(reason ? { reason } : {}), ...(source ? { source } : {}) }),
  });
  if (typeof deployment.id !== "string") throw new Stop(2, "Switchyard's answer names no deployment");
  last = deployment;
  return deployment;
}

async function follow(id) {
  let told = "";
  let waitMs = options.pollMs;
  for (let isFirst = true; ; isFirst = false) {
    const deployment = await request(`/api/v1/deployments/${encodeURIComponent(id)}`);
    last = deployment;
    waitForPeople(deployment);
    if (isFirst) {
      say(`Deployment ${id}: ${linkTo(deployment)}`);
      output(`deployment-id=${oneLine(id)}`);
    }
    const stage = deployment.stages?.find((record) => record.stage === deployment.stage);
    const isAwaiting = deployment.status === "IN_PROGRESS" && stage?.status === "AWAITING_ACTION";
    const now = [deployment.status, deployment.stage, stage?.status, stage?.detail].filter(Boolean).join(" · ");
    waitMs = now === told ? Math.min(waitMs * 1.5, SLOWEST_POLL_MS) : options.pollMs;
    if (now !== told) say(now);
    told = now;
    if (deployment.status === "SUCCESSFUL") return await finish(deployment, 0);
    if (FAILED.has(deployment.status)) return await finish(deployment, 1);
    if (isAwaiting && options.until === "awaiting") return await finish(deployment, 0, "waits for a person to switch");
    await pause(waitMs, `It is still ${deployment.status} at ${deployment.stage}`);
  }
}

/** Whoever has to approve or to switch has the time that the application's policy gives them, unless a limit was asked for. */
function waitForPeople({ waiting, approval }) {
  if (options.timeoutMs) return;
  const until = Math.max(Number(waiting?.until) || 0, Number(approval?.expiresAt) || 0);
  if (until > 0) deadline = Math.max(deadline, until + AFTER_PEOPLE_MS);
}

async function finish(deployment, exitCode, what = deployment.status) {
  const words = `Deployment ${deployment.id} of ${deployment.application}: ${what}`;
  const why = deployment.statusReason ? `${words}. ${deployment.statusReason}` : words;
  if (exitCode === 0) say(why);
  else annotate(why);
  if (exitCode === 0 && deployment.proof?.proven === false) annotate(deployment.proof.note ?? "Not proven", "warning");
  output(`status=${oneLine(deployment.status)}`);
  summarize(
    `${exitCode === 0 ? "" : "**Failed.** "}${escapeMarkdown(why)} ([in Switchyard](${linkTo(deployment)}))\n\n${await handover(deployment.id)}`,
  );
  result({ ...seen(deployment), reason: deployment.statusReason ?? null, watched: true, exitCode });
  return exitCode;
}

/** What happened, as Switchyard's audit tells it; without it the deployment ended all the same. */
async function handover(id) {
  if (!process.env.GITHUB_STEP_SUMMARY) return "";
  try {
    const response = await fetch(`${options.url}/api/v1/deployments/${encodeURIComponent(id)}/handover`, {
      headers: { accept: "text/markdown", authorization: `Bearer ${await bearer()}` },
      redirect: "manual",
      signal: AbortSignal.timeout(options.requestTimeoutMs),
    });
    return response.ok && response.headers.get("content-type")?.startsWith("text/markdown")
      ? await response.text()
      : "";
  } catch {
    return "";
  }
}

/** JSON of an answer; tries again while Switchyard does not answer, is overloaded or fails. */
async function request(path, init = {}) {
  for (let attempt = 1; ; attempt++) {
    let problem;
    let retryAfterMs = 0;
    try {
      const response = await fetch(options.url + path, {
        ...init,
        headers: { accept: "application/json", authorization: `Bearer ${await bearer()}`, ...init.headers },
        redirect: "manual",
        signal: AbortSignal.timeout(options.requestTimeoutMs),
      });
      const text = await response.text();
      if (response.ok) return parse(text);
      problem = describeProblem(response.status, text);
      const isTransient = response.status >= 500 || response.status === 429 || response.status === 408;
      // One that ran out is replaced once.
      const isTokenOld = response.status === 401 && attempt === 1 && !process.env.SWITCHYARD_TOKEN;
      if (isTokenOld) token = null;
      else if (!isTransient) throw new Stop(2, problem);
      retryAfterMs = Math.min(Number(response.headers.get("retry-after")) * 1000 || 0, LONGEST_RETRY_MS);
    } catch (error) {
      if (error instanceof Stop) throw error;
      problem =
        error instanceof SyntaxError
          ? "Something else than Switchyard answered: no JSON"
          : `Switchyard does not answer (${error.cause?.code ?? error.name})`;
    }
    const waitMs = Math.min(options.pollMs * 2 ** (attempt - 1), LONGEST_RETRY_MS);
    say(`${problem}; trying again`);
    await pause(Math.max(waitMs, retryAfterMs), problem);
  }
}

/** A 2xx that is no JSON is a proxy's page, and may be gone at the next look. */
function parse(text) {
  const value = JSON.parse(text);
  if (typeof value !== "object" || value === null) throw new SyntaxError("not an object");
  return value;
}

function describeProblem(status, text) {
  let problem = {};
  try {
    problem = JSON.parse(text) ?? {};
  } catch {
    // Not Switchyard's own answer: the status says it all.
  }
  const parts = [problem.code, problem.detail, problem.fix].filter((part) => typeof part === "string");
  const hint = status >= 300 && status < 400 ? "a redirect: is SWITCHYARD_URL right?" : "";
  return oneLine(`Switchyard answered ${status}${parts.length > 0 ? `: ${parts.join(". ")}` : ` ${hint}`}`).trim();
}

async function bearer() {
  if (process.env.SWITCHYARD_TOKEN) return process.env.SWITCHYARD_TOKEN;
  if (token && Date.now() - token.at < TOKEN_KEPT_MS) return token.value;
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret } = process.env;
  if (!url || !secret)
    throw new Stop(2, "Nobody asks: set SWITCHYARD_TOKEN, or give the job the permission id-token: write");
  const asked = new URL(url);
  asked.searchParams.set("audience", options.url);
  const response = await fetch(asked, {
    headers: { authorization: `Bearer ${secret}` },
    signal: AbortSignal.timeout(options.requestTimeoutMs),
  });
  if (!response.ok) throw new TypeError(`GitHub answered ${response.status}`);
  const { value } = await response.json();
  say(`::add-mask::${value}`, "");
  token = { value, at: Date.now() };
  return value;
}

async function pause(ms, problem) {
  const left = deadline - Date.now();
  if (left <= ms)
    throw new Stop(3, `Gave up after ${Math.round((Date.now() - startedAt) / 600) / 100} min. ${problem}`);
  await sleep(ms);
}

function readOptions() {
  const string = { type: "string" };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        application: string,
        image: string,
        reason: string,
        /** Shown to whoever approves: the commit, its page and the run's. */
        commit: string,
        "commit-url": string,
        "pipeline-url": string,
        "idempotency-key": string,
        deployment: string,
        until: { ...string, default: "finished" },
        "timeout-minutes": string,
        /** One JSON object on standard output. */
        json: { type: "boolean", default: false },
        /** Shortest time between two looks, and the longest one look may take. */
        "poll-ms": { ...string, default: "2000" },
        "request-timeout-ms": { ...string, default: "15000" },
      },
    }));
  } catch (error) {
    usage(error.message);
  }
  const number = (name) => {
    const value = Number(values[name]);
    return value > 0 && Number.isFinite(value) ? value : usage(`--${name} ${values[name]}: give a number above 0`);
  };
  const url = (process.env.SWITCHYARD_URL ?? "").replace(/\/+$/, "");
  if (!/^https?:\/\/[^/]/.test(url)) usage("Set SWITCHYARD_URL to the address people open");
  if (!["finished", "awaiting"].includes(values.until)) usage(`--until ${values.until}: give finished or awaiting`);
  const starts = Boolean(values.application && values.image && values["idempotency-key"]);
  if (starts === Boolean(values.deployment))
    usage("Give --deployment, or all of --application, --image and --idempotency-key");
  return {
    ...values,
    url,
    source: sourceOf(values),
    idempotencyKey: values["idempotency-key"],
    timeoutMs: values["timeout-minutes"] === undefined ? null : number("timeout-minutes") * 60_000,
    pollMs: number("poll-ms"),
    requestTimeoutMs: number("request-timeout-ms"),
  };
}

/** Where the image comes from; null when nobody said. Switchyard takes https only, and a link is not worth failing for. */
function sourceOf(values) {
  const link = (name) => (/^https:\/\//.test(values[name] ?? "") ? values[name] : undefined);
  const source = { commit: values.commit || undefined, url: link("commit-url"), pipeline: link("pipeline-url") };
  return Object.values(source).some(Boolean) ? source : null;
}

function usage(problem) {
  annotate(problem);
  process.exit(2);
}

/** Strangers' words stay on one line behind the time, so that no runner takes them for a command. */
function say(text, prefix = `[${new Date().toISOString().slice(11, 19)}] `) {
  stream().write(`${prefix}${oneLine(text)}\n`);
}

function annotate(text, level = "error") {
  const isGitHub = process.env.GITHUB_ACTIONS === "true";
  const flat = oneLine(text);
  if (isGitHub) stream().write(`::${level} title=Switchyard::${flat.replaceAll("%", "%25")}\n`);
  else process.stderr.write(`${level}: ${flat}\n`);
}

/** Before the options are read, nothing has said where to. */
function stream() {
  return process.argv.includes("--json") ? process.stderr : process.stdout;
}

function output(line) {
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `${line}\n`);
}

/** For the run's page; without one there is nothing to write to. */
function summarize(markdown) {
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
}

function escapeMarkdown(text) {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_{}[\]()#+!|~>]/g, "\\$&");
}

function oneLine(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  return String(text).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}
