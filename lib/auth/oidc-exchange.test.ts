import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PipelineRule, pipelineRuleSchema } from "../config/pipelines-config.ts";
import { can, maySee } from "../domain/access/role.ts";
import { fixesOf } from "../testing/fixes-of.ts";
import { createOidcExchange, isJwt, type OidcExchange } from "./oidc-exchange.ts";

const AUDIENCE = "https://switchyard.example.com";
const NOW = 1_800_000_000_000;

interface Key {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}
const newKey = (kid: string): Key => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) });
const FIRST = newKey("first");
const SECOND = newKey("second");

let server: Server;
let issuer = "";
let published: Key[] = [];
let asked: string[] = [];
/** What the issuer answers with instead. */
let trouble: "none" | "error" | "page" | "reset" = "none";
beforeEach(async () => {
  published = [FIRST];
  asked = [];
  trouble = "none";
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (trouble === "reset") return request.socket.destroy();
    if (trouble === "error") return response.writeHead(500).end();
    if (trouble === "page") return response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    const body = request.url?.endsWith("openid-configuration")
      ? { issuer, jwks_uri: `${issuer}/keys` }
      : { keys: published.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: "jwk" }), kid, use: "sig" })) };
    return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const CLAIMS = {
  aud: AUDIENCE,
  sub: "repo:octo/repo:environment:production",
  iat: NOW / 1000 - 10,
  nbf: NOW / 1000 - 10,
  exp: NOW / 1000 + 300,
  jti: "jti-1",
  repository: "octo/repo",
  ref: "refs/heads/main",
  environment: "production",
  workflow_ref: "octo/repo/.github/workflows/deploy.yml@refs/heads/main",
  run_id: "123",
};
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function tokenOf(change: object = {}, key: Key = FIRST, header: object = {}): string {
  const body = `${part({ alg: "RS256", kid: key.kid, ...header })}.${part({ iss: issuer, ...CLAIMS, ...change })}`;
  return `${body}.${sign("sha256", Buffer.from(body), key.privateKey).toString("base64url")}`;
}

const rule = (given: object) => pipelineRuleSchema.parse({ issuer: "ci", ...given });
const RULE = {
  repository: "octo/repo",
  branch: "main",
  environment: "production",
  workflow: ".github/workflows/deploy.yml",
  verbs: ["deploy", "abort"],
};

function exchange(
  rules: readonly PipelineRule[] = [rule(RULE)],
  change: { askAgainMs?: number; at?: number } = {},
): OidcExchange {
  return createOidcExchange({
    issuers: [{ name: "ci", issuer, jwksUri: null, algorithms: ["RS256"] }],
    audience: AUDIENCE,
    applications: [
      { name: "library", pipelines: rules },
      { name: "other", pipelines: [] },
    ],
    now: () => change.at ?? NOW,
    askAgainMs: change.askAgainMs ?? 0,
  });
}

