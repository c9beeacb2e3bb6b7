import { expect, test } from "vitest";
import { actingFor } from "./acting.ts";
import { createAssumedRole, type RoleToAssume, type SessionRequest, sessionName } from "./assumed-role.ts";

const HOUR = 3_600_000;
const ROLE: RoleToAssume = {
  roleArn: "arn:aws:iam::111122223333:role/switchyard",
  externalId: "switchyard-1",
  sourceIdentity: false,
  sessionTags: false,
};

/** AWS's token service in the test's hands, with sessions of an hour. */
function world(role: Partial<RoleToAssume> = {}) {
  let now = 0;
  const asked: SessionRequest[] = [];
  const refused = new Set<string>();
  const provide = createAssumedRole(
    { ...ROLE, ...role },
    async (request) => {
      asked.push(request);
      if (refused.has(request.sessionName)) throw new Error(`refused ${request.sessionName}`);
      const expiration = new Date(now + HOUR);
      return { accessKeyId: `key ${asked.length}`, secretAccessKey: "s", sessionToken: "t", expiration };
    },
    () => now,
  );
  const key = async () => (await provide()).accessKeyId;
  return {
    asked,
    refused,
    key,
    keyOf: (actor: string) => actingFor(actor, key),
    pass(ms: number) {
      now += ms;
    },
  };
}

test("however many calls are made at once, the role is assumed once, and kept", async () => {
  const { asked, key, pass } = world();
  expect(await Promise.all([key(), key(), key()])).toEqual(["key 1", "key 1", "key 1"]);
  pass(HOUR / 2);
  expect(await key()).toBe("key 1");
  expect(asked).toHaveLength(1);
});

test("a session is renewed before its end beside the calls, which go on with the old one meanwhile", async () => {
  const { key, pass } = world();
  await key();
  pass(HOUR - 15 * 60_000);
  expect(await key()).toBe("key 1");
  expect(await key()).toBe("key 2");
});

test("what was renewed in vain holds to its end; from then on calls are told why", async () => {
  const { key, pass, refused } = world();
  await key();
  refused.add("switchyard");
  pass(HOUR - 5 * 60_000);
  expect(await key()).toBe("key 1");
  pass(5 * 60_000);
  await expect(key()).rejects.toThrow("refused switchyard");
});

test("a role that is refused is asked for every ten seconds at most, and works once it is allowed", async () => {
  const { asked, key, pass, refused } = world();
  refused.add("switchyard");
  for (let i = 0; i < 20; i += 1) await expect(key()).rejects.toThrow("refused");
  expect(asked).toHaveLength(1);
  refused.clear();
  pass(10_000);
  expect(await key()).toBe("key 2");
});

test("whoever acts has a session of their own, named after them; where it cannot be had the common one is used", async () => {
  const { asked, key, keyOf, refused } = world({ sourceIdentity: true, sessionTags: true });
  expect(await keyOf("kim@example.com")).toBe("key 1");
  expect(await key()).toBe("key 2");
  expect(asked).toMatchObject([
    {
      externalId: "switchyard-1",
      sessionName: "kim@example.com",
      sourceIdentity: "kim@example.com",
      tags: { "switchyard-actor": "kim@example.com" },
    },
    { sessionName: "switchyard", sourceIdentity: "switchyard" },
  ]);
  refused.add("lee@example.com");
  expect(await keyOf("lee@example.com")).toBe("key 2");
});

test.each([
  ["kim@example.com", "kim@example.com"],
  ["https://id.example.com|a b/c", "https---id.example.com-a-b-c"],
  ["김", "--"],
  ["x".repeat(80), "x".repeat(64)],
])("%s is called %s: what AWS lets a session be called", (actor, name) => {
  expect(sessionName(actor)).toBe(name);
  expect(sessionName(actor)).toMatch(/^[\w+=,.@-]{2,64}$/);
});
