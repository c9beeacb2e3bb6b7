import { expect, test } from "vitest";
import { accessSchema, roleRulesSchema } from "../config/access-config.ts";
import type { Grant } from "../domain/access/grant.ts";
import { claimValues, relevantValues, rolesHeld, rolesOf } from "./roles.ts";

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
  expect(rolesOf(rolesHeld({ email, roleValues }, { access }, []))).toEqual({ role });
});

const rules = (change: object) => roleRulesSchema.parse(change);
const applications = [
  {
    name: "library",
    access: rules({ operator: { addresses: ["lee@example.com"] }, admin: { claims: ["library-team"] } }),
  },
  { name: "billing", access: rules({}) },
];
const grant = (change: Partial<Grant>): Grant => ({
  id: "g-1",
  kind: "address",
  who: "lee@example.com",
  role: "approver",
  application: "billing",
  reason: null,
  createdBy: "Alex",
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
  revokedBy: null,
  ...change,
});

test("an application's own rules and grants count there alone, beside what counts everywhere", () => {
  const lee = { email: "lee@example.com", roleValues: ["team", "admin-of-nothing"] };
  const of = (claims: typeof lee, grants: Grant[]) => rolesOf(rolesHeld(claims, { access, applications }, grants));
  expect(of(lee, [])).toEqual({ role: "viewer", applicationRoles: { library: "operator" } });
  expect(of(lee, [grant({})])).toEqual({
    role: "viewer",
    applicationRoles: { billing: "approver", library: "operator" },
  });
  expect(of(lee, [grant({ kind: "group", who: "team", role: "admin", application: null })]).role).toBe("admin");
  expect(of(lee, [grant({ kind: "group", who: "lee@example.com", application: null })]).role).toBe("viewer");
  expect(of({ email: "", roleValues: ["library-team"] }, [])).toEqual({
    role: null,
    applicationRoles: { library: "admin" },
  });
  // A claim's value that is a role's own name gives it on all applications, and is nothing special to one.
  expect(of({ email: "", roleValues: ["operator"] }, [])).toEqual({ role: "operator" });
});

test("every role says where it comes from", () => {
  const lee = { email: "lee@example.com", roleValues: ["deployers"] };
  expect(rolesHeld(lee, { access, applications }, [grant({ who: "*@example.com" })])).toMatchObject([
    { role: "viewer", application: null, source: { from: "address", value: "*@example.com" } },
    { role: "operator", application: null, source: { from: "claim", value: "deployers" } },
    { role: "operator", application: "library", source: { from: "address", value: "lee@example.com" } },
    { role: "approver", application: "billing", source: { from: "grant", grant: { createdBy: "Alex" } } },
  ]);
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

test("keeps the values that give a role, then others while there is room", () => {
  const many = Array.from({ length: 200 }, (_, i) => `group-${i}`);
  const kept = relevantValues([...many, "deployers", "viewer", "library-team", "granted"], { access, applications }, [
    grant({ kind: "group", who: "granted" }),
  ]);
  expect(kept.slice(0, 5)).toEqual(["deployers", "viewer", "library-team", "granted", "group-0"]);
  expect(kept.join("").length).toBeLessThan(1_100);
  expect(relevantValues(["x", "deployers"], { access }, [])).toEqual(["deployers", "x"]);
});
