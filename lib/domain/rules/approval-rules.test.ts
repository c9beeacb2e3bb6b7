import { describe, expect, test } from "vitest";
import { APPROVAL_RULE, NOW, observation, waitingForApproval as waiting } from "../../testing/facts.ts";
import type { ApprovalRule } from "../application/approval-policy.ts";
import { subjectOf } from "../deployment/approval.ts";
import { askForApproval, timeLimitEnded, withApproval, withRejection } from "../deployment/approval-transitions.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Approver, isCounted, whoCountsSaid } from "./approval-rules.ts";
import { findApproveBlockers, findMissingApprovalBlocker } from "./approve-blockers.ts";

const SUBJECT = subjectOf(observation(), "green");

function person(id: string, changes: Partial<Approver> = {}): Approver {
  return { id, name: id, role: "approver", via: "session", ...changes };
}

const yes = (deployment: Deployment, actor: string, at = NOW + 1) =>
  withApproval(deployment, { actor, decision: "approved", at }, SUBJECT);
const codes = (deployment: Deployment, approver: Approver, now = NOW + 2) =>
  findApproveBlockers(deployment, approver, now).map((blocker) => blocker.code);

describe("who may approve", () => {
  test.each<[string, Partial<ApprovalRule>, Approver, string[]]>([
    ["an approver", {}, person("ada@x.y"), []],
    ["an admin, because a role counts with those above it", {}, person("alex@x.y", { role: "admin" }), []],
    ["an operator", {}, person("kim@x.y", { role: "operator" }), ["APPROVER_NOT_COUNTED"]],
    ["somebody without a role", {}, person("kim@x.y", { role: null }), ["APPROVER_NOT_COUNTED"]],
    ["a token, whatever its role", {}, person("t-1", { role: "admin", via: "token" }), ["APPROVER_NOT_COUNTED"]],
    ["whoever asked for it", {}, person("otto@x.y"), ["OWN_DEPLOYMENT"]],
    ["whoever asked for it, under another case", {}, person("Otto@X.y"), ["OWN_DEPLOYMENT"]],
    ["whoever asked for it, where the policy lets them", { requesterMayApprove: true }, person("otto@x.y"), []],
    [
      "an approver where only admins count",
      { from: { ...APPROVAL_RULE.from, roles: ["admin"] } },
      person("ada@x.y"),
      ["APPROVER_NOT_COUNTED"],
    ],
    [
      "an address with another alphabet's letters",
      { from: { roles: [], addresses: ["kim@x.y"], claims: [] } },
      person("\u212aim@x.y"),
      ["APPROVER_NOT_COUNTED"],
    ],
    [
      "a named address, in whatever case",
      { from: { roles: [], addresses: ["ada@x.y"], claims: [] } },
      person("Ada@X.y"),
      [],
    ],
    ["anybody of a named domain", { from: { roles: [], addresses: ["*@x.y"], claims: [] } }, person("ada@x.y"), []],
    [
      "nobody of another domain that ends like it",
      { from: { roles: [], addresses: ["*@x.y"], claims: [] } },
      person("ada@ax.y"),
      ["APPROVER_NOT_COUNTED"],
    ],
    [
      "a member of a named group",
      { from: { roles: [], addresses: [], claims: ["managers"] } },
      person("ada@x.y", { groups: ["all", "managers"] }),
      [],
    ],
    [
      "a member of no named group",
      { from: { roles: [], addresses: [], claims: ["managers"] } },
      person("ada@x.y", { groups: ["all"] }),
      ["APPROVER_NOT_COUNTED"],
    ],
  ])("%s", (_who, rule, approver, expected) => {
    expect(codes(waiting(rule), approver)).toEqual(expected);
    expect(isCounted({ ...APPROVAL_RULE, ...rule }, approver)).toBe(!expected.includes("APPROVER_NOT_COUNTED"));
  });

  test("says in words whose approval counts", () => {
    expect(inEnglish(whoCountsSaid(APPROVAL_RULE))).toBe("approvers and admins");
    expect(inEnglish(whoCountsSaid({ from: { roles: ["admin"], addresses: ["kim@x.y"], claims: ["managers"] } }))).toBe(
      "admins, members of managers, kim@x.y",
    );
  });
});

