import { afterAll, beforeAll, expect, test } from "vitest";
import type { Identity } from "../domain/access/role.ts";
import { listGrants } from "../queries/list-grants.ts";
import { listSessions } from "../queries/list-sessions.ts";
import { RECENT_SIGN_IN_MS, requireRecentSignIn } from "../request/require-recent-sign-in.ts";
import { createTestWorld, type TestWorld } from "../testing/test-world.ts";
import { endSessions } from "./end-sessions.ts";
import { grantRole } from "./grant-role.ts";
import { revokeGrant } from "./revoke-grant.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } } });
});
afterAll(() => world.close());

const newest = async () => (await world.runtime.store.listAudit({}, { limit: 1 })).items[0];
const asHolder = (change: Partial<Identity>) => ({
  ...world.as("viewer"),
  identity: { id: "lee@example.com", name: "Lee", role: null, via: "session", ...change } as const satisfies Identity,
});
const LIBRARY_ADMIN = { applicationRoles: { library: "admin" } } as const;
const OPERATOR = { kind: "address", who: "Kim@Example.com", role: "operator", application: "library" } as const;

async function granted(input: object): Promise<string> {
  const made = await grantRole(world.as("admin"), input);
  if (!made.ok) throw new Error(made.message);
  return made.value.id;
}

test.each([
  ["grant.made", grantRole, OPERATOR],
  ["grant.revoked", revokeGrant, { grantId: "g-0123456789ab" }],
  ["session.revoked", endSessions, { personId: "kim@example.com" }],
] as const)("%s is an admin's alone, and its refusal is in the audit", async (action, operation, input) => {
  for (const role of ["viewer", "operator", "approver"] as const)
    expect(await operation(world.as(role), input)).toMatchObject({ ok: false, code: "FORBIDDEN" });
  expect(await newest()).toMatchObject({ action, outcome: "refused", code: "FORBIDDEN", actorName: "approver" });
  expect(await operation(world.as(null), input)).toMatchObject({ code: "UNAUTHENTICATED" });
});

test("a grant holds at once, is in the audit, and is answered with when it is given again", async () => {
  const until = world.runtime.now() + 3600_000;
  const id = await granted({ ...OPERATOR, expiresAt: until, reason: "on call" });
  expect(world.runtime.accessCache.grants()).toMatchObject([{ id, who: "kim@example.com", application: "library" }]);
  expect(await newest()).toMatchObject({
    action: "grant.made",
    outcome: "done",
    application: "library",
    reason: "on call",
  });
  expect(await granted({ ...OPERATOR, expiresAt: until })).toBe(id);
  const revoke = () => revokeGrant(world.as("admin"), { grantId: id });
  expect(await revoke()).toMatchObject({ ok: true, value: { revokedBy: "admin" } });
  expect(world.runtime.accessCache.grants()).toEqual([]);
  expect(await revoke()).toMatchObject({ ok: true, value: { revokedBy: "admin" } });
  expect(await newest()).toMatchObject({ action: "grant.revoked", outcome: "done", application: "library" });
});

test.each([
  [{ ...OPERATOR, who: "kim" }, "who"],
  [{ ...OPERATOR, who: "" }, "who"],
  [{ ...OPERATOR, role: "owner" }, "role"],
  [{ ...OPERATOR, kind: "person" }, "kind"],
  [{ ...OPERATOR, expiresAt: 1 }, "expiresAt"],
  [{ ...OPERATOR, expiresAt: "soon" }, "expiresAt"],
])("%j is refused by its field %s", async (input, field) => {
  const refused = await grantRole(world.as("admin"), input);
  expect(refused).toMatchObject({ ok: false, code: "INVALID_INPUT" });
  expect(refused.ok ? "" : refused.message).toContain(field);
});

test("an unknown application cannot be granted on", async () => {
  expect(await grantRole(world.as("admin"), { ...OPERATOR, application: "nope" })).toMatchObject({ code: "NOT_FOUND" });
});

