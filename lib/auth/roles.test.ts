import { expect, test } from "vitest";
import { accessSchema } from "../config/access-config.ts";
import { claimValues, relevantValues, roleOf } from "./roles.ts";

const access = accessSchema.parse({
  viewer: { addresses: ["*@example.com"] },
  operator: { addresses: ["kim@example.com"], claims: ["deployers"] },
  admin: { claims: ["platform"] },
});

test.each([
  ["kim@example.com", [], "operator"],
  ["lee@example.com", [], "viewer"],
  ["lee@sub.example.com", [], null],
  ["lee@notexample.com", [], null],
  ["example.com", [], null],
  [null, [], null],
  [null, ["deployers"], "operator"],
  ["kim@example.com", ["platform"], "admin"],
  [null, ["approver"], "approver"],
  [null, ["Admin", "deployers2"], null],
] as const)("%s with %j is %s", (email, roleValues, role) => {
  expect(roleOf({ email, roleValues }, access)).toBe(role);
});

test("reads a claim as text, as a list and at a path, and nothing else", () => {
  const profile = {
    role: "admin",
    groups: ["a", 1, "b"],
    realm_access: { roles: ["c"] },
    "https://example.com/roles": ["d"],
    number: 7,
  };
  expect(claimValues(profile, "role")).toEqual(["admin"]);
  expect(claimValues(profile, "groups")).toEqual(["a", "b"]);
  expect(claimValues(profile, "realm_access.roles")).toEqual(["c"]);
  expect(claimValues(profile, "https://example.com/roles")).toEqual(["d"]);
  for (const claim of ["number", "missing", "constructor.name", "role.length"])
    expect(claimValues(profile, claim)).toEqual([]);
});

test("keeps only values that can give a role", () => {
  expect(relevantValues(["x", "deployers", "viewer", "platform"], access)).toEqual(["deployers", "viewer", "platform"]);
});
