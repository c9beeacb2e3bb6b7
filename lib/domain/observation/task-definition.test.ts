import { expect, test } from "vitest";
import {
  type ContainerSummary,
  diffTaskDefinitions,
  findMainContainer,
  type TaskDefinitionSummary,
} from "./task-definition.ts";

function container(changes: Partial<ContainerSummary> = {}): ContainerSummary {
  return {
    name: "web",
    image: "library:1.0.0@sha256:aa",
    essential: true,
    cpu: null,
    memory: 512,
    ports: ["8081/tcp"],
    environment: [
      { name: "SPRING_PROFILES_ACTIVE", fingerprint: "f1" },
      { name: "LOG_LEVEL", fingerprint: "f2" },
    ],
    secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:ap-northeast-2:123456789012:parameter/db" }],
    logGroup: "/ecs/library",
    logStreamPrefix: "ecs",
    ...changes,
  };
}

function definition(changes: Partial<TaskDefinitionSummary> = {}): TaskDefinitionSummary {
  return {
    arn: null,
    family: "library",
    cpu: "256",
    memory: "512",
    networkMode: "awsvpc",
    taskRoleArn: null,
    executionRoleArn: null,
    containers: [container()],
    ...changes,
  };
}

test("equal definitions differ in nothing, whatever their ARNs", () => {
  expect(diffTaskDefinitions(definition({ arn: "a" }), definition({ arn: "b" }))).toEqual([]);
});

test("shows image, environment names, secrets' references, CPU, memory and ports", () => {
  const after = definition({
    cpu: "512",
    memory: "1024",
    containers: [
      container({
        image: "library:1.1.0@sha256:bb",
        ports: [],
        environment: [
          { name: "LOG_LEVEL", fingerprint: "f3" },
          { name: "FEATURE", fingerprint: "f4" },
        ],
        secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:other" }],
      }),
    ],
  });
  expect(diffTaskDefinitions(definition(), after)).toEqual([
    { field: "CPU", before: "256", after: "512" },
    { field: "Memory", before: "512", after: "1024" },
    { field: "web: image", before: "library:1.0.0@sha256:aa", after: "library:1.1.0@sha256:bb" },
    { field: "web: ports", before: "8081/tcp", after: null },
    { field: "web: environment SPRING_PROFILES_ACTIVE", before: "set", after: null },
    { field: "web: environment LOG_LEVEL", before: "set", after: "changed" },
    { field: "web: environment FEATURE", before: null, after: "set" },
    {
      field: "web: secret DB_PASSWORD",
      before: "arn:aws:ssm:ap-northeast-2:123456789012:parameter/db",
      after: "arn:other",
    },
  ]);
});

test("a container that comes or goes shows field by field", () => {
  const fields = diffTaskDefinitions(
    definition(),
    definition({ containers: [container(), container({ name: "agent" })] }),
  );
  expect(fields.every((change) => change.field.startsWith("agent: ") && change.before === null)).toBe(true);
  expect(fields.length).toBeGreaterThan(3);
});

test("the main container is the named one, else the first essential one", () => {
  const two = definition({ containers: [container({ name: "init", essential: false }), container({ name: "web" })] });
  expect(findMainContainer(two, "init")?.name).toBe("init");
  expect(findMainContainer(two, null)?.name).toBe("web");
  expect(findMainContainer(two, "absent")).toBeNull();
  expect(findMainContainer(definition({ containers: [] }), null)).toBeNull();
});