test("an admin of one application grants there alone and sees no other grant", async () => {
  const everywhere = await granted({ kind: "group", who: "staff", role: "viewer" });
  const here = await granted(OPERATOR);
  const lee = asHolder(LIBRARY_ADMIN);
  const list = await listGrants(lee);
  expect(list.ok && list.value.map(({ id }) => id)).toContain(here);
  expect(list.ok && list.value.map(({ id }) => id)).not.toContain(everywhere);
  expect(await grantRole(lee, { ...OPERATOR, application: null })).toMatchObject({ code: "FORBIDDEN" });
  expect(await revokeGrant(lee, { grantId: everywhere })).toMatchObject({ code: "NOT_FOUND" });
  expect(await revokeGrant(lee, { grantId: here })).toMatchObject({ ok: true });
  expect(await listSessions(lee)).toMatchObject({ code: "FORBIDDEN" });
  expect(await endSessions(lee, { personId: "kim@example.com" })).toMatchObject({ code: "FORBIDDEN" });
});

test("the last admin stays, unless the settings name one", async () => {
  const admin = { kind: "address", role: "admin" } as const;
  const first = await granted({ ...admin, who: "first@example.com" });
  const passing = await granted({ ...admin, who: "passing@example.com", expiresAt: world.runtime.now() + 60_000 });
  const revoke = (grantId: string) => revokeGrant(world.as("admin"), { grantId });
  expect(await revoke(first)).toMatchObject({ ok: false, code: "LAST_ADMIN" });
  expect(await newest()).toMatchObject({ action: "grant.revoked", outcome: "refused", code: "LAST_ADMIN" });
  expect(await revoke(passing)).toMatchObject({ ok: true });
  const second = await granted({ ...admin, who: "second@example.com" });
  expect(await revoke(first)).toMatchObject({ ok: true });
  expect(await revoke(second)).toMatchObject({ code: "LAST_ADMIN" });
  const settled = { ...world.as("admin"), runtime: { ...world.runtime, hasConfiguredAdmin: true } };
  expect(await revokeGrant(settled, { grantId: second })).toMatchObject({ ok: true });
});

test("ending a person's sessions ends all that began before, and shows them no more", async () => {
  const { store, accessCache } = world.runtime;
  const now = world.runtime.now();
  const row = { id: "s-1", personId: "kim@example.com", startedAt: now, lastSeenAt: now, endedAt: null, endedBy: null };
  await store.insertSession({ ...row, name: "Kim", provider: "oidc", address: "192.0.2.1" });
  const shown = async () => {
    const list = await listSessions(world.as("admin"));
    return list.ok ? list.value.map(({ id }) => id) : list.code;
  };
  expect(await shown()).toEqual(["s-1"]);
  expect(accessCache.isEnded(row)).toBe(false);
  const end = () => endSessions(world.as("admin"), { personId: "kim@example.com" });
  expect(await end()).toEqual({ ok: true, value: { personId: "kim@example.com", count: 1 } });
  expect(await newest()).toMatchObject({ action: "session.revoked", outcome: "done" });
  expect(accessCache.isEnded(row)).toBe(true);
  expect(accessCache.isEnded({ ...row, id: "unknown-to-the-record" })).toBe(true);
  expect(await shown()).toEqual([]);
  expect(await end()).toMatchObject({ ok: true, value: { count: 0 } });
});

test("what overrules a check needs a sign-in of the last five minutes; a token is no person", () => {
  const now = world.runtime.now();
  const at = (authenticatedAt: number) =>
    requireRecentSignIn({ ...asHolder({ authenticatedAt }), runtime: { ...world.runtime, now: () => now } });
  expect(at(now - RECENT_SIGN_IN_MS)).toBeNull();
  expect(at(now - RECENT_SIGN_IN_MS - 1)).toMatchObject({ ok: false, code: "STEP_UP_REQUIRED" });
  expect(requireRecentSignIn(asHolder({}))).toMatchObject({ code: "STEP_UP_REQUIRED" });
  expect(requireRecentSignIn(asHolder({ via: "token" }))).toBeNull();
  expect(requireRecentSignIn(world.as(null))).toMatchObject({ code: "UNAUTHENTICATED" });
});
