import { encode } from "next-auth/jwt";
import { setAccessCache } from "@/lib/auth/access-cache.ts";
import { hashOfSecret, newTokenSecret } from "@/lib/auth/api-token.ts";
import type { SessionToken } from "@/lib/auth/session.ts";
import { accessSchema, roleRulesSchema } from "@/lib/config/access-config.ts";
import type { ApiToken } from "@/lib/domain/access/api-token.ts";
import { ABSOLUTE_SECONDS } from "@/lib/domain/access/person-session.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";
import { auditRow, finishedRow, incidentRow } from "@/lib/testing/test-rows.ts";
import { createTestWorld, type TestWorld } from "@/lib/testing/test-world.ts";
import type { Asker } from "./access-table.ts";

const SECRET = "matrix-secret-0123456789abcdef-0123";
export const ORIGIN = "http://127.0.0.1:3000";
const RUNTIME = Symbol.for("switchyard.runtime");
const CONFIG = Symbol.for("switchyard.config");
// Safe because only tests of this process put something there.
const process_ = globalThis as Record<symbol, unknown>;

/** A process's world with the applications `library` and `other`, and every kind of asker. For tests. */
export interface MatrixWorld {
  world: TestWorld;
  /** What this asker sends beside what is asked; a person nobody has seen before, so that no limit is met. */
  headersOf(asker: Asker): Promise<Headers>;
  /** Limits of how often one may ask are kept with the runtime: a fresh one has none. */
  renewRuntime(): void;
  /** A row of either application among the newest of the audit, whatever refusals came before. */
  noteAudit(): Promise<void>;
  close(): Promise<void>;
}

/** The claim's value that gives each session's asker its role. */
const CLAIMS: Readonly<Partial<Record<Asker, string>>> = {
  "foreign origin": "admin",
  "idle session": "admin",
  "old session": "admin",
  "ended session": "admin",
  "no role": "nothing",
  viewer: "viewer",
  operator: "operator",
  approver: "approver",
  admin: "admin",
  "viewer on library": "library-viewer",
  "operator on library": "library-operator",
  "approver on library": "library-approver",
  "admin on library": "library-admin",
  "admin on other": "other-admin",
};

