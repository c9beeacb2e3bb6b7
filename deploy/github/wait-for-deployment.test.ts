import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";

const SCRIPT = fileURLToPath(new URL("./wait-for-deployment.mjs", import.meta.url));
const TOKEN = "hidden-token";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

let url = "";
let seen: Seen[] = [];
let answers: Answer[] = [];
let close = async () => {};
let directory = "";
beforeEach(async () => {
  seen = [];
  directory = mkdtempSync(join(tmpdir(), "switchyard-wait-"));
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("utf8");
    });
    request.on("end", () => {
      seen.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(response, request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
});
afterEach(async () => {
  await close();
  rmSync(directory, { recursive: true, force: true });
});

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
const at = (status: string, stage: string, stageStatus = "IN_PROGRESS", more: object = {}): Answer =>
  json({ id: "d-1", application: "library", status, stage, stages: [{ stage, status: stageStatus }], ...more });
const AWAITING = at("IN_PROGRESS", "PRE_PRODUCTION_TRAFFIC_SHIFT", "AWAITING_ACTION");
const SUCCESSFUL = at("SUCCESSFUL", "CLEAN_UP", "SUCCEEDED", { proof: { proven: true } });

async function run(args: readonly string[], ...given: Answer[]) {
  answers = given;
  const output = join(directory, "output");
  writeFileSync(output, "");
  const fast = ["--poll-ms", "5", "--request-timeout-ms", "3000"];
  return start([...args, ...fast], { SWITCHYARD_URL: url, SWITCHYARD_TOKEN: TOKEN, GITHUB_OUTPUT: output });
}

async function start(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { NODE_ENV: "test", PATH: process.env.PATH, ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
  const [code] = await once(child, "close");
  const written = env.GITHUB_OUTPUT ? readFileSync(env.GITHUB_OUTPUT, "utf8") : "";
  return { code, text, written };
}
const DEPLOY = ["--application", "library", "--image", "repo@sha256:1", "--idempotency-key", "github-7-1"];
const WATCH = ["--deployment", "d-1"];

describe("waiting for a deployment", () => {
  test("starts it with the key, tells every stage once, and ends well", async () => {
    const result = await run(
      [...DEPLOY, "--reason", "ship it"],
      json({ id: "d-1" }, 202),
      at("IN_PROGRESS", "SCALE_UP"),
      at("IN_PROGRESS", "SCALE_UP"),
      at("IN_PROGRESS", "BAKE_TIME"),
      SUCCESSFUL,
    );
    expect(result.code).toBe(0);
    expect(seen[0]).toMatchObject({ method: "POST", path: "/api/v1/applications/library/deployments" });
    expect(seen[0]?.headers).toMatchObject({ "idempotency-key": "github-7-1", authorization: `Bearer ${TOKEN}` });
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ image: "repo@sha256:1", reason: "ship it" });
    expect(seen[1]).toMatchObject({ method: "GET", path: "/api/v1/deployments/d-1" });
    expect(result.text.match(/SCALE_UP/g)).toHaveLength(1);
    expect(result.text).toMatch(/BAKE_TIME[\s\S]*d-1 of library: SUCCESSFUL/);
    expect(result.text).toContain(`${url}/library/deployments/d-1`);
    expect(result.written).toBe("deployment-id=d-1\nstatus=SUCCESSFUL\n");
    expect(result.text).not.toContain(TOKEN);
  });

  test.each(["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"])(
    "fails when it ends %s, saying why",
    async (status) => {
      const result = await run(
        WATCH,
        AWAITING,
        at(status, "BAKE_TIME", "FAILED", { statusReason: "green kept dying" }),
      );
      expect(result.code).toBe(1);
      expect(result.text).toContain(`error: Deployment d-1 of library: ${status}. green kept dying`);
    },
  );

  test.each(["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "STOP_REQUESTED", "PENDING"])(
    "does not take %s for an end",
    async (status) => {
      const result = await run(WATCH, at(status, "BAKE_TIME"), at(status, "BAKE_TIME"), at("STOPPED", "BAKE_TIME"));
      expect(result.code).toBe(1);
      expect(seen).toHaveLength(3);
    },
  );

  test("ends well while it waits for a person only when asked to", async () => {
    const result = await run([...WATCH, "--until", "awaiting"], at("IN_PROGRESS", "SCALE_UP"), AWAITING);
    expect(result.code).toBe(0);
    expect(result.text).toContain("waits for a person to switch");
    expect((await run(WATCH, AWAITING, SUCCESSFUL)).code).toBe(0);
    expect((await run([...WATCH, "--until", "awaiting"], at("STOPPED", "SCALE_UP"))).code).toBe(1);
  });

  test.each([
    [["--commit", "4f2b", "--commit-url", "https://git/4f2b"], { commit: "4f2b", url: "https://git/4f2b" }],
    [["--commit", "", "--pipeline-url", "http://ci/7"], undefined],
    [["--commit", "4f2b", "--pipeline-url", "http://ci/7"], { commit: "4f2b" }],
  ])("says where the image comes from, with https links only: %j", async (args, source) => {
    expect((await run([...DEPLOY, ...args], json({ id: "d-1" }, 202), SUCCESSFUL)).code).toBe(0);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ image: "repo@sha256:1", ...(source ? { source } : {}) });
  });

  test("warns of a switch that was not proven", async () => {
    const proof = { proven: false, note: "Switched, not proven: no request seen" };
    const result = await run(WATCH, at("SUCCESSFUL", "CLEAN_UP", "SUCCEEDED", { proof }));
    expect(result).toMatchObject({ code: 0, text: expect.stringContaining("warning: Switched, not proven") });
  });

  test("gets over errors, hangs, resets, throttling and a proxy's page, with the same key", async () => {
    const result = await run(
      DEPLOY,
      json({ detail: "down" }, 503, { "retry-after": "0" }),
      (response) => response.destroy(),
      () => {},
      json({ id: "d-1" }, 202),
      (response) => response.writeHead(502).end("<html>"),
      (response) => response.writeHead(200).end("<html>please wait"),
      json({ code: "RATE_LIMITED" }, 429, { "retry-after": "0.01" }),
      SUCCESSFUL,
    );
    expect(result.code).toBe(0);
    const posts = seen.filter(({ method }) => method === "POST");
    expect(posts).toHaveLength(4);
    expect(new Set(posts.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(result.text).toContain("Something else than Switchyard answered");
  });

  test("says what a refusal says, and asks no second time", async () => {
    const problem = { code: "DEPLOYMENT_IN_FLIGHT", detail: "d-0 is in flight", fix: "Wait for it\n::error::x" };
    const result = await run(DEPLOY, json(problem, 409));
    expect(result.code).toBe(2);
    expect(result.text).toContain("answered 409: DEPLOYMENT_IN_FLIGHT. d-0 is in flight. Wait for it ::error::x");
    expect(result.text).not.toMatch(/^::/m);
    expect(seen).toHaveLength(1);
    expect((await run(WATCH, json({ code: "FORBIDDEN", detail: "no" }, 403))).code).toBe(2);
    expect((await run(WATCH, json({}, 404))).code).toBe(2);
    const redirect = await run(WATCH, (response) => response.writeHead(307, { location: "/sign-in" }).end());
    expect(redirect).toMatchObject({ code: 2, text: expect.stringContaining("is SWITCHYARD_URL right?") });
  });

  test("gives up in time, whether it goes on or Switchyard is gone, and says which", async () => {
    const late = ["--timeout-minutes", "0.005"];
    const going = await run([...WATCH, ...late], at("IN_PROGRESS", "BAKE_TIME"));
    expect(going).toMatchObject({ code: 3, text: expect.stringContaining("d-1 was IN_PROGRESS at BAKE_TIME") });
    const gone = await run([...WATCH, ...late], (response) => response.destroy());
    expect(gone).toMatchObject({ code: 3, text: expect.stringContaining("Switchyard does not answer") });
  });

  const UNTIL = Date.now() + 3_600_000;
  test.each<[string, readonly string[], Answer[], number, RegExp]>([
    [
      "the token was revoked",
      WATCH,
      [at("IN_PROGRESS", "BAKE_TIME"), json({ code: "UNAUTHENTICATED", detail: "Nobody is signed in" }, 401)],
      3,
      /No longer watched: deployment d-1 was IN_PROGRESS at BAKE_TIME and goes on in Switchyard\. Switchyard answered 401/,
    ],
    [
      "Switchyard takes no such token from the first look on",
      DEPLOY,
      [json({ id: "d-1", status: "PENDING" }, 202), json({}, 403)],
      3,
      /No longer watched: deployment d-1 was PENDING and goes on/,
    ],
    [
      "it took too long",
      [...WATCH, "--timeout-minutes", "0.005"],
      [at("IN_PROGRESS", "SCALE_UP")],
      3,
      /No longer watched: deployment d-1 was IN_PROGRESS at SCALE_UP and goes on in Switchyard\. Gave up/,
    ],
    ["it never began", DEPLOY, [json({ code: "FROZEN", detail: "no" }, 422)], 2, /FROZEN/],
  ])("says what is true when %s", async (_why, args, given, exitCode, words) => {
    answers = given;
    const [summary, output] = [join(directory, "summary"), join(directory, "output")];
    for (const file of [summary, output]) writeFileSync(file, "");
    const env = { SWITCHYARD_URL: url, SWITCHYARD_TOKEN: TOKEN, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
    const { code, text, written } = await start([...args, "--poll-ms", "5"], env);
    expect(code).toBe(exitCode);
    expect(text).toMatch(words);
    const wasBegun = exitCode === 3;
    expect(readFileSync(summary, "utf8")).toMatch(wasBegun ? /^\*\*No longer watched\*\*/ : /^\*\*Not deployed\*\*/);
    if (wasBegun) expect(text).toContain(`${url}/library/deployments/d-1`);
    expect(written.includes("watched=false")).toBe(wasBegun);
  });

  test("waits as long as people have to answer, unless a limit was asked for", async () => {
    const waiting = { for: "Waits for a person to switch", since: 0, until: UNTIL, outcome: "stops" };
    const gate = at("IN_PROGRESS", "PRE_PRODUCTION_TRAFFIC_SHIFT", "AWAITING_ACTION", { waiting });
    const limited = await run([...WATCH, "--timeout-minutes", "0.005"], gate);
    expect(limited.code).toBe(3);
    expect((await run(WATCH, gate, SUCCESSFUL)).code).toBe(0);
  });

  /** What it leaves on standard output alone. */
  async function standardOutput(command: string, args: readonly string[], env: Record<string, string> = {}) {
    const child = spawn(command, args, {
      cwd: directory,
      env: { NODE_ENV: "test", PATH: process.env.PATH, SWITCHYARD_URL: url, SWITCHYARD_TOKEN: TOKEN, ...env },
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
    const [code] = await once(child, "close");
    return { code, text };
  }

  test("with --json standard output is one object, however it ends", async () => {
    const jsonOf = async (given: Answer[]) => {
      answers = given;
      return JSON.parse((await standardOutput(process.execPath, [SCRIPT, ...DEPLOY, "--json", "--poll-ms", "5"])).text);
    };
    const begun = json({ id: "d-1", application: "library", status: "PENDING", stage: "PRE_SCALE_UP" }, 202);
    const common = { deploymentId: "d-1", application: "library", url: `${url}/library/deployments/d-1` };
    const end = { status: "SUCCESSFUL", stage: "CLEAN_UP", reason: null, watched: true, exitCode: 0 };
    expect(await jsonOf([begun, SUCCESSFUL])).toEqual({ ...common, ...end });
    const lost = { ...common, status: "PENDING", watched: false, exitCode: 3 };
    expect(await jsonOf([begun, json({}, 403)])).toMatchObject(lost);
    const refused = { deploymentId: null, application: "library", status: null, watched: false, exitCode: 2 };
    expect(await jsonOf([json({ code: "FROZEN", detail: "no" }, 422)])).toMatchObject(refused);
  });

  test("runs as GitLab's job and Jenkins' stage call it", async () => {
    const gitlab = parse(readFileSync(new URL("../gitlab/deploy-to-ecs.gitlab-ci.yml", import.meta.url), "utf8"));
    const jenkins = readFileSync(new URL("../jenkins/Jenkinsfile", import.meta.url), "utf8");
    expect(gitlab.deploy.id_tokens.SWITCHYARD_TOKEN.aud).toBe("$SWITCHYARD_URL");
    const env = {
      ...{ NODE: process.execPath, SCRIPT, SWITCHYARD_APPLICATION: "library", IMAGE: "repo@sha256:1" },
      ...{ CI_PROJECT_ID: "42", CI_JOB_ID: "7", CI_PROJECT_PATH: "group/library", CI_PIPELINE_ID: "9" },
      ...{ CI_PROJECT_URL: "https://git.example.com/library", CI_PIPELINE_URL: "https://git.example.com/p/9" },
      ...{ GIT_COMMIT: "4f2b", CI_COMMIT_SHA: "4f2b", BUILD_URL: "https://jenkins.example.com/9" },
      ...{ BUILD_TAG: "jenkins-a b/c-7", JOB_NAME: "a b/c", BUILD_NUMBER: "7" },
    };
    for (const written of [String(gitlab.deploy.script[0]), /sh '{3}\n([\s\S]*?)'{3}/.exec(jenkins)?.[1] ?? "exit 1"]) {
      seen = [];
      answers = [json({ id: "d-1", application: "library" }, 202), SUCCESSFUL];
      const command = written.replace("node deploy/github/wait-for-deployment.mjs", '"$NODE" "$SCRIPT"');
      expect((await standardOutput("bash", ["-euc", command], env)).code).toBe(0);
      const left = JSON.parse(readFileSync(join(directory, "deployment.json"), "utf8"));
      expect(left).toMatchObject({ status: "SUCCESSFUL" });
      expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ image: "repo@sha256:1", source: { commit: "4f2b" } });
      expect(seen[0]?.headers["idempotency-key"]).toMatch(/^[\x21-\x7e]{1,200}$/);
    }
  });

  test("lets no word of a stranger be a command of the runner", async () => {
    answers = [at("STOPPED", "SCALE_UP", "FAILED", { statusReason: "x\n::set-env name=A::b%0A::error::c" })];
    const env = { SWITCHYARD_URL: url, SWITCHYARD_TOKEN: TOKEN, GITHUB_ACTIONS: "true" };
    const { code, text } = await start([...WATCH, "--poll-ms", "5"], env);
    expect(code).toBe(1);
    const commands = text.split("\n").filter((line) => line.startsWith("::"));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/^::error title=Switchyard::.*x ::set-env name=A::b%250A::error::c$/);
  });

  test("asks GitHub for a token when it has none, and for another when it ran out", async () => {
    let issued = 0;
    const issue: Answer = (response) => json({ value: `jwt-${++issued}` })(response, {} as IncomingMessage);
    answers = [issue, json({}, 401), issue, SUCCESSFUL];
    const { code, text } = await start([...WATCH, "--poll-ms", "5"], {
      SWITCHYARD_URL: `${url}/`,
      SWITCHYARD_TOKEN: "",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
    });
    expect(code).toBe(0);
    expect(text).toContain("::add-mask::jwt-1");
    expect(seen[0]).toMatchObject({ path: `/token?api-version=2&audience=${encodeURIComponent(url)}` });
    expect(seen[0]?.headers.authorization).toBe("Bearer request-token");
    expect(seen.at(-1)?.headers.authorization).toBe("Bearer jwt-2");
  });

  test.each<[string, readonly string[], Record<string, string>, RegExp]>([
    ["no address", WATCH, {}, /SWITCHYARD_URL/],
    ["nothing to do", [], { SWITCHYARD_URL: "http://x" }, /Give --deployment/],
    ["two things to do", [...WATCH, ...DEPLOY], { SWITCHYARD_URL: "http://x" }, /Give --deployment/],
    ["an unknown option", ["--deploy"], { SWITCHYARD_URL: "http://x" }, /--deploy/],
    ["a time that is none", [...WATCH, "--timeout-minutes", "soon"], { SWITCHYARD_URL: "http://x" }, /timeout-minutes/],
    ["another end", [...WATCH, "--until", "later"], { SWITCHYARD_URL: "http://x" }, /finished or awaiting/],
    ["nobody who asks", WATCH, { SWITCHYARD_URL: "http://127.0.0.1:1" }, /id-token: write/],
  ])("called with %s, says what to give", async (_what, args, env, message) => {
    const { code, text } = await start(args, env);
    expect(code).toBe(2);
    expect(text).toMatch(message);
  });

  test("runs as the workflow calls it", async () => {
    const workflow = parse(readFileSync(new URL("./deploy-to-ecs.yml", import.meta.url), "utf8"));
    const step = workflow.jobs.deploy.steps.at(-1);
    const command = String(step.run).replace("node deploy/github/wait-for-deployment.mjs", '"$NODE" "$SCRIPT"');
    answers = [json({ id: "d-1" }, 202), SUCCESSFUL];
    const child = spawn("bash", ["-ec", command], {
      env: {
        NODE_ENV: "test",
        PATH: process.env.PATH,
        NODE: process.execPath,
        SCRIPT,
        SWITCHYARD_URL: url,
        SWITCHYARD_TOKEN: TOKEN,
        APPLICATION: "library",
        IMAGE: "repo@sha256:1",
        REASON: "by O'Hara $(id), run 7",
        KEY: "github-7-1",
        UNTIL: "finished",
      },
    });
    expect((await once(child, "close"))[0]).toBe(0);
    expect(JSON.parse(seen[0]?.body ?? "").reason).toBe("by O'Hara $(id), run 7");
  });
});
