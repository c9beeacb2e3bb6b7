import type * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { BLUE_GROUP, createFixture } from "./ecs-fixture.ts";

const NETWORK = { awsvpcConfiguration: { subnets: ["subnet-1"] } };
const FARGATE_SPOT = { capacityProvider: "FARGATE_SPOT", weight: 1 };
const many = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const on = (more: Partial<Ecs.AwsVpcConfiguration>) => ({
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], ...more } },
});

/** Of CreateService with a task definition that suits Fargate; AWS's words where reports quote them. */
const REFUSED: readonly [what: string, more: Partial<Ecs.CreateServiceRequest>, refusal: string | RegExp][] = [
  [
    "a launch type and capacity",
    { capacityProviderStrategy: [FARGATE_SPOT] },
    "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
  ],
  [
    "capacity of nobody",
    { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: "mine", weight: 1 }] },
    "The specified capacity provider 'mine' was not found. Specify a valid name or ARN and try again.",
  ],
  [
    "no weight",
    { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: "FARGATE" }] },
    /^There are no capacity providers in the capacity provider strategy with a weight value greater than zero/,
  ],
  [
    "two bases",
    {
      launchType: undefined,
      capacityProviderStrategy: [
        { ...FARGATE_SPOT, base: 1 },
        { capacityProvider: "FARGATE", base: 1 },
      ],
    },
    /^There are multiple capacity providers in the specified capacity provider strategy with a base value defined/,
  ],
  [
    "a place on Fargate",
    { placementStrategy: [{ type: "random" }] },
    "Placement strategies are not supported with FARGATE launch type.",
  ],
  [
    "a place apart on Fargate",
    { placementConstraints: [{ type: "distinctInstance" }] },
    "Placement constraints are not supported with FARGATE launch type.",
  ],
  [
    "a platform on EC2",
    { launchType: "EC2", platformVersion: "LATEST" },
    "The platform version must be null when specifying an EC2 launch type.",
  ],
  ["a platform that there is not", { platformVersion: "9.9.9" }, "The specified platform does not exist."],
  [
    "a public address on EC2",
    { launchType: "EC2", ...on({ assignPublicIp: "ENABLED" }) },
    "Assign public IP is not supported for this launch type.",
  ],
  [
    "packing by name",
    { launchType: "EC2", placementStrategy: [{ type: "binpack", field: "host" }] },
    "binpack field 'host' is invalid.",
  ],
  [
    "commands without a role",
    { enableExecuteCommand: true },
    /^The service couldn't be created because a valid taskRoleArn is not being specified/,
  ],
  [
    "a role of its own",
    { role: "ecsServiceRole" },
    "You cannot specify an IAM role for services that require a service linked role.",
  ],
  ["no subnet", on({ subnets: [] }), "subnets can not be empty."],
  ["too many subnets", on({ subnets: many("subnet", 17) }), "subnets can have at most 16 items."],
  ["too many groups", on({ securityGroups: many("sg", 6) }), "security groups can have at most 5 items."],
  ["no subnet's name", on({ subnets: ["hello"] }), /\(ErrorCode: InvalidSubnetID\.Malformed\)$/],
  [
    "nothing to replace with",
    { deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 100 } },
    "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
  ],
  [
    "nothing to run while it is deployed",
    { deploymentConfiguration: { maximumPercent: 0, minimumHealthyPercent: 0 } },
    "maximumPercent must be greater than 0.",
  ],
  [
    "more than all",
    { deploymentConfiguration: { minimumHealthyPercent: 150 } },
    "minimumHealthyPercent must be at most 100.",
  ],
  [
    "a group twice",
    {
      loadBalancers: [1, 2].map(() => ({ targetGroupArn: BLUE_GROUP, containerName: "library", containerPort: 8081 })),
    },
    `Duplicate targetGroupArn found: ${BLUE_GROUP}`,
  ],
  [
    "AWS's own tags",
    { tags: [{ key: "aws:team", value: "a" }] },
    "Tag keys starting with 'aws:' are reserved for system use.",
  ],
];

test.each(REFUSED)("a service is refused %s", (_, more, words) => {
  const fixture = createFixture();
  const taskDefinition = fixture.register("1.0.0");
  expect(() => fixture.createService(taskDefinition, more)).toThrow(words);
  expect(fixture.call("ListServices", { cluster: "main" })).toMatchObject({ serviceArns: [] });
});

test("a capacity provider strategy is told in place of the launch type", () => {
  const fixture = createFixture();
  const capacity = { launchType: undefined, capacityProviderStrategy: [FARGATE_SPOT] };
  fixture.createService(fixture.register("1.0.0"), capacity);
  expect(fixture.service()).toMatchObject({ capacityProviderStrategy: [FARGATE_SPOT], platformFamily: "Linux" });
  expect(fixture.service().launchType).toBeUndefined();
  fixture.update({ forceNewDeployment: true });
  expect(fixture.service().deployments?.[0]).toMatchObject({ capacityProviderStrategy: [FARGATE_SPOT] });
});

test("a task is refused what a service is", () => {
  const fixture = createFixture();
  const taskDefinition = fixture.register("1.0.0");
  const run = (more: object) => fixture.call("RunTask", { cluster: "main", taskDefinition, ...more });
  expect(() => run({ launchType: "FARGATE" })).toThrow(
    "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
  );
  expect(() => run({ networkConfiguration: NETWORK, platformVersion: "LATEST" })).toThrow(
    "The platform version must be null when specifying an EC2 launch type.",
  );
});

const SERVICE = "arn:aws:ecs:ap-northeast-2:123456789012:service/main/web";
test.each([
  [
    "Region",
    SERVICE.replace("ap-northeast-2", "us-east-1"),
    "Identifier is for us-east-1. Your region is ap-northeast-2",
  ],
  [
    "account",
    SERVICE.replace("123456789012", "999999999999"),
    "Identifier is for 999999999999. Your accountId is 123456789012",
  ],
  ["cluster", SERVICE.replace("main", "other"), "Identifier is for cluster other. Your cluster is main"],
])("an ARN of another %s names nothing here", (_, arn, words) => {
  const fixture = createFixture();
  fixture.createService(fixture.register("1.0.0"));
  expect(() => fixture.call("DescribeServices", { cluster: "main", services: [arn] })).toThrow(words);
  expect(() => fixture.call("UpdateService", { cluster: "main", service: arn, desiredCount: 1 })).toThrow(words);
  expect(() => fixture.call("DescribeServices", { cluster: "main", services: [SERVICE] })).not.toThrow();
});
