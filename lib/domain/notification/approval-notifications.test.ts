import { expect, test } from "vitest";
import { deployment, NOW, observation, revision } from "../../testing/facts.ts";
import type { ApprovalRule } from "../application/approval-policy.ts";
import { subjectOf } from "../deployment/approval.ts";
import { lapseApprovals, timeLimitEnded, withApproval, withRejection } from "../deployment/approval-transitions.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { deploymentNotifications } from "./deployment-notifications.ts";

const MINUTE = 60_000;
const RULE: ApprovalRule = {
  approvers: 2,
  requesterMayApprove: false,
  from: { roles: ["approver"], addresses: [], claims: [] },
  timeLimitMinutes: 60,
  onTimeLimit: "ROLLBACK",
};
const LOOK = observation();
const SUBJECT = subjectOf(LOOK, "green");

const waiting = (rule: Partial<ApprovalRule> = {}): Deployment =>
  deployment({ kind: "SWITCH", requested: null, approval: { ...RULE, ...rule }, subject: SUBJECT });
const told = (of: Deployment, now: number) => deploymentNotifications(of, now).map(({ kind }) => kind);
const ada = { actor: "ada@x.y", name: "Ada", decision: "approved", at: NOW + MINUTE } as const;

test("people are asked by a link to the page where they decide, and again before the time is over", () => {
  expect(told(waiting(), NOW)).toEqual(["approval.wanted"]);
  expect(told(waiting(), NOW + 45 * MINUTE - 1)).toEqual(["approval.wanted"]);
  const both = deploymentNotifications(waiting(), NOW + 45 * MINUTE);
  expect(both.map(({ kind }) => kind)).toEqual(["approval.wanted", "approval.expiring"]);
  expect(both[1]?.text).toContain(
    "0 of 2 approvals. If nobody acts, at 2027-01-15 09:00 UTC this stops: blue stays live",
  );
  expect(both.map(({ deepLinkPath }) => deepLinkPath)).toEqual(["/approvals/d-1", "/approvals/d-1"]);
});

test("nobody is asked once all have said yes", () => {
  const one = withApproval(waiting({ approvers: 1 }), ada, SUBJECT);
  expect(told(one, NOW + 2 * MINUTE)).toEqual([]);
});

test("that approvals lapsed is told once a lapse, with why", () => {
  const after = subjectOf(observation({ green: { revision: revision(7) } }), "green");
  const lapsed = lapseApprovals(withApproval(waiting(), ada, SUBJECT), after, NOW + 2 * MINUTE);
  const found = deploymentNotifications(lapsed, NOW + 3 * MINUTE).find(({ kind }) => kind === "approval.lapsed");
  expect(found).toMatchObject({
    title: "library: Ada approved what has changed",
    text: "Lapsed at 2027-01-15 08:02 UTC: green now runs 7.\nIt is asked for anew.",
    deepLinkPath: "/approvals/d-1",
  });
  const again = lapseApprovals(
    withApproval(lapsed, { ...ada, at: NOW + 4 * MINUTE }, after),
    SUBJECT,
    NOW + 5 * MINUTE,
  );
  expect(told(again, NOW + 6 * MINUTE).filter((kind) => kind === "approval.lapsed")).toHaveLength(2);
});

test("a no is told with its comment", () => {
  const no = {
    actor: "alex@x.y",
    name: "Alex",
    decision: "rejected",
    comment: "Not\ntoday",
    at: NOW + MINUTE,
  } as const;
  const found = deploymentNotifications(withRejection(waiting(), no, "No"), NOW + 2 * MINUTE);
  expect(found.map(({ kind, text }) => [kind, text])).toEqual([["approval.rejected", "Not today.\nblue stays live."]]);
});

test.each([
  ["ROLLBACK", "0 of 2 approvals by 2027-01-15 09:00 UTC.\nblue stays live."],
  ["CONTINUE", "0 of 2 approvals by 2027-01-15 09:00 UTC.\nIt goes on to green without an approval."],
] as const)("the end of the time is told: %s", (onTimeLimit, text) => {
  const over = timeLimitEnded(waiting({ onTimeLimit }), "late");
  const found = deploymentNotifications(over, NOW + 61 * MINUTE).find(({ kind }) => kind === "approval.expired");
  expect(found?.text).toBe(text);
});
