import { describe, expect, it } from "vitest";
import { WIRE_SERVICES } from "./aws-services.ts";
import constraints from "./constraints.json" with { type: "json" };
import { findOperationSchema } from "./operation-schema.ts";
import { validateInput } from "./validate.ts";

interface Limits {
  enum?: string;
  min?: number;
  max?: number;
  pattern?: string;
  each?: Limits;
}

const TABLES: Readonly<Record<string, Record<string, Record<string, Limits>>>> = constraints;

async function violations(serviceName: string, operation: string, input: object): Promise<string> {
  const service = WIRE_SERVICES.find((candidate) => candidate.name === serviceName);
  const schema = service && (await findOperationSchema(service, operation));
  if (!service || !schema) throw new Error("no such operation");
  return validateInput(service, schema.input, input).then(
    () => "",
    (error: Error) => error.message,
  );
}

describe("validation", () => {
  it.each(WIRE_SERVICES)("knows only shapes, members and enums that the SDK of $name has", async (service) => {
    const sdk = await service.loadSdk();
    for (const [shape, members] of Object.entries(TABLES[service.name] ?? {})) {
      const schema = sdk[`${shape}$`] as unknown[];
      expect(schema?.[2], shape).toBe(shape);
      for (const [member, limits] of Object.entries(members)) {
        expect(schema[4], shape).toContain(member);
        const enumName = limits.enum ?? limits.each?.enum;
        for (const pattern of [limits.pattern, limits.each?.pattern])
          if (pattern !== undefined)
            expect(() => new RegExp(pattern, pattern.includes("\\p{") ? "u" : "")).not.toThrow();
        if (enumName) expect(Object.keys(sdk[enumName] as object), enumName).not.toHaveLength(0);
      }
    }
  });

  it.each([
    ["ecs", "ListTasks", { cluster: "c", desiredStatus: "RUNNING" }],
    ["ecs", "CreateService", { serviceName: "a", tags: [{ key: "k", value: "" }] }],
    ["elbv2", "CreateTargetGroup", { Name: "a", Port: 65_535, HealthCheckIntervalSeconds: 5 }],
    ["logs", "GetLogEvents", { logStreamName: "s", limit: 10_000 }],
    ["logs", "GetLogEvents", { logGroupName: "/ecs/a.b_c-d#1", logStreamName: "ecs/app/0123" }],
    ["ecs", "TagResource", { resourceArn: "a", tags: [{ key: "팀 a_b.c:/=+-@", value: "" }] }],
  ])("accepts a valid %s %s", async (service, operation, input) => {
    expect(await violations(service, operation, input)).toBe("");
  });

  it.each([
    [
      "ecs",
      "ListTasks",
      { desiredStatus: "ALIVE" },
      "Value 'ALIVE' at 'desiredStatus' failed to satisfy constraint: Member must satisfy enum value set: [PENDING, RUNNING, STOPPED]",
    ],
    [
      "ecs",
      "DescribeTasks",
      { tasks: ["a"], include: ["TAGS", "X"] },
      "Value 'X' at 'include.2.member' failed to satisfy constraint: Member must satisfy enum value set: [TAGS]",
    ],
    [
      "ecs",
      "CreateService",
      { serviceName: "a", tags: [{ key: "" }] },
      "Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "elbv2",
      "CreateTargetGroup",
      { Name: "a", HealthCheckIntervalSeconds: 4 },
      "Value '4' at 'healthCheckIntervalSeconds' failed to satisfy constraint: Member must have value greater than or equal to 5",
    ],
    [
      "elbv2",
      "RegisterTargets",
      { TargetGroupArn: "a", Targets: [{ Port: 1 }] },
      "Value null at 'targets.1.member.id' failed to satisfy constraint: Member must not be null",
    ],
    [
      "logs",
      "GetLogEvents",
      { logGroupName: "a b", logStreamName: "s" },
      "Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    ],
    [
      "logs",
      "GetLogEvents",
      { logStreamName: "s", startTime: -1 },
      "Value '-1' at 'startTime' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
    [
      "logs",
      "FilterLogEvents",
      { logStreamNames: ["a", "b:*"] },
      "Value 'b:*' at 'logStreamNames.2.member' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*",
    ],
    [
      "elbv2",
      "CreateRule",
      {
        ListenerArn: "a",
        Conditions: [],
        Priority: 1,
        Actions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", Protocol: "TCP" } }],
      },
      "Value 'TCP' at 'actions.1.member.redirectConfig.protocol' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(HTTPS?|#\\{protocol\\})$",
    ],
    [
      "elbv2",
      "AddTags",
      { ResourceArns: ["a"], Tags: [{ Key: "team", Value: "a&b" }] },
      "Value 'a&b' at 'tags.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$",
    ],
    [
      "ecs",
      "TagResource",
      { resourceArn: "a", tags: [{ key: "team?", value: "" }] },
      "Value 'team?' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)",
    ],
    [
      "ecr",
      "DescribeImages",
      { repositoryName: "Library" },
      "Value 'Library' at 'repositoryName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
    ],
    [
      "codedeploy",
      "CreateDeploymentGroup",
      {
        applicationName: "a",
        deploymentGroupName: "b",
        serviceRoleArn: "r",
        deploymentStyle: { deploymentOption: "YES" },
      },
      "Value 'YES' at 'deploymentStyle.deploymentOption' failed to satisfy constraint: Member must satisfy enum value set: [WITHOUT_TRAFFIC_CONTROL, WITH_TRAFFIC_CONTROL]",
    ],
    [
      "acm",
      "RequestCertificate",
      { DomainName: "a_b.example.com" },
      "Value 'a_b.example.com' at 'domainName' failed to satisfy constraint: Member must satisfy regular expression pattern: (\\*\\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])",
    ],
    [
      "logs",
      "StartLiveTail",
      { logGroupIdentifiers: [] },
      "Value at 'logGroupIdentifiers' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
  ])("refuses a %s %s outside its model", async (service, operation, input, expected) => {
    expect(await violations(service, operation, input)).toBe(`1 validation error detected: ${expected}`);
  });

  it.each([
    [
      "CreateApplication",
      { applicationName: "a".repeat(101), computePlatform: "ECS" },
      "InvalidApplicationNameException",
    ],
    ["CreateApplication", { applicationName: "a", computePlatform: "EKS" }, "InvalidComputePlatformException"],
    ["GetDeploymentGroup", { applicationName: "a", deploymentGroupName: "" }, "InvalidDeploymentGroupNameException"],
    ["ListDeployments", { includeOnlyStatuses: ["Done"] }, "InvalidDeploymentStatusException"],
    ["ContinueDeployment", { deploymentWaitType: "WAIT" }, "InvalidDeploymentWaitTypeException"],
    ["PutLifecycleEventHookExecutionStatus", { status: "DONE" }, "InvalidLifecycleEventHookExecutionStatusException"],
  ])("%s of CodeDeploy names the member that does not fit by its error", async (operation, input, code) => {
    const service = WIRE_SERVICES.find(({ name }) => name === "codedeploy");
    const schema = service && (await findOperationSchema(service, operation));
    if (!service || !schema) throw new Error("no such operation");
    await expect(validateInput(service, schema.input, input)).rejects.toMatchObject({ code });
  });
});
