import { spawn } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import * as deployments from "@/app/api/v1/applications/[name]/deployments/route.ts";
import * as handover from "@/app/api/v1/deployments/[id]/handover/route.ts";
import * as deployment from "@/app/api/v1/deployments/[id]/route.ts";
import { pipelineRuleSchema } from "@/lib/config/pipelines-config.ts";
import { isAwaitingSwitch, isInFlight } from "@/lib/domain/deployment/deployment.ts";
import { abortDeployment } from "@/lib/operations/abort-deployment.ts";
import { rejectDeployment } from "@/lib/operations/reject-deployment.ts";
import { createTestWorld, type TestWorld, until } from "@/lib/testing/test-world.ts";

// The workflow's own deploy step, with a token that its runner signs, against the API on the sandbox.
const SCRIPT = fileURLToPath(new URL("./wait-for-deployment.mjs", import.meta.url));
const workflow = parse(readFileSync(new URL("./deploy-to-ecs.yml", import.meta.url), "utf8"));
const COMMAND = String(workflow.jobs.deploy.steps.at(-1).run)
  .replace("node deploy/github/wait-for-deployment.mjs", '"$NODE" "$SCRIPT" --poll-ms 50')
  .trim();
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const symbols = ["switchyard.runtime", "switchyard.config", "switchyard.pipeline-door"].map((name) => Symbol.for(name));
const [RUNTIME = Symbol(), CONFIG = Symbol()] = symbols;
const process_ = globalThis as Record<symbol, unknown>;

