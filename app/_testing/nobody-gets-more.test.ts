import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Identity, PERMISSIONS, type Permission, ROLES } from "@/lib/domain/access/role.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";
import type { Operation } from "@/lib/request/judge.ts";
import { findSubjects, isOperation } from "./find-subjects.ts";
import { inputSchemaOf, membersOf, SMUGGLED, valuesOf } from "./known-values.ts";
import { APPLICATIONS, type Effect, NOW, recordedRuntime } from "./recorded-runtime.ts";

/* Every operation there is, found by itself, with every identity, every foreign id and every known member smuggled in. */

const operations = await Promise.all(
  (await findSubjects())
    .filter(({ kind }) => kind === "operation")
    .map(async ({ name, file, export: exported }) => {
      const module = (await import(`../../${file}`)) as Record<string, unknown>;
      const operation = module[exported];
      if (!isOperation(operation)) throw new Error(`${name} is no operation`);
      return { name, operation };
    }),
);

const role = fc.option(fc.constantFrom(...ROLES), { freq: 2 });
const onSome = fc.dictionary(fc.constantFrom(...APPLICATIONS), fc.constantFrom(...ROLES));
const person = fc
  .record({ role, applicationRoles: onSome })
  .map((held): Identity => ({ id: "kim@example.com", name: "Kim", via: "session", ...held }));
const token = fc
  .record({
    role: fc.constantFrom(...ROLES),
    verbs: fc.subarray([...VERBS]),
    applications: fc.constantFrom(["library"], ["other"], [...APPLICATIONS], null),
  })
  .map(
    ({ role: held, verbs, applications }): Identity => ({
      id: "token:t-1",
      name: "ci",
      via: "token",
      role: held,
      scope: { tokenId: "t-1", verbs, applications },
    }),
  );
const identity = fc.oneof({ weight: 3, arbitrary: person }, { weight: 1, arbitrary: token });

/** What the operation takes, with ids of everything there is, and now and then a member that is another's. */
function inputOf(operation: Operation<unknown>) {
  const { all, needed } = membersOf(operation);
  const own = fc.record(Object.fromEntries(all.map((name) => [name, fc.constantFrom(...valuesOf(name))])), {
    requiredKeys: needed,
  });
  const foreign = Object.entries(SMUGGLED).filter(([name]) => !all.includes(name));
  const smuggled = fc.option(
    fc.constantFrom(...foreign).chain(([name, values]) => fc.constantFrom(...values).map((value) => ({ name, value }))),
    { freq: 2 },
  );
  return fc.record({ own, smuggled });
}

/** The table, read a second time: who holds at least the role there, within what their token was made for. */
function mayDo(
  { role: everywhere, applicationRoles = {}, scope }: Identity,
  permission: Permission,
  on: string | null,
) {
  const held = [everywhere, on === null ? null : applicationRoles[on]];
  const isHigh = held.some((one) => one && ROLES.indexOf(one) >= ROLES.indexOf(PERMISSIONS[permission]));
  if (!scope) return isHigh;
  const isWithin = scope.applications === null || (on !== null && scope.applications.includes(on));
  return isHigh && isWithin && scope.verbs.some((verb) => verb === permission);
}

function isAllowed(who: Identity, operation: Operation<unknown>, { permission, applications }: Effect): boolean {
  if (applications !== "all" && applications.some((name) => !APPLICATIONS.some((known) => known === name)))
    return false;
  const needed = permission ?? operation.judged.permission;
  return (applications === "all" ? [null] : applications).every((name) => mayDo(who, needed, name));
}

async function call(
  operation: Operation<{ ok: boolean; code?: string; message?: string }>,
  who: Identity,
  input: object,
) {
  const { runtime, ...recorded } = recordedRuntime();
  const result = await operation({ runtime, identity: who, address: null }, input);
  return { result, ...recorded };
}

describe.each(operations)("$name", ({ operation }) => {
  test("does nothing that the table does not give to whoever asks, whatever is named or smuggled in", async () => {
    await fc.assert(
      fc.asyncProperty(identity, inputOf(operation), async (who, { own, smuggled }) => {
        const input = smuggled ? { ...own, [smuggled.name]: smuggled.value } : own;
        const { result, effects } = await call(operation, who, input);
        expect(effects.filter((effect) => !isAllowed(who, operation, effect))).toEqual([]);
        if (!smuggled) return;
        expect(effects, `${smuggled.name} is refused`).toEqual([]);
        expect(result.ok).toBe(false);
        if (result.code === "INVALID_INPUT") expect(result.message).toContain(`${smuggled.name} is`);
      }),
      { numRuns: 300, seed: 9 },
    );
  });

  test("does something for whoever may", async () => {
    const admin: Identity = { id: "alex", name: "Alex", role: "admin", via: "session" };
    const seen: string[] = [];
    for (const { own } of fc.sample(inputOf(operation), { numRuns: 100, seed: 9 }))
      seen.push(...(await call(operation, admin, own)).effects.map(({ call: name }) => name));
    expect(seen.length).toBeGreaterThan(0);
  });

  test("takes no member that it does not know, at any depth", () => {
    expect(openObjects(operation)).toEqual([]);
  });
});

