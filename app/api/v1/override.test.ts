import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setAccessCache } from "@/lib/auth/access-cache.ts";
import type { SessionToken } from "@/lib/auth/session.ts";
import { accessSchema, roleRulesSchema } from "@/lib/config/access-config.ts";
import { isInFlight } from "@/lib/domain/deployment/deployment.ts";
import { createToken } from "@/lib/operations/create-token.ts";
import { getReceipt } from "@/lib/queries/get-receipt.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "@/lib/testing/test-world.ts";
import * as switching from "./applications/[name]/switch/route.ts";
import { deploymentSchema } from "./deployment-schemas.ts";
import { problemSchema } from "./schemas.ts";

/* An override by REST: who may, what has to be said, and how fresh the sign-in has to be. */

const ORIGIN = "http://127.0.0.1:3000";
const SECRET = "s".repeat(32);
const RUNTIME = Symbol.for("switchyard.runtime");
const CONFIG = Symbol.for("switchyard.config");
const process_ = globalThis as Record<symbol, unknown>;
const ASKED = { application: "library", reason: "The other tool is ours" };

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { requestLine: null },
    watchDrift: true,
  });
  process_[RUNTIME] = { promise: Promise.resolve(world.runtime), current: world.runtime, stopping: null };
  process_[CONFIG] = {
    auth: { secret: SECRET, url: ORIGIN, oidc: null, sandboxUsers: true, apiToken: null },
    access: accessSchema.parse({}),
    applications: [{ name: "library", access: roleRulesSchema.parse({}) }],
  };
  setAccessCache(world.runtime.accessCache);
  await until(() => world.runtime.store.findLedger("library"));
  await until(async () => (await receipt()).blockers.length === 0, 30_000);
  world.sandbox.calls.resetJournal();
  world.sandbox.elb.controls.setWeights("library-alb:80", { "library-blue-tg": 70, "library-green-tg": 0 });
  await until(async () => (await receipt()).blockers.some(({ code }) => code === "DRIFT_NOT_ACKNOWLEDGED"));
});
afterAll(async () => {
  delete process_[RUNTIME];
  delete process_[CONFIG];
  setAccessCache(null);
  await world.close();
});

async function receipt() {
  await world.runtime.observer.refreshNow("library");
  const answer = await getReceipt(world.as("viewer"), "library", "green");
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

type User = "viewer" | "operator" | "approver";

async function session(user: User, signedInAgoMs = 0): Promise<HeadersInit> {
  const token: SessionToken = {
    sub: user,
    provider: "sandbox",
    name: user,
    email: `${user}@sandbox.local`,
    roleValues: [],
    sid: `session-${user}`,
    signedInAt: Math.floor(Date.now() / 1000),
    authenticatedAt: Math.floor((world.runtime.now() - signedInAgoMs) / 1000),
  };
  return {
    cookie: `next-auth.session-token=${await encode({ token, secret: SECRET, maxAge: 3600 })}`,
    origin: ORIGIN,
  };
}

async function ask(headers: HeadersInit, override: unknown): Promise<Response> {
  const { hash } = await receipt();
  const request = new Request(`${ORIGIN}/api/v1/applications/library/switch`, {
    method: "POST",
    headers: { ...Object.fromEntries(new Headers(headers)), "content-type": "application/json" },
    body: JSON.stringify({ to: "green", receipt: hash, override }),
  });
  return switching.POST(request, { params: Promise.resolve({ name: "library" }) });
}

async function refused(response: Response) {
  const body = problemSchema.parse(await response.json());
  return { status: response.status, code: body.code, detail: body.detail };
}

test.each([
  ["a viewer", "viewer", ASKED, 0, 403, "FORBIDDEN"],
  ["an operator", "operator", ASKED, 0, 403, "FORBIDDEN"],
  ["an approver who signed in an hour ago", "approver", ASKED, 3_600_000, 403, "STEP_UP_REQUIRED"],
  ["an approver without a reason", "approver", { application: "library" }, 0, 422, "INVALID_INPUT"],
  ["an approver with an empty reason", "approver", { ...ASKED, reason: " " }, 0, 422, "INVALID_INPUT"],
  ["an approver who types another name", "approver", { ...ASKED, application: "libary" }, 0, 422, "INVALID_INPUT"],
] as const)("%s is refused, and nothing is written", async (_who, user, asked, agoMs, status, code) => {
  expect(await refused(await ask(await session(user, agoMs), asked))).toMatchObject({ status, code });
  expect(world.shifts()).toBe(0);
  const [row] = (await world.runtime.store.listAudit({ outcome: "refused" }, { limit: 1 })).items;
  expect(row).toMatchObject({ code, actorId: `${user}@sandbox.local`, action: "deployment.switch" });
});

test("a token that may switch may not override: that is no verb of a token", async () => {
  const made = await createToken(world.as("admin"), {
    name: "ci",
    verbs: ["switch"],
    applications: ["library"],
    expiresAt: world.runtime.now() + 3_600_000,
  });
  if (!made.ok) throw new Error(`${made.message} ${made.fix}`);
  const bearer = { authorization: `Bearer ${made.value.secret}` };
  expect(await refused(await ask(bearer, ASKED))).toMatchObject({ status: 403, code: "FORBIDDEN" });
  expect(world.shifts()).toBe(0);
});

test("an approver with a fresh sign-in overrides, and record and audit say what and why", async () => {
  const response = await ask(await session("approver"), ASKED);
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(202);
  const { id } = deploymentSchema.parse(body);
  const done = await untilDeployment(world, id, (d) => !isInFlight(d), 60_000);
  expect(done).toMatchObject({
    status: "SUCCESSFUL",
    override: { to: "green", reason: ASKED.reason, blockers: [{ code: "DRIFT_NOT_ACKNOWLEDGED" }] },
  });
  expect(world.shifts()).toBe(1);
  const [row] = (await world.runtime.store.listAudit({ action: "deployment.override" }, { limit: 1 })).items;
  expect(row).toMatchObject({ deploymentId: id, reason: ASKED.reason, outcome: "done", via: "session" });
});