describe("a pipeline's token", () => {
  test("makes whoever a rule names, for its verbs on its application, until its end", async () => {
    const entry = await exchange().enter(tokenOf());
    if (entry.kind !== "identity") throw new Error(JSON.stringify(entry));
    const { identity, endsAt } = entry;
    expect(endsAt).toBe(CLAIMS.exp * 1000);
    expect(identity).toMatchObject({
      id: "ci:repo:octo/repo:environment:production",
      name: "octo/repo@refs/heads/main run 123",
      via: "token",
      scope: { tokenId: "ci:jti-1", applications: ["library"] },
    });
    expect([can(identity, "deploy", "library"), can(identity, "abort", "library")]).toEqual([true, true]);
    expect([can(identity, "switch", "library"), can(identity, "tokens", null)]).toEqual([false, false]);
    expect([maySee(identity, "other"), can(identity, "deploy", "other")]).toEqual([false, false]);
  });

  test("has each application's own verbs, not all of them everywhere", async () => {
    const two = createOidcExchange({
      issuers: [{ name: "ci", issuer, jwksUri: `${issuer}/keys`, algorithms: ["RS256"] }],
      audience: AUDIENCE,
      applications: [
        { name: "library", pipelines: [rule({ ...RULE, verbs: ["deploy"] })] },
        { name: "catalog", pipelines: [rule({ ...RULE, verbs: ["deploy", "switch"] })] },
      ],
      now: () => NOW,
    });
    const entry = await two.enter(tokenOf());
    const identity = entry.kind === "identity" ? entry.identity : null;
    expect(can(identity, "switch", "catalog")).toBe(true);
    expect(can(identity, "switch", "library")).toBe(false);
    expect(can(identity, "switch", null)).toBe(false);
  });

  test.each<[string, object]>([
    ["another audience", { aud: "https://elsewhere.example.com" }],
    ["no audience", { aud: undefined }],
    ["an end that is past", { exp: NOW / 1000 - 60 }],
    ["no end", { exp: undefined }],
    ["a beginning that is to come", { nbf: NOW / 1000 + 120 }],
    ["no time of issue", { iat: undefined }],
    ["no subject", { sub: undefined }],
    ["another repository", { repository: "octo/fork" }],
    ["a repository by another owner of the same name", { repository: "evil/repo" }],
    ["another branch", { ref: "refs/heads/main2" }],
    ["a tag of the branch's name", { ref: "refs/tags/main" }],
    ["a pull request", { ref: "refs/pull/7/merge" }],
    ["another environment", { environment: "staging" }],
    ["no environment", { environment: undefined }],
    ["another workflow", { workflow_ref: "octo/repo/.github/workflows/other.yml@refs/heads/main" }],
    ["a workflow of another repository", { workflow_ref: "evil/repo/.github/workflows/deploy.yml@refs/heads/main" }],
    ["a claim that is a list", { repository: ["octo/repo"] }],
    ["another issuer", { iss: "https://evil.example.com" }],
  ])("with %s opens nothing", async (_what, change) => {
    expect(await exchange().enter(tokenOf(change))).toMatchObject({ kind: "refused" });
  });

  test("without a rule opens nothing", async () => {
    expect(await exchange([]).enter(tokenOf())).toMatchObject({
      kind: "refused",
      why: expect.objectContaining({ code: "rest.tokenNoRule" }),
    });
    expect(await exchange([rule({ ...RULE, issuer: "github" })]).enter(tokenOf())).toMatchObject({ kind: "refused" });
  });

  test("signed by nobody, by a stranger, or with the public key as a secret opens nothing", async () => {
    const claims = part({ iss: issuer, ...CLAIMS });
    const none = `${part({ alg: "none" })}.${claims}.`;
    const head = `${part({ alg: "HS256", kid: "first" })}.${claims}`;
    const pem = FIRST.publicKey.export({ format: "pem", type: "spki" });
    const confused = `${head}.${createHmac("sha256", pem).update(head).digest("base64url")}`;
    const [start = "", , end = ""] = tokenOf().split(".");
    const changed = `${start}.${part({ iss: issuer, ...CLAIMS, repository: "octo/repo", run_id: "9" })}.${end}`;
    for (const token of [
      none,
      confused,
      changed,
      tokenOf({}, SECOND),
      tokenOf({}, SECOND, { kid: "first" }),
      tokenOf({}, FIRST, { alg: "RS512" }),
      "a.b.c",
    ])
      expect(await exchange().enter(token)).toMatchObject({ kind: "refused" });
    expect(isJwt(`${"a".repeat(9000)}.b.c`)).toBe(false);
    expect(isJwt("swy_abc")).toBe(false);
  });

  test("is taken with a key that the issuer changed to, and no more with one that it took back", async () => {
    const one = exchange();
    expect((await one.enter(tokenOf())).kind).toBe("identity");
    published = [SECOND];
    expect((await one.enter(tokenOf({}, SECOND))).kind).toBe("identity");
    expect((await one.enter(tokenOf())).kind).toBe("refused");
  });

  test("asks the issuer once for many tokens, and not again for each unknown key", async () => {
    const one = exchange(undefined, { askAgainMs: 60_000 });
    for (let i = 0; i < 20; i++) await one.enter(tokenOf());
    for (let i = 0; i < 20; i++) await one.enter(tokenOf({}, FIRST, { kid: `made-up-${i}` }));
    expect(asked.filter((path) => path === "/keys")).toHaveLength(1);
  });

  test.each(["error", "page", "reset"] as const)(
    "waits, and is not called wrong, while the issuer fails with %s",
    async (what) => {
      trouble = what;
      const one = exchange(undefined, { askAgainMs: 60_000 });
      for (let i = 0; i < 5; i++) expect((await one.enter(tokenOf())).kind).toBe("unavailable");
      expect(asked.length).toBeLessThanOrEqual(2);
      trouble = "none";
      expect((await exchange().enter(tokenOf())).kind).toBe("identity");
    },
  );

  test("goes on while the issuer is down, with the keys that are known", async () => {
    const one = exchange();
    await one.enter(tokenOf());
    trouble = "reset";
    expect((await one.enter(tokenOf())).kind).toBe("identity");
  });

  test("may be of another issuer, by its own claims and a subject with a star", async () => {
    const gitlab = {
      sub: "project_path:group/app:ref_type:branch:ref:main",
      project_path: "group/app",
      ref: "main",
      pipeline_id: "7",
      repository: undefined,
      run_id: undefined,
    };
    const rules = [
      rule({ subject: "project_path:group/app:ref_type:branch:ref:*", claims: { project_path: "group/app" } }),
    ];
    const entry = await exchange(rules).enter(tokenOf(gitlab));
    expect(entry).toMatchObject({ kind: "identity", identity: { name: "group/app@main run 7" } });
    expect(
      (await exchange(rules).enter(tokenOf({ ...gitlab, sub: "project_path:group/app2:ref_type:branch:ref:main" })))
        .kind,
    ).toBe("refused");
  });
});

