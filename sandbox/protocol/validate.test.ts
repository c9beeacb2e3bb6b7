import { describe, expect, it } from "vitest";
import { WIRE_SERVICES } from "./aws-services.ts";
import constraints from "./constraints.json" with { type: "json" };
import { findOperationSchema } from "./operation-schema.ts";
import { validateInput } from "./validate.ts";

interface Limits {
  enum?: string;
  min?: number;
  max?: number;
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
        if (enumName) expect(Object.keys(sdk[enumName] as object), enumName).not.toHaveLength(0);
      }
    }
  });

  it.each([
    ["ecs", "ListTasks", { cluster: "c", desiredStatus: "RUNNING" }],
    ["ecs", "CreateService", { serviceName: "a", tags: [{ key: "k", value: "" }] }],
    ["elbv2", "CreateTargetGroup", { Name: "a", Port: 65_535, HealthCheckIntervalSeconds: 5 }],
    ["logs", "GetLogEvents", { logStreamName: "s", limit: 10_000 }],
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
      "StartLiveTail",
      { logGroupIdentifiers: [] },
      "Value at 'logGroupIdentifiers' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
  ])("refuses a %s %s outside its model", async (service, operation, input, expected) => {
    expect(await violations(service, operation, input)).toBe(`1 validation error detected: ${expected}`);
  });
});
