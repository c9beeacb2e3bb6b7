import { expect, onTestFinished, test } from "vitest";
import { startLibraryWorld } from "../testing/library-world.ts";
import { createAws } from "./aws.ts";
import { AwsFailure, describeFailure, toAwsFailure } from "./errors.ts";

function sdkError(name: string, message = "", status = 400, more: object = {}) {
  const $metadata = { httpStatusCode: status, requestId: "r-1" };
  return Object.assign(new Error(message), { name, $metadata, ...more });
}

test.each([
  ["ThrottlingException", 400, "throttled", true],
  ["Throttling", 400, "throttled", true],
  ["TooManyRequestsException", 429, "throttled", true],
  ["AccessDenied", 403, "denied", false],
  ["AccessDeniedException", 400, "denied", false],
  ["ExpiredTokenException", 400, "credentials", false],
  ["UnrecognizedClientException", 400, "credentials", false],
  ["RequestExpired", 400, "clock", false],
  ["ServiceNotFoundException", 400, "missing", false],
  ["ClusterNotFoundException", 400, "missing", false],
  ["TargetGroupNotFound", 400, "missing", false],
  ["ServiceNotActiveException", 400, "missing", false],
  ["InvalidParameterException", 400, "invalid", false],
  ["TooManyActions", 400, "invalid", false],
  ["ServerException", 500, "unavailable", true],
  ["HealthUnavailable", 500, "unavailable", true],
  ["SomethingNew", 503, "unavailable", true],
  ["SomethingNew", 400, "other", false],
] as const)("%s with status %i is %s", (name, status, kind, retryable) => {
  const failure = toAwsFailure(sdkError(name, "words", status), "ecs", "DescribeServices");
  expect(failure).toMatchObject({ code: name, kind, retryable, requestId: "r-1", message: "words" });
  expect(failure.permission).toBe(kind === "denied" ? "ecs:DescribeServices" : null);
});

test("takes AWS's own code where the SDK's class has another name", () => {
  const failure = toAwsFailure(
    sdkError("ListenerNotFoundException", "", 400, { Code: "ListenerNotFound" }),
    "elasticloadbalancing",
    "DescribeListeners",
  );
  expect(failure).toMatchObject({ code: "ListenerNotFound", kind: "missing", message: "ListenerNotFound" });
});

test.each([
  ["ECONNRESET", true],
  ["ETIMEDOUT", true],
  ["EPIPE", true],
  ["ECONNREFUSED", false],
  ["ENOTFOUND", false],
])("after %s it is %s that the call may have happened", (code, isOutcomeUnknown) => {
  const failure = toAwsFailure(Object.assign(new Error("network"), { code }), "ecs", "UpdateService");
  expect(failure).toMatchObject({ code, kind: "unavailable", retryable: true, isOutcomeUnknown });
});

test("a refusal is no lost answer", () => {
  expect(toAwsFailure(sdkError("AccessDenied"), "ecs", "UpdateService").isOutcomeUnknown).toBe(false);
  expect(toAwsFailure(sdkError("ThrottlingException"), "ecs", "UpdateService").isOutcomeUnknown).toBe(false);
});

test("is translated once, and describes itself with permission or limit and code", () => {
  const denied = toAwsFailure(sdkError("AccessDenied", "no", 403), "elasticloadbalancing", "DescribeRules");
  expect(toAwsFailure(denied, "ecs", "Other")).toBe(denied);
  expect(describeFailure(denied)).toContain("elasticloadbalancing:DescribeRules");
  expect(describeFailure(denied)).toContain("AccessDenied");
  const throttled = toAwsFailure(sdkError("Throttling"), "elasticloadbalancing", "DescribeRules");
  expect(describeFailure(throttled)).toMatch(
    /throttles elasticloadbalancing:DescribeRules \(Throttling\).*10 reads a second/,
  );
});

test("the real SDK's refusals, throttles and lost answers arrive translated, with AWS's request id", async () => {
  const { aws, fault } = await startLibraryWorld();
  const ask = () => aws.ecs.describeServices("library-management-cluster", ["x"], "observer").catch((e) => e);

  fault("error", { service: "ecs", operation: "DescribeServices", code: "AccessDeniedException" });
  expect(await ask()).toMatchObject({ kind: "denied", permission: "ecs:DescribeServices" });
  fault("throttle", { service: "ecs", operation: "DescribeServices" });
  expect(await ask()).toMatchObject({ kind: "throttled", code: "ThrottlingException", requestId: /./ });
  fault("error", { service: "ecs", operation: "DescribeServices" });
  expect(await ask()).toMatchObject({ kind: "unavailable", code: "ServerException" });
  fault("reset", { service: "ecs", operation: "DescribeServices" });
  expect(await ask()).toMatchObject({ kind: "unavailable", retryable: true, isOutcomeUnknown: true });

  fault("error", { service: "elbv2", operation: "DescribeTargetHealth", code: "AccessDenied" });
  const health = await aws.elb.describeTargetHealth("arn:x", "observer").catch((e) => e);
  expect(health).toMatchObject({ kind: "denied", permission: "elasticloadbalancing:DescribeTargetHealth" });
  const rules = await aws.elb
    .getListener(
      "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:listener/app/no/1111111111111111/2222222222222222",
      "observer",
    )
    .catch((e) => e);
  expect(rules).toMatchObject({ kind: "missing", code: "ListenerNotFound" });
});

test("an answer that never comes ends after the request timeout", async () => {
  const { aws, sandbox, fault } = await startLibraryWorld();
  const { tags: fresh } = await aws.ecr.listTags("library-management-system", "observer");
  expect(fresh.length).toBeGreaterThan(0);
  // Asks nothing that would be answered: a full machine may take longer than this over any answer.
  const hasty = createAws({ region: sandbox.place.region, endpoint: sandbox.url, requestTimeoutMs: 150 });
  onTestFinished(() => hasty.destroy());
  fault("timeout", { service: "ecr", ms: 60_000 });
  const startedAt = performance.now();
  const failure = await hasty.ecr.listTags("library-management-system", "observer").catch((e) => e);
  expect(failure).toBeInstanceOf(AwsFailure);
  expect(failure).toMatchObject({ kind: "unavailable", isOutcomeUnknown: true });
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});

test("an endpoint where nobody listens was never reached", async () => {
  const aws = createAws({ region: "ap-northeast-2", endpoint: "http://127.0.0.1:1" });
  const failure = await aws.sts.getAccountId("observer").catch((e) => e);
  aws.destroy();
  expect(failure).toMatchObject({ code: "ECONNREFUSED", kind: "unavailable", isOutcomeUnknown: false });
});

test("an urgent read is tried again, an observer's is not", async () => {
  const { aws, fault, calls } = await startLibraryWorld();
  fault("throttle", { service: "ecr", operation: "DescribeImages" });
  await expect(aws.ecr.listTags("library-management-system", "observer")).rejects.toMatchObject({ kind: "throttled" });
  expect(calls("ecr.DescribeImages")).toBe(1);
  fault("throttle", { service: "ecr", operation: "DescribeImages", remaining: 2 });
  expect((await aws.ecr.listTags("library-management-system", "action")).tags).not.toHaveLength(0);
  expect(calls("ecr.DescribeImages")).toBe(4);
});