test("whoever started the run is behind what it asks for, by the issuer's name, their address, and what the file says", async () => {
  const one = createOidcExchange({
    issuers: [{ name: "ci", issuer, jwksUri: `${issuer}/keys`, algorithms: ["RS256"] }],
    audience: AUDIENCE,
    applications: [{ name: "library", pipelines: [rule(RULE)] }],
    people: { octocat: "kim@example.com" },
    now: () => NOW,
  });
  const people = async (change: object) => {
    const entry = await one.enter(tokenOf(change));
    return entry.kind === "identity" ? entry.identity.people : entry.kind;
  };
  expect(await people({ actor: "octocat" })).toEqual(["ci|octocat", "kim@example.com"]);
  expect(await people({ actor: "constructor" })).toEqual(["ci|constructor"]);
  expect(await people({ user_login: "lee", user_email: "lee@example.com" })).toEqual(["ci|lee", "lee@example.com"]);
  expect(await people({})).toEqual([]);
});

test.each([
  "pull_request",
  "pull_request_target",
  "pull_request_review",
  "pull_request_review_comment",
  "PULL_REQUEST",
])("a token of a %s event is taken only where a rule asks for it, though its branch is right", async (event) => {
  const start = { ref: "refs/heads/main", event_name: event, sub: "repo:octo/repo:ref:refs/heads/main" };
  const given = { repository: "octo/repo", branch: "main" };
  expect((await exchange([rule(given)]).enter(tokenOf(start))).kind).toBe("refused");
  expect((await exchange([rule({ ...given, pullRequests: true })]).enter(tokenOf(start))).kind).toBe("identity");
  expect((await exchange([rule(given)]).enter(tokenOf({ ...start, event_name: "push" }))).kind).toBe("identity");
});

test("a pull request's own subject and ref are refused as its event is", async () => {
  const rules = [rule({ subject: "repo:octo/repo:*" })];
  const main = { sub: "repo:octo/repo:ref:refs/heads/main", ref: "refs/heads/main" };
  for (const change of [
    { sub: "repo:octo/repo:pull_request" },
    { sub: "repo:octo/repo:pull_request:job_workflow_ref:x" },
    { sub: "repo:octo/repo:x", ref: "refs/pull/7/merge" },
    { ...main, head_ref: "feature" },
    { ...main, ref_path: "refs/merge-requests/7/head" },
    { ...main, pipeline_source: "external_pull_request_event" },
    { ...main, event_name: "", pipeline_source: "merge_request_event" },
  ])
    expect((await exchange(rules).enter(tokenOf(change))).kind, JSON.stringify(change)).toBe("refused");
  expect((await exchange(rules).enter(tokenOf({ ...main, event_name: "push", head_ref: "" }))).kind).toBe("identity");
  expect((await exchange(rules).enter(tokenOf({ sub: "repo:octo/repo2:ref:refs/heads/main" }))).kind).toBe("refused");
});