const LIBRARY_ADMIN: Identity = {
  id: "me@example.com",
  name: "Me",
  role: null,
  applicationRoles: { library: "admin" },
  via: "session",
};

function operationOf(name: string) {
  const found = operations.find((one) => one.name === `operation ${name}`);
  if (!found) throw new Error(`There is no operation ${name}`);
  return found.operation;
}

const UNTIL = NOW + 60_000;
const GRANT = { kind: "address", who: "me@example.com", role: "admin" };
test.each([
  ["grantRole", { ...GRANT, application: null, grantId: "g-00000000000a" }, "INVALID_INPUT", null],
  ["grantRole", { ...GRANT, application: null }, "FORBIDDEN", null],
  ["grantRole", { ...GRANT, application: "other" }, "NOT_FOUND", "other"],
  [
    "createToken",
    { name: "x", verbs: [], applications: ["*"], expiresAt: UNTIL, application: "library" },
    "INVALID_INPUT",
    "library",
  ],
  ["createToken", { name: "x", verbs: [], applications: ["*"], expiresAt: UNTIL }, "FORBIDDEN", null],
  ["createToken", { name: "x", verbs: [], applications: ["library", "other"], expiresAt: UNTIL }, "NOT_FOUND", null],
  ["createToken", { name: "x", verbs: [], applications: ["library", "*"], expiresAt: UNTIL }, "FORBIDDEN", null],
  ["freezeLine", { reason: "x", until: null, freezeId: "f-library" }, "INVALID_INPUT", null],
  ["freezeLine", { reason: "x", until: null }, "FORBIDDEN", null],
  ["endSessions", { personId: "kim@example.com", application: "library" }, "INVALID_INPUT", "library"],
  ["endSessions", { personId: "kim@example.com" }, "FORBIDDEN", null],
  ["revokeToken", { tokenId: "t-00000000000b", application: "library" }, "INVALID_INPUT", "library"],
  ["revokeToken", { tokenId: "t-00000000000b" }, "NOT_FOUND", null],
  ["revokeToken", { tokenId: "t-00000000000c" }, "NOT_FOUND", null],
  ["revokeToken", { tokenId: "t-00000000000d" }, "NOT_FOUND", null],
  ["liftFreeze", { freezeId: "f-all" }, "FORBIDDEN", null],
  ["revokeGrant", { grantId: "g-00000000000c" }, "NOT_FOUND", null],
])("an admin of library alone gets nothing by %s %j: %s, and the audit says so", async (name, input, code, about) => {
  const { result, effects, audit } = await call(operationOf(name), LIBRARY_ADMIN, input);
  expect(result).toMatchObject({ ok: false, code });
  expect(effects).toEqual([]);
  expect(audit).toMatchObject([{ outcome: "refused", code, application: about }]);
});

test.each([
  [
    "createToken",
    { name: "x", verbs: ["deploy"], applications: ["library"], expiresAt: UNTIL },
    "insertApiToken",
    null,
  ],
  ["revokeToken", { tokenId: "t-00000000000a" }, "revokeApiToken", null],
  ["grantRole", { ...GRANT, application: "library" }, "insertGrant", "library"],
  ["freezeLine", { application: "library", reason: "x", until: null }, "insertFreeze", "library"],
])("an admin of library alone may %s there", async (name, input, did, about) => {
  const { result, effects, audit } = await call(operationOf(name), LIBRARY_ADMIN, input);
  expect(result).toMatchObject({ ok: true });
  expect(effects).toMatchObject([{ call: did, applications: ["library"] }]);
  expect(audit).toMatchObject([{ outcome: "done", application: about }]);
});

/** Paths of objects in what an operation takes that let unknown members pass. */
function openObjects(operation: Operation<unknown>): string[] {
  const found: string[] = [];
  const walk = (schema: unknown, path: string) => {
    if (typeof schema !== "object" || schema === null) return;
    const isObject = "properties" in schema || ("type" in schema && schema.type === "object");
    if (isObject && !("additionalProperties" in schema && schema.additionalProperties === false)) found.push(path);
    for (const [key, part] of Object.entries(schema)) walk(part, `${path}/${key}`);
  };
  walk(inputSchemaOf(operation), "");
  return found;
}
