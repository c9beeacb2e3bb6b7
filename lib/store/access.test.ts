import { afterAll, beforeAll, expect, test } from "vitest";
import type { Grant } from "../domain/access/grant.ts";
import type { PersonSession } from "../domain/access/person-session.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import type { Store } from "./store.ts";

let store: Store;
beforeAll(async () => {
  store = await createMemoryStore();
});
afterAll(() => store.close());

const grant = (id: string, change: Partial<Grant> = {}): Grant => ({
  id,
  kind: "address",
  who: "kim@example.com",
  role: "admin",
  application: null,
  reason: null,
  createdBy: "Alex",
  createdAt: 1,
  expiresAt: null,
  revokedAt: null,
  revokedBy: null,
  ...change,
});
const session = (id: string, change: Partial<PersonSession> = {}): PersonSession => ({
  id,
  personId: "kim@example.com",
  name: "Kim",
  provider: "oidc",
  address: null,
  startedAt: 1_000,
  lastSeenAt: 1_000,
  endedAt: null,
  endedBy: null,
  ...change,
});

test("a grant is kept as it was given, and revoked once", async () => {
  const first = grant("g-1", { reason: "on call \u0000", application: "library", expiresAt: 99 });
  await store.insertGrant(first);
  expect(await store.findGrant("g-1")).toEqual({ ...first, reason: "on call \uFFFD" });
  expect(await store.revokeGrant("g-1", "Alex", 5, () => true)).toMatchObject({ revokedAt: 5, revokedBy: "Alex" });
  expect(await store.revokeGrant("g-1", "Lee", 6, () => true)).toMatchObject({ revokedAt: 5, revokedBy: "Alex" });
  expect(await store.revokeGrant("g-0", "Lee", 6, () => true)).toBeNull();
  expect(await store.listGrants("standing")).toEqual([]);
  expect(await store.listGrants("all")).toHaveLength(1);
});

test("only grants that are not over by then are read as standing, where a time is given", async () => {
  await store.insertGrant(grant("g-over", { expiresAt: 50 }));
  await store.insertGrant(grant("g-open", { expiresAt: 51 }));
  const ids = async (at?: number) => (await store.listGrants("standing", at)).map(({ id }) => id);
  expect(await ids(50)).toEqual(["g-open"]);
  expect((await ids()).toSorted()).toEqual(["g-open", "g-over"]);
  for (const id of ["g-over", "g-open"]) await store.revokeGrant(id, "Alex", 60, () => true);
});

test("a freeze in force is read however many others of one application are newer", async () => {
  const of = (id: string, application: string | null, startedAt: number) => ({
    ...{ id, application, startedAt, reason: "why", startedBy: "Alex" },
    ...{ until: null, liftedAt: null, liftedBy: null },
  });
  await store.insertFreeze(of("f-all", null, 1));
  await store.insertFreeze(of("f-other", "other", 2));
  for (let i = 0; i < 250; i += 1) await store.insertFreeze(of(`f-${i}`, "library", 10 + i));
  const ids = async (...asked: Parameters<Store["listFreezes"]>) =>
    (await store.listFreezes(...asked)).map(({ id }) => id);
  expect(await ids(1_000, "library")).toHaveLength(251);
  expect(await ids(1_000, "other")).toEqual(["f-other", "f-all"]);
  expect(await ids(1_000)).toHaveLength(252);
  expect(await ids(null)).toHaveLength(200);
  await store.liftFreeze("f-all", "Alex", 2_000);
  expect(await ids(3_000, "other")).toEqual(["f-other"]);
  // Told of once it is lifted, however old it is.
  expect((await ids(null)).at(-1)).toBe("f-all");
});

test("of two that may not both go, one stays, however close the two revocations are", async () => {
  await store.insertGrant(grant("g-2"));
  await store.insertGrant(grant("g-3"));
  const revoke = (id: string) => store.revokeGrant(id, "Alex", 5, (standing) => standing.length > 1);
  const answers = await Promise.all([revoke("g-2"), revoke("g-3")]);
  expect(answers.filter((answer) => answer === "must stay")).toHaveLength(1);
  expect(await store.listGrants("standing")).toHaveLength(1);
});

test("sessions end one by one and a person's all at once, also those the record never knew", async () => {
  const now = 60_000;
  await store.insertSession(session("s-1"));
  await store.insertSession(session("s-1", { name: "Somebody else" }));
  await store.insertSession(session("s-2", { personId: "lee@example.com" }));
  await store.endSession(session("s-3"), "Kim", now);
  expect((await store.listSessions(now)).find(({ id }) => id === "s-1")?.name).toBe("Kim");
  expect(await store.endSessionsOf("kim@example.com", "Alex", now)).toBe(1);
  const { ended, endedBefore } = await store.readSessionEnds(now + 1);
  expect(ended.toSorted()).toEqual(["s-1", "s-3"]);
  expect(endedBefore).toEqual({ "kim@example.com": now });
  expect(await store.readSessionEnds(now + 9 * 3600_000)).toEqual({ ended: [], endedBefore: {} });
});

test("a session's use is kept to the minute, and old ones are forgotten", async () => {
  await store.insertSession(session("s-4", { startedAt: 100_000, lastSeenAt: 100_000 }));
  const seen = async () => (await store.listSessions(200_000)).find(({ id }) => id === "s-4")?.lastSeenAt;
  await store.noteSessionUse(["s-4"], 130_000);
  expect(await seen()).toBe(100_000);
  await store.noteSessionUse(["s-4"], 170_000);
  expect(await seen()).toBe(170_000);
  await store.noteSessionUse([], 900_000);
  await store.insertSession(session("s-5", { startedAt: 100 * 3600_000 }));
  expect((await store.listSessions(200_000)).map(({ id }) => id)).toEqual(["s-5"]);
});