test.each(["issue_comment", "issues", "workflow_run", "discussion_comment", "fork"])(
  "%s runs on the default branch for anybody: its token is taken only where a rule names the event",
  async (event) => {
    const start = { ref: "refs/heads/main", event_name: event, sub: "repo:octo/repo:ref:refs/heads/main" };
    const given = { repository: "octo/repo", branch: "main" };
    expect((await exchange([rule(given)]).enter(tokenOf(start))).kind).toBe("refused");
    expect((await exchange([rule({ ...given, claims: { event_name: event } })]).enter(tokenOf(start))).kind).toBe(
      "identity",
    );
  },
);

test.each([
  ["everybody of the issuer", {}, /the issuer signs for everybody/],
  ["pull requests of anybody", { claims: { event_name: "pull_request" } }, /claims alone/],
  ["every repository", { subject: "repo:*" }, /repo:owner\/name:/],
  ["every repository of an owner", { subject: "repo:octo/*:ref:refs/heads/main" }, /repo:owner\/name:/],
  ["repositories whose name begins so", { subject: "repo:octo/repo*" }, /repo:owner\/name:/],
  ["every subject under another issuer's name", { issuer: "ci", subject: "repo:*" }, /repo:owner\/name:/],
  ["a repository and any subject", { repository: "octo/repo", subject: "repo:*" }, /repo:owner\/name:/],
  ["a repository and another's subject", { repository: "octo/repo", subject: "repo:octo/other:*" }, /repo:octo\/repo:/],
  ["a repository with its pull requests", { repository: "octo/repo" }, /pull request/],
  ["any subject", { subject: "*" }, /not with a star/],
  ["any subject behind a space", { issuer: "ci", subject: " *" }, /not with a star/],
  ["what may begin as a repository's", { issuer: "ci", subject: "re*" }, /repo:owner\/name:/],
  ["every project of GitLab", { issuer: "gitlab", subject: "project_path:*" }, /project_path:group\/project:/],
  ["what may begin as a project's", { issuer: "gitlab", subject: "p*" }, /project_path:group\/project:/],
  [
    "every project of a group",
    { issuer: "gitlab", subject: "project_path:group/*:ref_type:branch:ref:main" },
    /project_path:group\/project:/,
  ],
  ["every pipeline of an organization", { issuer: "ci", subject: "organization:acme:*" }, /pipeline:name:/],
  ["every project of CircleCI", { issuer: "circle", subject: "org/*" }, /org\/id\/project\/id\//],
  [
    "a pull request's event without asking for it",
    { repository: "octo/repo", branch: "main", claims: { event_name: "pull_request_target" } },
    /give true/,
  ],
  ["a pull request's subject without asking for it", { subject: "repo:octo/repo:pull_request" }, /give true/],
  ["any repository of an owner", { repository: "octo/*", branch: "main" }, /without wildcards/],
])("a rule for %s is refused", (_what, given, message) => {
  const parsed = pipelineRuleSchema.safeParse(given);
  expect(fixesOf(parsed.error)).toMatch(message);
});

test.each([
  { issuer: "gitlab", subject: "project_path:group/sub/project:ref_type:branch:ref:*" },
  { issuer: "ci", subject: "organization:acme:pipeline:library:ref:refs/heads/main:*" },
  { issuer: "circle", subject: "org/0a1b/project/2c3d/user/*" },
  { issuer: "jenkins", subject: "job/library/*" },
  { subject: "repo:octo/repo:pull_request", pullRequests: true },
])("a rule that names one project is taken: %j", (given) => {
  expect(pipelineRuleSchema.safeParse(given).error?.issues).toBeUndefined();
});