let world: TestWorld;
let url = "";
let close = async () => {};
let directory = "";
/** What the runner's token says besides. */
let claims: Record<string, unknown> = {};
let isRestarting = false;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-step-"));
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  process_[RUNTIME] = { promise: Promise.resolve(world.runtime), current: world.runtime, stopping: null };
  process_[CONFIG] = {
    auth: { secret: "s".repeat(32), url, oidc: null, sandboxUsers: true, apiToken: null },
    access: {},
    pipelines: {
      audience: url,
      issuers: [{ name: "github", issuer: `${url}/issuer`, jwksUri: `${url}/issuer/keys`, algorithms: ["RS256"] }],
    },
    applications: [
      {
        name: "library",
        pipelines: [pipelineRuleSchema.parse({ repository: "octo/repo", environment: "production" })],
      },
    ],
  };
});
afterAll(async () => {
  for (const symbol of symbols) delete process_[symbol];
  await close();
  await world.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  claims = {};
  isRestarting = false;
  // Nothing of the test before is in flight, and both sides are as they were.
  const left = await world.runtime.store.findDeploymentInFlight("library");
  if (left) await abortDeployment(world.as("operator"), { deploymentId: left.id });
  await until(async () => (await world.runtime.store.findDeploymentInFlight("library")) === null, 60_000);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "", url);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const send = (status: number, value: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (pathname === "/runner/token") return void send(200, { value: runnerToken() });
  if (pathname === "/issuer/keys")
    return void send(200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key", use: "sig" }] });
  if (isRestarting) return void request.socket.destroy();
  const headers = new Headers(request.headers as Record<string, string>);
  const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {};
  const web = new Request(`${url}${request.url}`, { method: request.method ?? "GET", headers, ...body });
  const [, , , kind, name = "", more] = pathname.split("/");
  const named = { params: Promise.resolve({ name }) };
  const identified = { params: Promise.resolve({ id: name }) };
  const result =
    kind === "applications"
      ? await deployments.POST(web, named)
      : more === "handover"
        ? await handover.GET(web, identified)
        : await deployment.GET(web, identified);
  response.writeHead(result.status, Object.fromEntries(result.headers)).end(Buffer.from(await result.arrayBuffer()));
}

function runnerToken(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const body = `${part({ alg: "RS256", kid: "key" })}.${part({
    iss: `${url}/issuer`,
    aud: url,
    iat: now,
    exp: now + 300,
    sub: "repo:octo/repo:environment:production",
    jti: "jti-7",
    repository: "octo/repo",
    ref: "refs/heads/main",
    environment: "production",
    run_id: "7",
    ...claims,
  })}`;
  return `${body}.${sign("sha256", Buffer.from(body), privateKey).toString("base64url")}`;
}

let runs = 0;
function run(image: string, until = "awaiting") {
  runs += 1;
  const summary = join(directory, `summary-${runs}`);
  const output = join(directory, `output-${runs}`);
  for (const file of [summary, output]) writeFileSync(file, "");
  const child = spawn("bash", ["-ec", COMMAND], {
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      NODE: process.execPath,
      SCRIPT,
      GITHUB_ACTIONS: "true",
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
      SWITCHYARD_URL: url,
      SWITCHYARD_TOKEN: "",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/runner/token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner",
      APPLICATION: "library",
      IMAGE: image,
      REASON: "octo/repo@abc by kim, run 7",
      COMMIT: "4f2b791c",
      COMMIT_URL: "https://github.com/octo/repo/commit/4f2b791c",
      PIPELINE_URL: "https://github.com/octo/repo/actions/runs/7",
      KEY: `github-7-${runs}`,
      UNTIL: until,
    },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
  const done = once(child, "close").then(([code]) => ({ code, text, summary: readFileSync(summary, "utf8") }));
  return { done };
}

const imageOf = (tag: string) => `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system:${tag}`;
const inFlight = () =>
  until(async () => {
    const found = await world.runtime.store.findDeploymentInFlight("library");
    return found && isAwaitingSwitch(found) ? found : null;
  });

test("deploys without a stored secret, waits for a person, and reports in the run's summary", async () => {
  const { code, text, summary } = await run(imageOf("1.1.0")).done;
  expect(text).toContain("waits for a person to switch");
  expect(code).toBe(0);
  const started = await inFlight();
  expect(started.actor).toEqual({
    id: "github:repo:octo/repo:environment:production",
    name: "octo/repo@refs/heads/main run 7",
    via: "token",
  });
  expect(started.source).toEqual({
    commit: "4f2b791c",
    url: "https://github.com/octo/repo/commit/4f2b791c",
    pipeline: "https://github.com/octo/repo/actions/runs/7",
  });
  const [row] = (await world.runtime.store.listAudit({ deploymentId: started.id }, { limit: 1 })).items;
  expect(row).toMatchObject({ credentialId: "github:jti-7", role: "operator", reason: "octo/repo@abc by kim, run 7" });
  expect(summary).toContain(`# Handover: deployment ${started.id} of library`);
  expect(text.replaceAll(/^::add-mask::.*$/gm, "")).not.toContain("eyJ");
});

test("fails when a person rejects it, while Switchyard restarts meanwhile", async () => {
  const { done } = run(imageOf("1.1.0"), "finished");
  const started = await inFlight();
  isRestarting = true;
  const rejected = await rejectDeployment(world.as("approver"), { deploymentId: started.id, comment: "not today" });
  expect(rejected.ok).toBe(true);
  await until(async () => {
    const found = await world.runtime.store.findDeployment(started.id);
    return found && !isInFlight(found);
  });
  isRestarting = false;
  const { code, text, summary } = await done;
  expect(code).toBe(1);
  expect(text).toMatch(/^::error title=Switchyard::Deployment .*: STOPPED/m);
  expect(summary).toContain("**Failed.**");
});

test("is refused where no rule names it, and says so", async () => {
  claims = { repository: "octo/fork", sub: "repo:octo/fork:environment:production" };
  const { code, text, summary } = await run(imageOf("1.1.0")).done;
  expect(code).toBe(2);
  expect(text).toContain("UNAUTHENTICATED");
  expect(summary).toContain("**Not deployed**");
  const [row] = (await world.runtime.store.listAudit({ action: "token.refused" }, { limit: 1 })).items;
  expect(row?.message).toContain("No application has a rule for github repo:octo/fork");
});
