import { afterAll, beforeAll, expect, test } from "vitest";
import { openEventStreams } from "@/lib/streams/event-stream.ts";
import { createTestWorld, LIBRARY, type TestWorld, until } from "@/lib/testing/test-world.ts";
import * as deployments from "../applications/[name]/deployments/route.ts";
import * as images from "../applications/[name]/images/route.ts";
import * as live from "../applications/[name]/live/route.ts";
import * as logs from "../applications/[name]/logs/route.ts";
import * as receipt from "../applications/[name]/receipt/route.ts";
import * as rollback from "../applications/[name]/rollback/route.ts";
import * as application from "../applications/[name]/route.ts";
import * as switching from "../applications/[name]/switch/route.ts";
import * as applications from "../applications/route.ts";
import * as audit from "../audit/route.ts";
import { deploymentSchema } from "../deployment-schemas.ts";
import * as abort from "../deployments/[id]/abort/route.ts";
import * as approve from "../deployments/[id]/approve/route.ts";
import * as extend from "../deployments/[id]/extend/route.ts";
import * as reject from "../deployments/[id]/reject/route.ts";
import * as retire from "../deployments/[id]/retire/route.ts";
import * as deployment from "../deployments/[id]/route.ts";
import * as allLive from "../live/route.ts";
import { apiTokenSchema, auditPageSchema, createdTokenSchema } from "../schemas.ts";
import { snapshotSchema } from "../snapshot-schemas.ts";
import * as oneToken from "./[id]/route.ts";
import * as tokens from "./route.ts";

const ADMIN = "api-test-token-0123456789abcdef0123456789";
const ORIGIN = "http://127.0.0.1:3000";
const RUNTIME = Symbol.for("switchyard.runtime");
const CONFIG = Symbol.for("switchyard.config");
const process_ = globalThis as Record<symbol, unknown>;
const DAY = 24 * 60 * 60_000;

let world: TestWorld;
let now: () => number;
let skip = 0;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
  now = () => world.runtime.now() + skip;
  // A second application, so that a token for it exists.
  const { observer } = world.runtime;
  const other = observer.findApplication("library");
  const runtime = {
    ...world.runtime,
    now: () => now(),
    observer: {
      ...observer,
      findApplication: (name: string) =>
        name === "other" && other ? { ...other, name } : observer.findApplication(name),
    },
  };
  process_[RUNTIME] = { promise: Promise.resolve(runtime), current: runtime, stopping: null };
  process_[CONFIG] = {
    auth: { secret: "s".repeat(32), url: ORIGIN, oidc: null, sandboxUsers: true, apiToken: ADMIN },
    access: {},
  };
});
afterAll(async () => {
  delete process_[RUNTIME];
  delete process_[CONFIG];
  await world.close();
});

