import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  can,
  canSomewhere,
  type Holder,
  hasAnyRole,
  maySee,
  PERMISSIONS,
  type Permission,
  ROLES,
  roleOn,
  seenApplications,
} from "./role.ts";

const nobody: Holder = { role: null };
const onLibrary: Holder = { role: null, applicationRoles: { library: "operator" } };
const more: Holder = { role: "viewer", applicationRoles: { library: "approver" } };
const token: Holder = { role: "operator", scope: { tokenId: "t", verbs: ["deploy"], applications: ["library"] } };

test.each([
  ["nobody", nobody, [], null, null],
  ["a role on one application", onLibrary, ["library"], "operator", null],
  ["a role on all and a higher one on one", more, null, "approver", "viewer"],
  ["a token for one", token, ["library"], "operator", "operator"],
] as const)("%s sees and holds what is its own", (_, holder, seen, onIt, elsewhere) => {
  expect(seenApplications(holder)).toEqual(seen);
  expect(roleOn(holder, "library")).toBe(onIt);
  expect(roleOn(holder, "billing")).toBe(elsewhere);
});

test.each([
  [nobody, "view", null, false],
  [nobody, "view", "library", false],
  [onLibrary, "view", null, true],
  [onLibrary, "switch", "library", true],
  [onLibrary, "switch", "billing", false],
  [onLibrary, "switch", null, false],
  [onLibrary, "approve", "library", false],
  [onLibrary, "view", "billing", false],
  [more, "approve", "library", true],
  [more, "approve", "billing", false],
  [more, "view", "billing", true],
  [token, "deploy", "library", true],
  [token, "switch", "library", false],
  [token, "deploy", "billing", false],
  [token, "view", null, true],
  [null, "view", null, false],
] as const)("%j may %s on %s: %s", (holder, permission, application, may) => {
  expect(can(holder, permission, application)).toBe(may);
});

test("a role on one application opens nothing that is about none of them", () => {
  const admin: Holder = { role: null, applicationRoles: { library: "admin" } };
  expect(can(admin, "tokens", null)).toBe(false);
  expect(canSomewhere(onLibrary, "switch")).toBe(true);
  expect(canSomewhere(onLibrary, "approve")).toBe(false);
});

describe("for whoever holds whatever", () => {
  const role = fc.option(fc.constantFrom(...ROLES));
  const name = fc.constantFrom("library", "billing", "constructor", "__proto__");
  const holder = fc.record({
    role,
    applicationRoles: fc.dictionary(name, fc.constantFrom(...ROLES)),
  });
  const permission = fc.constantFrom(...(Object.keys(PERMISSIONS) as Permission[]));

  test("who may do it may see it, and a higher role loses nothing", () => {
    fc.assert(
      fc.property(holder, permission, name, (who, what, where) => {
        if (can(who, what, where)) expect(maySee(who, where)).toBe(true);
        if (can(who, what, where)) expect(can({ ...who, role: "admin" }, what, where)).toBe(true);
        if (can(who, what, null) && what !== "view") expect(can(who, what, where)).toBe(true);
        if (maySee(who, where)) expect(hasAnyRole(who)).toBe(true);
        expect(can(who, "view", where)).toBe(maySee(who, where));
      }),
    );
  });
});