describe("an approval that comes too late has its own answer", () => {
  const both = yes(yes(waiting(), "ada@x.y"), "alex@x.y");
  const rejected = withRejection(waiting(), { actor: "ada@x.y", name: "Ada", decision: "rejected", at: NOW }, "No");
  const asked = askForApproval(waiting(), SUBJECT, NOW);
  test.each<[string, Deployment, number, string, string]>([
    [
      "after the last one needed",
      both,
      NOW + 2,
      "APPROVAL_NOT_NEEDED",
      "ada@x.y and alex@x.y approved it already: 2 of 2 approvals, it goes on",
    ],
    ["after a no", rejected, NOW + 2, "APPROVAL_REJECTED", "Ada rejected it at 2027-01-15 08:00 UTC; blue stays live"],
    [
      "after the time limit",
      timeLimitEnded(asked, "late"),
      NOW + 2,
      "APPROVAL_EXPIRED",
      "Its time limit ended at 2027-01-15 09:00 UTC; blue stays live",
    ],
    [
      "after the time limit, before the engine has seen it",
      asked,
      NOW + 3_600_000,
      "APPROVAL_EXPIRED",
      "Its time limit ended at 2027-01-15 09:00 UTC; blue stays live",
    ],
    [
      "after it went on at the time limit",
      timeLimitEnded(waiting({ onTimeLimit: "CONTINUE" }), "late"),
      NOW + 2,
      "APPROVAL_EXPIRED",
      "Its time limit ended at 2027-01-15 09:00 UTC; it goes on without an approval",
    ],
    [
      "after it was stopped",
      { ...waiting(), status: "STOPPED" },
      NOW + 2,
      "NOT_WAITING_FOR_APPROVAL",
      "No deployment waits before its production shift",
    ],
  ])("%s", (_when, deployment, now, code, message) => {
    const blockers = findApproveBlockers(deployment, person("kim@x.y"), now);
    expect(blockers).toHaveLength(1);
    expect(blockers[0]).toMatchObject({ code, message });
  });

  test("a millisecond before the limit is in time", () => {
    expect(codes(waiting(), person("ada@x.y"), NOW + 3_599_999)).toEqual([]);
  });
});

test("a switch by a click is refused while approvals are missing, and says how many are there", () => {
  expect(findMissingApprovalBlocker(yes(waiting(), "ada@x.y"))).toMatchObject({
    code: "APPROVAL_REQUIRED",
    message: "The switch to green waits for people: 1 of 2 approvals",
  });
  expect(findMissingApprovalBlocker(yes(yes(waiting(), "ada@x.y"), "alex@x.y"))).toBeNull();
});

test("whoever made the token or started the run that asked for it does not approve it", () => {
  const asked = waiting();
  const actor = { id: "token:t-1", name: "ci", via: "token", people: ["Otto@x.y", "https://id.example|7"] } as const;
  const byToken = { ...asked, actor };
  expect(codes(byToken, person("otto@x.y"))).toEqual(["OWN_DEPLOYMENT"]);
  expect(codes(byToken, person("otto.b@x.y", { people: ["https://id.example|7"] }))).toEqual(["OWN_DEPLOYMENT"]);
  expect(codes(byToken, person("ada@x.y", { people: ["https://id.example|8"] }))).toEqual([]);
  expect(findApproveBlockers(byToken, person("otto@x.y"), NOW + 2)[0]?.message).toContain("otto@x.y is behind it");
});

test("one person under another case or a changed address counts once, in records of before as well", () => {
  const given = (actor: string, people?: string[]) => ({
    ...{ actor, decision: "approved" as const, at: NOW + 1 },
    ...(people ? { people } : {}),
  });
  const both = (first: ReturnType<typeof given>, second: ReturnType<typeof given>) =>
    withApproval(withApproval(waiting(), first, SUBJECT), second, SUBJECT).approval?.given;
  expect(both(given("ada@x.y"), given("Ada@X.y"))).toBe(1);
  expect(both(given("ada@x.y", ["i|1"]), given("ada.b@x.y", ["i|1"]))).toBe(1);
  expect(both(given("ada@x.y"), given("ada@x.y", ["i|1"]))).toBe(1);
  expect(both(given("ada@x.y", ["i|1"]), given("alex@x.y", ["i|2"]))).toBe(2);
});

test("one person's second approval is no second one", () => {
  const twice = yes(yes(waiting(), "ada@x.y"), "ada@x.y");
  expect(twice.approval).toMatchObject({ given: 1, state: "waiting" });
});