function request(token: string, path: string, method = "GET", body?: unknown, signal?: AbortSignal): Request {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return new Request(`${ORIGIN}/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}

const named = (name = LIBRARY.name) => ({ params: Promise.resolve({ name }) });
const identified = (id: string) => ({ params: Promise.resolve({ id }) });

async function made(change: Record<string, unknown> = {}) {
  const body = { name: "ci", verbs: ["deploy"], applications: ["library"], expiresAt: now() + DAY, ...change };
  const response = await tokens.POST(request(ADMIN, "/tokens", "POST", body));
  const answer: unknown = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(201);
  return createdTokenSchema.parse(answer);
}

const revoke = (id: string, token = ADMIN) =>
  oneToken.DELETE(request(token, `/tokens/${id}`, "DELETE"), identified(id));
const release = (token: string, key: string) =>
  deployments.POST(
    request(token, "/applications/library/deployments", "POST", { imageTag: "1.1.0", reason: key }),
    named(),
  );
const stored = () => world.runtime.store.listApiTokens();

test("a token is shown once, stored as a hash, listed without its secret, and does what its scope says", async () => {
  const { secret, id } = await made({ name: " pipeline ", verbs: ["deploy", "abort"] });
  expect(secret).toMatch(/^swy_[A-Za-z0-9_-]{43}$/);
  const listed = await (await tokens.GET(request(ADMIN, "/tokens"))).json();
  expect(apiTokenSchema.array().parse(listed)[0]).toMatchObject({ id, name: "pipeline", lastUsedAt: null });
  expect(JSON.stringify([listed, await stored()])).not.toContain(secret);
  expect(JSON.stringify((await world.runtime.store.listAudit({}, { limit: 5 })).items)).not.toContain(secret);

  const started = await release(secret, "by a pipeline");
  expect(started.status).toBe(202);
  const { id: deploymentId, actor } = deploymentSchema.parse(await started.json());
  expect(actor).toEqual({ id: `token:${id}`, name: "pipeline", via: "token" });
  const aborted = await abort.POST(
    request(secret, `/deployments/${deploymentId}/abort`, "POST", {}),
    identified(deploymentId),
  );
  expect(aborted.status).toBe(202);
  await until(async () => (await stored()).find((token) => token.id === id)?.lastUsedAt);
  const rows = auditPageSchema.parse(await (await audit.GET(request(secret, "/audit?verb=deploy"))).json());
  expect(rows.items[0]).toMatchObject({ actorId: `token:${id}`, actorName: "pipeline", role: "operator" });
});

test("a verb outside a token's scope is refused as 403, whatever the role behind the others", async () => {
  const { secret } = await made({ verbs: ["approve"] });
  const refused = await release(secret, "no");
  expect(refused.status).toBe(403);
  expect((await refused.json()).detail).toContain("may not deploy; it is for view, approve");
  expect((await switching.POST(request(secret, "/applications/library/switch", "POST", {}), named())).status).toBe(403);
  expect((await tokens.GET(request(secret, "/tokens"))).status).toBe(403);
  expect((await tokens.POST(request(secret, "/tokens", "POST", {}))).status).toBe(403);
  expect((await revoke("t-000000000000", secret)).status).toBe(403);
  expect((await application.GET(request(secret, "/applications/library"), named())).status).toBe(200);
});

test("an application outside a token's scope does not exist in any route", async () => {
  const started = await (await release(ADMIN, "seen by nobody else")).json();
  const id = String(started.id ?? (await world.runtime.store.listDeployments("library", { limit: 1 })).items[0]?.id);
  const verbs = ["deploy", "switch", "rollback", "approve", "reject", "abort", "extend", "retire"];
  const { secret } = await made({ verbs, applications: ["other"] });
  const of = (path: string, body?: unknown) => request(secret, path, body ? "POST" : "GET", body);
  const to = { to: "green", receipt: "0".repeat(64) };
  const answers = {
    application: application.GET(of("/applications/library"), named()),
    receipt: receipt.GET(of("/applications/library/receipt?to=green"), named()),
    images: images.GET(of("/applications/library/images"), named()),
    deployments: deployments.GET(of("/applications/library/deployments"), named()),
    live: live.GET(of("/applications/library/live"), named()),
    logs: logs.GET(of("/applications/library/logs"), named()),
    deployment: deployment.GET(of(`/deployments/${id}`), identified(id)),
    deploy: deployments.POST(of("/applications/library/deployments", { imageTag: "1.1.0" }), named()),
    switch: switching.POST(of("/applications/library/switch", to), named()),
    rollback: rollback.POST(of("/applications/library/rollback", {}), named()),
    approve: approve.POST(of(`/deployments/${id}/approve`, {}), identified(id)),
    reject: reject.POST(of(`/deployments/${id}/reject`, {}), identified(id)),
    abort: abort.POST(of(`/deployments/${id}/abort`, {}), identified(id)),
    extend: extend.POST(of(`/deployments/${id}/extend`, {}), identified(id)),
    retire: retire.POST(of(`/deployments/${id}/retire`, {}), identified(id)),
  };
  for (const [what, answer] of Object.entries(answers)) expect((await answer).status, what).toBe(404);
  const unknown = await application.GET(request(ADMIN, "/applications/library2"), named("library2"));
  const unseen = await (await application.GET(of("/applications/library"), named())).json();
  expect(JSON.stringify(unseen)).toBe(JSON.stringify(await unknown.json()).replaceAll("library2", "library"));
  expect(await (await applications.GET(of("/applications"))).json()).toEqual([]);
  const rows = auditPageSchema.parse(await (await audit.GET(of("/audit"))).json());
  expect(rows.items).toEqual([]);
  const left = new AbortController();
  const stream = await allLive.GET(request(secret, "/live", "GET", undefined, left.signal));
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = (async () => {
    for (;;) {
      const part = await reader?.read();
      if (!part || part.done) return;
      text += part.value;
    }
  })();
  const before = world.runtime.observer.observation("library")?.observedAt ?? 0;
  await until(() => (world.runtime.observer.observation("library")?.observedAt ?? 0) > before + 2000);
  left.abort();
  await read.catch(() => undefined);
  expect(text).toContain("retry:");
  expect(text).not.toContain("library");
});

test("a token for every application sees them all", async () => {
  const { secret, applications: names } = await made({ applications: ["library", "*"], verbs: [] });
  expect(names).toEqual(["*"]);
  const seen = await (await applications.GET(request(secret, "/applications"))).json();
  expect(snapshotSchema.array().parse(seen)).toHaveLength(1);
  expect((await rollback.POST(request(secret, "/applications/library/rollback", "POST", {}), named())).status).toBe(
    403,
  );
});

test("a token that is wrong, over or revoked opens nothing, and revoking twice changes nothing", async () => {
  const look = async (token: string) => (await applications.GET(request(token, "/applications"))).status;
  const { secret, id } = await made();
  expect(await look(secret)).toBe(200);
  expect(await look(`${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`)).toBe(401);
  skip = DAY + 1;
  expect(await look(secret)).toBe(401);
  skip = 0;
  expect(await look(secret)).toBe(200);
  const first = apiTokenSchema.parse(await (await revoke(id)).json());
  expect(first.revokedAt).not.toBeNull();
  expect(await look(secret)).toBe(401);
  expect(apiTokenSchema.parse(await (await revoke(id)).json())).toEqual(first);
  expect((await revoke("t-0123456789ab")).status).toBe(404);
  const rows = (await world.runtime.store.listAudit({ action: "token.revoked" }, { limit: 3 })).items;
  expect(rows.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["refused", "NOT_FOUND"],
    ["done", null],
    ["done", null],
  ]);
});

test("an open stream of a revoked token ends within five seconds, others go on", async () => {
  const one = await made();
  const other = await made();
  const before = openEventStreams();
  const left = new AbortController();
  const open = (token: string) =>
    live.GET(request(token, "/applications/library/live", "GET", undefined, left.signal), named());
  const [ends, stays] = await Promise.all([open(one.secret), open(other.secret)]);
  expect(openEventStreams()).toBe(before + 2);
  await revoke(one.id);
  const revokedAt = performance.now();
  await ends.text();
  expect(performance.now() - revokedAt).toBeLessThan(5000);
  expect(openEventStreams()).toBe(before + 1);
  left.abort();
  await stays.body?.cancel();
}, 15_000);

test("a database that does not answer is not called a wrong token", async () => {
  const { secret } = await made();
  world.setStoreDown(true);
  try {
    expect((await applications.GET(request(secret, "/applications"))).status).toBe(503);
    expect((await applications.GET(request(ADMIN, "/applications"))).status).toBe(200);
    world.setStoreDown(false);
    expect((await applications.GET(request(secret, "/applications"))).status).toBe(200);
    world.setStoreDown(true);
    // Seen within the hour, so it is known.
    expect((await applications.GET(request(secret, "/applications"))).status).toBe(200);
  } finally {
    world.setStoreDown(false);
  }
});

test.each([
  ["no name", { name: " " }, "name"],
  ["a verb that is none", { verbs: ["destroy"] }, "verbs"],
  ["no application", { applications: [] }, "applications"],
  ["no end", { expiresAt: undefined }, "expiresAt"],
  ["an end that is past", { expiresAt: 1 }, "expiresAt"],
  ["an end in words", { expiresAt: "someday" }, "expiresAt"],
  ["an end after more than a year", { expiresAt: Date.now() + 800 * DAY }, "expiresAt"],
])("a token with %s is refused and the field named", async (_what, change, field) => {
  const count = (await stored()).length;
  const body = { name: "ci", verbs: [], applications: ["library"], expiresAt: now() + DAY, ...change };
  const response = await tokens.POST(request(ADMIN, "/tokens", "POST", body));
  expect(response.status).toBe(422);
  expect((await response.json()).fix).toContain(field);
  expect(await stored()).toHaveLength(count);
});

test("a token for an application that is not configured is refused", async () => {
  const body = { name: "ci", verbs: [], applications: ["nowhere"], expiresAt: now() + DAY };
  expect((await tokens.POST(request(ADMIN, "/tokens", "POST", body))).status).toBe(404);
});
