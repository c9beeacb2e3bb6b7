import { expect, test } from "vitest";
import { readCall } from "./trail.ts";

/* What CloudTrail's records say in our words. Their texts are strangers': a caller chooses the name of a session. */

const EVENT = { EventId: "e-1", EventName: "UpdateService", EventTime: new Date(1_000) };
const ROLE = "arn:aws:sts::111122223333:assumed-role/deployer/kim";
const read = (record: unknown, more: object = {}) =>
  readCall({ ...EVENT, ...more, CloudTrailEvent: typeof record === "string" ? record : JSON.stringify(record) });

test.each([
  ["a user", { type: "IAMUser", userName: "alice", arn: "arn:aws:iam::111122223333:user/alice" }, "alice"],
  ["a role's session", { type: "AssumedRole", arn: ROLE }, "deployer/kim"],
  [
    "the person whom the session names",
    { type: "AssumedRole", arn: ROLE, sessionContext: { sourceIdentity: "kim@example.com" } },
    "kim@example.com (deployer/kim)",
  ],
  [
    "an AWS service that called for somebody",
    { type: "AssumedRole", arn: ROLE, invokedBy: "cloudformation.amazonaws.com" },
    "cloudformation.amazonaws.com (deployer/kim)",
  ],
  ["an AWS service", { type: "AWSService", invokedBy: "ecs.amazonaws.com" }, "ecs.amazonaws.com"],
  ["the root user", { type: "Root", arn: "arn:aws:iam::111122223333:root" }, "root"],
  ["nobody", { type: "Unknown" }, null],
  ["members of another kind", { type: 1, arn: {}, userName: [], sessionContext: "x" }, null],
  ["a name over several lines", { type: "IAMUser", userName: "alice\n\u0000bob\u2028c" }, "alice bob c"],
])("%s", (_, userIdentity, who) => {
  expect(read({ userIdentity })?.who).toBe(who);
});

test("a long name is cut", () => {
  expect(read({ userIdentity: { userName: "a".repeat(10_000) } })?.who?.length).toBeLessThanOrEqual(200);
});

test("what a call names is its request's texts, and the deployment that came of it", () => {
  const call = read({
    requestParameters: {
      cluster: "main",
      service: "web",
      desiredCount: 2,
      nested: { a: "b" },
      long: "x".repeat(3_000),
    },
    responseElements: { deploymentId: "d-1", service: { serviceArn: "arn" } },
    errorCode: "AccessDenied",
  });
  expect(call).toMatchObject({ at: 1_000, isRefused: true });
  expect(call?.subject).toEqual({ cluster: "main", service: "web", deploymentId: "d-1" });
});

test.each([["no JSON {"], ["null"], ["[]"], ['"text"']])("%s is no record", (record) => {
  expect(read(record)).toBeNull();
});

test.each([
  ["aws-sdk-js/3.1136.0 ua/2.1 lang/js switchyard", true],
  ["aws-sdk-js/3.1136.0 app/switchyard-fork", false],
  [undefined, false],
])("the user agent %s is ours: %s", (userAgent, isOwn) => {
  expect(read({ userAgent })?.isOwn).toBe(isOwn);
});

test("an event without a name or time is none", () => {
  expect(read({}, { EventName: undefined })).toBeNull();
  expect(read({}, { EventTime: undefined })).toBeNull();
});
