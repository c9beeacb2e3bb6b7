import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CodeDeployClient, GetDeploymentGroupCommand } from "@aws-sdk/client-codedeploy";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client, ModifyListenerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, onTestFinished, test } from "vitest";
import { createSandbox } from "../sandbox.ts";
import { ADMINISTRATOR_KEY, createAuthorizer } from "./authorizer.ts";
import { type AskedAction, appliesTo, matchesArn } from "./matching.ts";
import { parsePolicy } from "./policy-document.ts";

const PLACE = { accountId: "123456789012", region: "ap-northeast-2" };
const WHO = "User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform:";

function policy(...Statement: object[]) {
  return { Version: "2012-10-17", Statement };
}

async function startDenying(document: unknown, accessKeyId = "product") {
  const sandbox = await createSandbox({ seed: false, throttling: false, policy: document, ecs: { virtual: true } });
  onTestFinished(() => sandbox.close());
  const credentials = { accessKeyId, secretAccessKey: "any" };
  return { endpoint: sandbox.url, region: "ap-northeast-2", credentials, maxAttempts: 1 };
}

describe("what a client is told", () => {
  const nothing = policy({ Effect: "Allow", Action: "iam:GetUser", Resource: "*" });
  const LISTENER = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:listener/app/a/1/2";

  test("each protocol refuses in its own form, with action, resource and reason", async () => {
    const settings = await startDenying(nothing);
    const refusals = await Promise.all(
      [
        new ECSClient(settings).send(new DescribeServicesCommand({ cluster: "main", services: ["library"] })),
        new CloudWatchLogsClient(settings).send(new FilterLogEventsCommand({ logGroupName: "/ecs/library" })),
        new ECRClient(settings).send(new DescribeImagesCommand({ repositoryName: "library" })),
        new CodeDeployClient(settings).send(
          new GetDeploymentGroupCommand({ applicationName: "shop", deploymentGroupName: "blue-green" }),
        ),
        new ElasticLoadBalancingV2Client(settings).send(new ModifyListenerCommand({ ListenerArn: LISTENER })),
        new CloudWatchClient(settings).send(new DescribeAlarmsCommand({})),
      ].map((call) =>
        (call as Promise<unknown>).then(
          () => "allowed",
          (error) => error,
        ),
      ),
    );
    const own = (service: string, rest: string) => `arn:aws:${service}:ap-northeast-2:123456789012:${rest}`;
    const told = (name: string, status: number, action: string, resource: string) => ({
      name,
      message: `${WHO} ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
      $metadata: { httpStatusCode: status },
    });
    expect(refusals).toMatchObject([
      told("AccessDeniedException", 400, "ecs:DescribeServices", own("ecs", "service/main/library")),
      told("AccessDeniedException", 400, "logs:FilterLogEvents", own("logs", "log-group:/ecs/library:log-stream:")),
      told("AccessDeniedException", 400, "ecr:DescribeImages", own("ecr", "repository/library")),
      told(
        "AccessDeniedException",
        400,
        "codedeploy:GetDeploymentGroup",
        own("codedeploy", "deploymentgroup:shop/blue-green"),
      ),
      told("AccessDenied", 403, "elasticloadbalancing:ModifyListener", LISTENER),
      told("AccessDenied", 403, "cloudwatch:DescribeAlarms", own("cloudwatch", "alarm:*")),
    ]);
  });

  test("who am I is answered to everybody, and an administrator may do everything", async () => {
    const denied = policy({ Effect: "Deny", Action: "*", Resource: "*" });
    const identity = await new STSClient(await startDenying(denied)).send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe("123456789012");
    const administrator = new CloudWatchClient(await startDenying(denied, ADMINISTRATOR_KEY));
    expect((await administrator.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  });

  test("a role is passed by whoever registers it, to the service that takes it", async () => {
    const ecs = new ECSClient(
      await startDenying(
        policy(
          { Effect: "Allow", Action: "ecs:*", Resource: "*" },
          {
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: "arn:aws:iam::123456789012:role/library-*",
            Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
          },
        ),
      ),
    );
    const register = (role: string) =>
      ecs.send(
        new RegisterTaskDefinitionCommand({
          family: "library",
          executionRoleArn: `arn:aws:iam::123456789012:role/${role}`,
          containerDefinitions: [{ name: "library", image: "library:1", memory: 128 }],
        }),
      );
    expect((await register("library-execution")).taskDefinition?.revision).toBe(1);
    await expect(register("other")).rejects.toThrow(
      `${WHO} iam:PassRole on resource: arn:aws:iam::123456789012:role/other because no identity-based policy allows the iam:PassRole action`,
    );
    const roleArn = "arn:aws:iam::123456789012:role/library-infrastructure";
    const create = new CreateServiceCommand({
      serviceName: "library",
      loadBalancers: [
        {
          targetGroupArn: "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/a/1",
          containerName: "library",
          containerPort: 80,
          advancedConfiguration: { roleArn, alternateTargetGroupArn: "b", productionListenerRule: "c" },
        },
      ],
    });
    await expect(ecs.send(create)).rejects.toThrow(`iam:PassRole on resource: ${roleArn} because`);
  });
});

describe("how a policy is judged", () => {
  const asked = (action: string, resource = "*", context: Record<string, string> = {}): AskedAction => ({
    action,
    resource,
    context,
  });
  const applies = (statement: object, to: AskedAction) =>
    parsePolicy(policy({ Effect: "Allow", Resource: "*", ...statement })).every((each) => appliesTo(each, to));

  test.each([
    ["*", "anything", true],
    ["arn:aws:ecs:*:*:service/*", "arn:aws:ecs:eu-west-1:1:service/main/library", true],
    ["arn:aws:ecs:*:*:service/*", "arn:aws:ecs:eu-west-1:1:task/main/library", false],
    ["arn:aws:ecs:*:*:service/*", "*", false],
    ["arn:aws:logs:*:*:log-group:/ecs/*", "arn:aws:logs:eu-west-1:1:log-group:/ecs/a:log-stream:b", true],
    ["arn:aws:logs:*:*:log-group:/ecs/a", "arn:aws:logs:eu-west-1:1:log-group:/ecs/a:log-stream:b", false],
    ["arn:aws:logs:*:log-group:/ecs/a:x", "arn:aws:logs:eu-west-1:1:log-group:/ecs/a:x", false],
    ["arn:aws:iam::1:role/a?c", "arn:aws:iam::1:role/abc", true],
    ["arn:aws:iam::1:role/a.c", "arn:aws:iam::1:role/abc", false],
    ["arn:aws:iam::1:role/A", "arn:aws:iam::1:role/a", false],
  ])("the resource %s is %s: %s", (pattern, arn, expected) => {
    expect(matchesArn(pattern, arn)).toBe(expected);
  });

  test.each([
    [{ Action: "ECS:describe*" }, asked("ecs:DescribeTasks"), true],
    [{ Action: ["ecs:ListTasks", "ecs:Describe*"] }, asked("ecs:DescribeTasks"), true],
    [{ Action: "ecs:DescribeTask" }, asked("ecs:DescribeTasks"), false],
    [{ NotAction: "ecs:*" }, asked("ecs:DescribeTasks"), false],
    [{ NotAction: "iam:*" }, asked("ecs:DescribeTasks"), true],
  ])("%j speaks of %j: %s", (statement, to, expected) => {
    expect(applies(statement, to)).toBe(expected);
  });

  test.each([
    [
      { StringEquals: { "iam:PassedToService": "ecs.amazonaws.com" } },
      { "iam:PassedToService": "ecs.amazonaws.com" },
      true,
    ],
    [
      { StringEquals: { "IAM:passedtoservice": ["a", "ecs.amazonaws.com"] } },
      { "iam:PassedToService": "ecs.amazonaws.com" },
      true,
    ],
    [
      { StringEquals: { "iam:PassedToService": "ECS.amazonaws.com" } },
      { "iam:PassedToService": "ecs.amazonaws.com" },
      false,
    ],
    [
      { StringEqualsIgnoreCase: { "iam:PassedToService": "ECS.amazonaws.com" } },
      { "iam:PassedToService": "ecs.amazonaws.com" },
      true,
    ],
    [{ StringEquals: { "iam:PassedToService": "ecs*" } }, { "iam:PassedToService": "ecs.amazonaws.com" }, false],
    [{ StringLike: { "iam:PassedToService": "ecs*" } }, { "iam:PassedToService": "ecs.amazonaws.com" }, true],
    [{ StringEquals: { "ecs:cluster": "a" } }, {}, false],
    [{ StringEqualsIfExists: { "ecs:cluster": "a" } }, {}, true],
    [{ StringNotEquals: { "ecs:cluster": "a" } }, {}, true],
    [{ StringNotEquals: { "ecs:cluster": ["a", "b"] } }, { "ecs:cluster": "b" }, false],
    [
      { ArnLike: { "ecs:cluster": "arn:aws:ecs:*:*:cluster/main" } },
      { "ecs:cluster": "arn:aws:ecs:r:1:cluster/main" },
      true,
    ],
    [
      { ArnNotLike: { "ecs:cluster": "arn:aws:ecs:*:*:cluster/main" } },
      { "ecs:cluster": "arn:aws:ecs:r:1:cluster/main" },
      false,
    ],
    [{ StringEquals: { a: "1" }, StringLike: { b: "2*" } }, { a: "1", b: "3" }, false],
  ])("%j holds for %j: %s", (Condition, context, expected) => {
    expect(applies({ Action: "*", Condition }, asked("ecs:X", "*", context))).toBe(expected);
  });

  test("a deny wins over every allow, and says so", () => {
    const judge = createAuthorizer(
      policy(
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "ecs:UpdateService", Resource: "arn:aws:ecs:*:*:service/main/payments" },
      ),
      PLACE,
    );
    expect(() => judge("ecs", "UpdateService", { cluster: "main", service: "library" }, null)).not.toThrow();
    expect(() => judge("ecs", "UpdateService", { cluster: "main", service: "payments" }, null)).toThrow(
      `${WHO} ecs:UpdateService on resource: arn:aws:ecs:ap-northeast-2:123456789012:service/main/payments with an explicit deny in an identity-based policy`,
    );
  });

  test.each([
    [{ Version: "2008-10-17", Statement: [] }, "Version"],
    [policy({ Effect: "allow", Action: "*", Resource: "*" }), "Effect"],
    [policy({ Effect: "Allow", Action: "DescribeServices", Resource: "*" }), "service:Action"],
    [policy({ Effect: "Allow", Action: "*" }), "either Resource or NotResource"],
    [policy({ Effect: "Allow", Action: "*", Resource: "service/*" }), "neither an ARN nor"],
    [policy({ Effect: "Allow", Action: "*", Resource: "*", Principal: "*" }), "Principal"],
    [policy({ Effect: "Allow", Action: "*", Resource: "*", Condition: { Bool: { a: "true" } } }), "Bool"],
    [policy({ Sid: "a b", Effect: "Allow", Action: "*", Resource: "*" }), "Sid"],
    [
      policy(
        { Sid: "a", Effect: "Allow", Action: "*", Resource: "*" },
        { Sid: "a", Effect: "Deny", Action: "*", Resource: "*" },
      ),
      "unique",
    ],
  ])("%j is no policy", (document, words) => {
    expect(() => createAuthorizer(document, PLACE)).toThrow(words);
  });
});