export async function createMatrixWorld(): Promise<MatrixWorld> {
  const world = await createTestWorld({
    sandbox: { speed: 2, ecs: { virtual: true } },
    application: { requestLine: null },
    alsoAs: ["other"],
  });
  const { store } = world.runtime;
  const own = (name: string) =>
    roleRulesSchema.parse(
      Object.fromEntries(
        ["viewer", "operator", "approver", "admin"].map((role) => [role, { claims: [`${name}-${role}`] }]),
      ),
    );
  const oidc = {
    issuer: "https://login.example.com",
    clientId: "c",
    clientSecret: "s",
    name: "Company",
    scope: "openid",
  };
  process_[CONFIG] = {
    auth: { secret: SECRET, url: ORIGIN, oidc: { ...oidc, roleClaim: "groups" }, sandboxUsers: false, apiToken: null },
    access: accessSchema.parse({}),
    applications: ["library", "other"].map((name) => ({ name, access: own(name) })),
    notifications: { webhooks: [], email: null },
  };
  setAccessCache(world.runtime.accessCache);
  const renewRuntime = () => {
    const logTails = { async *watch() {} };
    const runtime = { ...world.runtime, logTails, config: process_[CONFIG] };
    process_[RUNTIME] = { promise: Promise.resolve(runtime), current: null, stopping: null };
  };
  renewRuntime();
  let noted = 0;

  for (const name of ["library", "other"]) {
    await store.insertDeployment(finishedRow(`d-${name}`, 1_700_000_000_000, { application: name }));
    // What is asked about is not the newest: even who may retire a side must not retire it here.
    await store.insertDeployment(finishedRow(`d-${name}-newest`, 1_700_000_100_000, { application: name }));
    await store.saveIncident(incidentRow({ id: `d-${name}`, application: name }), 1_000_000);
    await store.appendAudit(auditRow({ id: `a-${name}`, application: name, deploymentId: `d-${name}` }));
  }
  await store.insertFreeze({
    id: "d-library",
    application: "library",
    reason: "library rests",
    startedBy: "Alex",
    startedAt: 1,
    until: 2,
    liftedAt: null,
    liftedBy: null,
  });
  await store.insertGrant({
    id: "g-000000000001",
    kind: "address",
    who: "nobody@example.com",
    role: "viewer",
    application: "library",
    reason: null,
    createdBy: "Alex",
    createdAt: 1,
    expiresAt: null,
    revokedAt: 2,
    revokedBy: "Alex",
  });
  await store.enqueueNotification(
    {
      id: "n-1",
      kind: "traffic.switched",
      application: "library",
      deploymentId: null,
      title: "library: green is live",
      text: "green is live",
      deepLinkPath: "/library",
      at: 1,
    },
    ["team"],
    1,
  );
  const tokens = await insertTokens(world);
  let serial = 0;

  async function headersOf(asker: Asker): Promise<Headers> {
    const headers = new Headers({ origin: asker === "foreign origin" ? "https://evil.example" : ORIGIN });
    headers.set("x-forwarded-for", `192.0.2.${++serial % 250}`);
    const claim = CLAIMS[asker];
    const bearer = tokens.get(asker);
    if (bearer) headers.set("authorization", `Bearer ${bearer}`);
    if (claim) headers.set("cookie", `next-auth.session-token=${await sessionOf(asker, claim, ++serial, world)}`);
    return headers;
  }

  return {
    world,
    headersOf,
    renewRuntime,
    async noteAudit() {
      noted += 1;
      for (const name of ["library", "other"])
        await store.appendAudit(auditRow({ id: `a-${name}-${noted}`, at: world.runtime.now(), application: name }));
    },
    async close() {
      delete process_[RUNTIME];
      delete process_[CONFIG];
      setAccessCache(null);
      await world.close();
    },
  };
}

async function sessionOf(asker: Asker, claim: string, serial: number, { runtime }: TestWorld): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const token: SessionToken = {
    sub: `p-${serial}`,
    provider: "oidc",
    name: asker,
    email: `p${serial}@example.com`,
    roleValues: [claim],
    sid: `s-${serial}`,
    signedInAt: asker === "old session" ? now - ABSOLUTE_SECONDS - 1 : now,
    authenticatedAt: now,
  };
  if (asker === "ended session") {
    const startedAt = runtime.now();
    const row = { id: token.sid, personId: token.email ?? "", name: asker, provider: "oidc", address: null };
    await runtime.store.endSession(
      { ...row, startedAt, lastSeenAt: startedAt, endedAt: null, endedBy: null },
      "Alex",
      startedAt,
    );
    await runtime.accessCache.refresh();
  }
  return encode({ token, secret: SECRET, maxAge: asker === "idle session" ? -60 : 3600 });
}

async function insertTokens({ runtime }: TestWorld): Promise<ReadonlyMap<Asker, string>> {
  const now = runtime.now();
  const secrets = new Map<Asker, string>([["wrong token", newTokenSecret()]]);
  const make = async (asker: Asker, change: Partial<ApiToken>) => {
    const secret = newTokenSecret();
    secrets.set(asker, secret);
    const token: ApiToken = {
      id: `t-${String(secrets.size).padStart(12, "0")}`,
      name: asker,
      verbs: [...VERBS],
      applications: ["library"],
      createdBy: "Alex",
      createdAt: now,
      expiresAt: now + 24 * 60 * 60_000,
      lastUsedAt: null,
      revokedAt: null,
      revokedBy: null,
      ...change,
    };
    await runtime.store.insertApiToken(token, hashOfSecret(secret));
  };
  await make("revoked token", { revokedAt: now, revokedBy: "Alex" });
  await make("past token", { expiresAt: now - 1 });
  await make("token for library", {});
  await make("token for other", { applications: ["other"] });
  await make("token that looks", { verbs: [] });
  return secrets;
}
