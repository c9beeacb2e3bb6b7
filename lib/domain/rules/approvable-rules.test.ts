import { expect, test } from "vitest";
import { APPROVAL_RULE, facts, observation } from "../../testing/facts.ts";
import type { ApprovalRule } from "../application/approval-policy.ts";
import type { AwsPause } from "../observation/aws-deployment.ts";
import { findDeployBlockers } from "./action-rules.ts";
import { findUnapprovable } from "./approvable-rules.ts";

const under = (rule: Partial<ApprovalRule> | null) => ({
  approvals: { release: rule && { ...APPROVAL_RULE, ...rule }, switch: null },
});
const pause = (stage: string, onExpiry: AwsPause["onExpiry"] = null): AwsPause => ({ stage, onExpiry });

test.each([
  ["none", []],
  ["one after production", [pause("POST_PRODUCTION_TRAFFIC_SHIFT")]],
  ["one at a stage that most deployments leave out", [pause("RECONCILE_SERVICE")]],
])("a release that people have to approve is refused where the service's pauses are: %s", (_what, pauses) => {
  expect(findUnapprovable(under({ approvers: 2 }), { pauses })).toMatchObject({
    code: "NOT_APPROVABLE",
    message:
      "A release needs 2 approvals, and the service has no PAUSE hook before production: ECS would shift before anybody could approve",
    fix: "Give the service a PAUSE hook at POST_TEST_TRAFFIC_SHIFT or PRE_PRODUCTION_TRAFFIC_SHIFT with the timeout action ROLLBACK",
  });
});

test("a release that people have to approve is refused where CodeDeploy's group reroutes by itself", () => {
  const application = { ...under({}), controller: "code-deploy" } as const;
  expect(findUnapprovable(application, { pauses: [] })).toMatchObject({
    code: "NOT_APPROVABLE",
    message: expect.stringContaining("the deployment group reroutes traffic by itself"),
    fix: expect.stringContaining("STOP_DEPLOYMENT"),
  });
});

test.each(["PRE_SCALE_UP", "POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT"])(
  "a pause at %s is one that approvals can answer, also where ECS does not tell what ends it",
  (stage) => {
    for (const onExpiry of [null, "ROLLBACK"] as const)
      expect(findUnapprovable(under({}), { pauses: [pause(stage, onExpiry)] })).toBeNull();
  },
);

test("a pause that goes on when nobody answers is none, unless the policy says the same or another one holds", () => {
  const pauses = [pause("POST_TEST_TRAFFIC_SHIFT", "CONTINUE")];
  expect(findUnapprovable(under({}), { pauses })).toMatchObject({
    message: expect.stringContaining(
      "POST_TEST_TRAFFIC_SHIFT goes on when nobody answers: ECS would shift without them",
    ),
    fix: "Give the PAUSE hook the timeout action ROLLBACK",
  });
  expect(findUnapprovable(under({ onTimeLimit: "CONTINUE" }), { pauses })).toBeNull();
  const both = [...pauses, pause("PRE_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK")];
  expect(findUnapprovable(under({}), { pauses: both })).toBeNull();
});

test("where nobody has to approve, and where pauses are not known, nothing is refused", () => {
  expect(findUnapprovable(under(null), { pauses: [] })).toBeNull();
  expect(findUnapprovable({}, { pauses: [] })).toBeNull();
  expect(findUnapprovable(under({}), {})).toBeNull();
});

test("the deploy button knows it before anybody presses it", () => {
  const look = { ...observation(), pauses: [] };
  const known = facts(look, {
    application: { minimumHealthy: null, stableChecks: 1, controller: "ecs-native", ...under({}) },
  });
  expect(findDeployBlockers(known).map(({ code }) => code)).toEqual(["NOT_APPROVABLE"]);
});
