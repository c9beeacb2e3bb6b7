import { expect, test } from "vitest";
import { createSandbox } from "../../sandbox/sandbox.ts";
import { say } from "../domain/sentence/sentence.ts";
import { createGithub } from "./github.ts";

const OF = { repository: "example/library", branch: "main", workflow: "deploy-to-ecs.yml" };
const TOKEN = "made-up-token";

/** One that answers everything with this. */
function answering(status: number, body: unknown = {}, headers: Record<string, string> = {}) {
  const asked: { url: string; init: RequestInit }[] = [];
  const send = async (url: unknown, init: RequestInit = {}) => {
    asked.push({ url: String(url), init });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
  };
  // Safe because the client hands over an address and its options alone.
  const github = createGithub({ api: "https://api.github.com", token: TOKEN, fetch: send as typeof fetch });
  return { github, asked };
}

test("names, the branch and the newest run are read, and nothing else is asked", async () => {
  const sandbox = await createSandbox({ seed: false });
  try {
    const github = createGithub({ api: `${sandbox.url}/_sandbox/github`, token: TOKEN });
    expect(await github.look(OF)).toEqual({
      branch: { state: "seen", value: { isProtected: true } },
      secrets: { state: "seen", value: [] },
      variables: { state: "seen", value: ["AWS_REGION", "AWS_ROLE_ARN", "SWITCHYARD_URL"] },
      run: {
        state: "seen",
        value: { status: "completed", conclusion: "success", at: Date.parse("2026-11-20T09:00:00Z") },
      },
    });
    const other = await github.look({ ...OF, repository: "example/other" });
    expect(Object.values(other)).toEqual(Array(4).fill({ state: "seen", value: null }));
  } finally {
    await sandbox.close();
  }
});

test("it is asked by GET, with the token, without following where an answer leads", async () => {
  const { github, asked } = answering(200);
  await github.look({ ...OF, repository: "example/a.b", branch: "release/1 x" });
  expect(asked.map(({ url }) => url)).toEqual([
    "https://api.github.com/repos/example/a.b/branches/release%2F1%20x",
    "https://api.github.com/repos/example/a.b/actions/secrets?per_page=100",
    "https://api.github.com/repos/example/a.b/actions/variables?per_page=100",
    "https://api.github.com/repos/example/a.b/actions/workflows/deploy-to-ecs.yml/runs?branch=release%2F1%20x&per_page=1",
  ]);
  for (const { init } of asked) {
    expect(init).toMatchObject({ redirect: "error", headers: { authorization: `Bearer ${TOKEN}` } });
    expect(init.method ?? "GET").toBe("GET");
  }
});

test.each([
  [403, {}, {}, { state: "denied", permission: "GitHub actions: read" }],
  [403, {}, { "x-ratelimit-remaining": "0" }, { state: "not seen", why: say("finding.why.githubLimit") }],
  [429, {}, {}, { state: "not seen", why: say("finding.why.githubLimit") }],
  [401, {}, {}, { state: "not seen", why: say("finding.why.githubToken") }],
  [404, {}, {}, { state: "seen", value: null }],
  [500, {}, {}, { state: "not seen", why: say("finding.why.githubAnswered", { status: 500 }) }],
  [200, "<html>", {}, { state: "not seen", why: say("finding.why.githubNone", { code: "SyntaxError" }) }],
  [200, [], {}, { state: "seen", value: null }],
  [200, { workflow_runs: [{ status: 5 }] }, {}, { state: "seen", value: { status: "", conclusion: null, at: null } }],
])("GitHub's %i with %j", async (status, body, headers, run) => {
  const look = await answering(status, body, headers).github.look(OF);
  expect(look.run).toEqual(run);
  expect(JSON.stringify(look)).not.toContain(TOKEN);
});

test("no answer at all is said, without the token", async () => {
  const send = () => Promise.reject(new TypeError(`fetch failed with ${TOKEN}`));
  const look = await createGithub({ api: "https://api.github.com", token: TOKEN, fetch: send }).look(OF);
  expect(look.branch).toEqual({ state: "not seen", why: say("finding.why.githubNone", { code: "TypeError" }) });
});
