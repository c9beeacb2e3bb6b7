import fc from "fast-check";
import { expect, test } from "vitest";
import { readAwsEvent } from "./aws-event.ts";

/* Messages of a queue, which anybody who may send to it writes. */

const ARN = "arn:aws:ecs:eu-west-1:111122223333";
const CLUSTER = `${ARN}:cluster/main`;
const ENVELOPE = { version: "0", id: "e-1", source: "aws.ecs", account: "111122223333", region: "eu-west-1" };
const event = (type: string, detail: object, resources: unknown = [], changes: object = {}) =>
  JSON.stringify({ ...ENVELOPE, "detail-type": type, resources, detail, ...changes });
const TASK = "ECS Task State Change";

test.each([
  [
    "a hook",
    event(
      "ECS Hook State Change",
      { eventName: "HOOK_AWAITING_ACTION", clusterArn: CLUSTER, serviceArn: `${ARN}:service/main/orders` },
      [`${ARN}:service-deployment/main/orders/x`],
    ),
  ],
  ["a deployment", event("ECS Deployment State Change", { deploymentId: "ecs-svc/1" }, [`${ARN}:service/main/orders`])],
  ["a service by its old ARN", event("ECS Service Action", { clusterArn: CLUSTER }, [`${ARN}:service/orders`])],
  ["a task", event(TASK, { clusterArn: CLUSTER, group: "service:orders", taskArn: `${ARN}:task/main/1`, version: 4 })],
])("%s names its service", (_, body) => {
  expect(readAwsEvent(body)).toMatchObject({
    ...{ id: "e-1", account: "111122223333", codeDeploy: null },
    service: { cluster: "main", service: "orders" },
  });
});

const GOOD = { clusterArn: CLUSTER, group: "service:orders" };
const DEPLOYMENT = "CodeDeploy Deployment State-change Notification";
const OF_GROUP = {
  application: "members",
  deploymentGroup: "members-group",
  deploymentId: "d-123456789",
  state: "READY",
};
const OF_CODE_DEPLOY = { source: "aws.codedeploy" };

test.each([DEPLOYMENT, "CodeDeploy Instance State-change Notification"])("a %s names its group", (type) => {
  expect(readAwsEvent(event(type, OF_GROUP, [], OF_CODE_DEPLOY))).toMatchObject({
    ...{ service: null, version: null },
    codeDeploy: { application: "members", group: "members-group" },
  });
});

test("a task's versions are counted, a number that is none is not", () => {
  const detail = { clusterArn: CLUSTER, group: "service:orders", taskArn: `${ARN}:task/main/1` };
  expect(readAwsEvent(event(TASK, { ...detail, version: 4 }))?.version).toEqual({ of: detail.taskArn, number: 4 });
  for (const version of ["4", 1.5, -0.5, null, 2 ** 60])
    expect(readAwsEvent(event(TASK, { ...detail, version }))?.version ?? null).toBeNull();
});

test.each([
  ["no JSON", "{"],
  ["no object", "[]"],
  ["nothing", ""],
  ["another source", event(TASK, GOOD, [], { source: "my.app" })],
  ["another kind", event("EC2 Instance State-change Notification", GOOD)],
  ["a task of no service", event(TASK, { ...GOOD, group: "family:batch" })],
  ["a group without a cluster", event(TASK, { group: "service:orders" })],
  ["no account", event(TASK, GOOD, [], { account: "x" })],
  ["no id", event(TASK, GOOD, [], { id: 1 })],
  ["resources of another kind", event("ECS Service Action", {}, { 0: `${ARN}:service/main/orders` })],
  ["a detail of another kind", event(TASK, ["x"])],
  ["an ARN of another service of AWS's", event("ECS Service Action", {}, ["arn:aws:iam::111122223333:role/a/b"])],
  ["CodeDeploy's words from ECS", event(DEPLOYMENT, OF_GROUP)],
  ["ECS's words from CodeDeploy", event(TASK, GOOD, [], OF_CODE_DEPLOY)],
  ["a deployment without a group", event(DEPLOYMENT, { ...OF_GROUP, deploymentGroup: 1 }, [], OF_CODE_DEPLOY)],
  ["another word of CodeDeploy's", event("CodeDeploy Trigger", OF_GROUP, [], OF_CODE_DEPLOY)],
  ["a source that every object has", event(TASK, GOOD, [], { source: "constructor" })],
  ["more than EventBridge sends", event(TASK, { ...GOOD, padding: "x".repeat(300_000) })],
])("%s is no event", (_, body) => {
  expect(readAwsEvent(body)).toBeNull();
});

test("no text and no JSON makes it throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (body) => void readAwsEvent(body)));
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (detail, resources) => {
      readAwsEvent(JSON.stringify({ ...ENVELOPE, "detail-type": TASK, detail, resources }));
    }),
  );
});
