import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ContainerSummary,
  diffTaskDefinitions,
  findMainContainer,
  type TaskDefinitionSummary,
} from "./task-definition.ts";
import { taskDefinitionFields } from "./task-definition-fields.ts";

type Raw = Record<string, unknown>;

const CONTAINER = {
  name: "web",
  image: "library:1.0.0@sha256:aa",
  essential: true,
  portMappings: [{ containerPort: 8081, protocol: "tcp" }],
  environment: [
    { name: "SPRING_PROFILES_ACTIVE", value: "production" },
    { name: "LOG_LEVEL", value: "info-secret" },
  ],
  secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:ap-northeast-2:123456789012:parameter/db" }],
  logConfiguration: {
    logDriver: "awslogs",
    options: { "awslogs-group": "/ecs/library", "awslogs-stream-prefix": "ecs" },
  },
};
const DEFINITION = {
  family: "library",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  containerDefinitions: [CONTAINER],
};

/** As told of the value, but not the value. */
const fingerprint = (value: string) => `f${[...value].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1e9, 7)}`;
const read = (definition: Raw) => ({ fields: taskDefinitionFields(definition, fingerprint) });
const diff = (before: Raw, after: Raw) => diffTaskDefinitions(read(before), read(after));
const withContainer = (changes: Raw, definition: Raw = {}) => ({
  ...DEFINITION,
  ...definition,
  containerDefinitions: [{ ...CONTAINER, ...changes }],
});

test("equal definitions differ in nothing, whatever only a registered one has, and empty is absent", () => {
  const registered = {
    taskDefinitionArn: "a",
    revision: 3,
    status: "INACTIVE",
    registeredAt: 5,
    requiresAttributes: [{}],
  };
  expect(diff(DEFINITION, { ...registered, ...withContainer({ mountPoints: [], dockerLabels: {} }) })).toEqual([]);
});

test("shows image, environment names, secrets' references, CPU, memory and ports", () => {
  const after = withContainer(
    {
      image: "library:1.1.0@sha256:bb",
      portMappings: [],
      environment: [
        { name: "LOG_LEVEL", value: "debug-secret" },
        { name: "FEATURE", value: "on-secret" },
      ],
      secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:other" }],
    },
    { cpu: "512", memory: "1024" },
  );
  const changes = diff(DEFINITION, after);
  expect(changes).toEqual([
    { field: "CPU", before: "256", after: "512" },
    { field: "Memory", before: "512", after: "1024" },
    { field: "web: image", before: "library:1.0.0@sha256:aa", after: "library:1.1.0@sha256:bb" },
    { field: "web: environment LOG_LEVEL", before: "set", after: "changed" },
    { field: "web: environment FEATURE", before: null, after: "set" },
    {
      field: "web: secrets DB_PASSWORD",
      before: "arn:aws:ssm:ap-northeast-2:123456789012:parameter/db",
      after: "arn:other",
    },
    { field: "web: port mappings 8081/tcp", before: "protocol tcp", after: null },
    { field: "web: environment SPRING_PROFILES_ACTIVE", before: "set", after: null },
  ]);
  expect(JSON.stringify(changes)).not.toMatch(/-secret|production/);
});

test("every field that people have in a task definition is one line", () => {
  const after = withContainer(
    {
      command: ["serve", "--port", "8081"],
      entryPoint: ["/bin/sh", "-c"],
      healthCheck: { command: ["CMD-SHELL", "curl -f localhost"], interval: 30 },
      stopTimeout: 120,
      readonlyRootFilesystem: true,
      user: "1000",
      ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 4096 }],
      environmentFiles: [{ type: "s3", value: "arn:aws:s3:::bucket/file.env" }],
      mountPoints: [{ sourceVolume: "data", containerPath: "/data", readOnly: true }],
      dependsOn: [{ containerName: "init", condition: "SUCCESS" }],
      linuxParameters: { initProcessEnabled: true },
    },
    {
      volumes: [{ name: "data", efsVolumeConfiguration: { fileSystemId: "fs-1", transitEncryption: "ENABLED" } }],
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      ephemeralStorage: { sizeInGiB: 30 },
      proxyConfiguration: {
        type: "APPMESH",
        containerName: "envoy",
        properties: [{ name: "IgnoredUID", value: "1337" }],
      },
      pidMode: "task",
      tags: [{ key: "team", value: "library" }],
    },
  );
  const added = diff(DEFINITION, after);
  expect(added.map(({ field, after: now }) => `${field} = ${now}`)).toEqual([
    'web: command = ["serve","--port","8081"]',
    'web: entry point = ["/bin/sh","-c"]',
    'web: health check = command ["CMD-SHELL","curl -f localhost"], interval 30',
    "web: stop timeout = 120",
    "web: read-only root file system = true",
    "web: user = 1000",
    "web: ulimits nofile = hard limit 4096, soft limit 1024",
    "web: environment files = type s3, value arn:aws:s3:::bucket/file.env",
    "web: mount points /data = read only true, source volume data",
    "web: depends on init = SUCCESS",
    "web: linux parameters = init process enabled true",
    "Volumes data = EFS volume configuration file system ID fs-1, transit encryption ENABLED",
    "Runtime platform = CPU architecture ARM64, operating system family LINUX",
    "Ephemeral storage = GiB 30",
    "Proxy configuration = container name envoy, properties name IgnoredUID, value 1337, type APPMESH",
    "PID mode = task",
    "Tags team = library",
  ]);
  // And what the running side would lose is told as well.
  const lost = diff(after, DEFINITION);
  expect(lost.map(({ field }) => field).sort()).toEqual(added.map(({ field }) => field).sort());
  for (const { after: now } of lost) expect(now).toBeNull();
});

describe("what may be a secret", () => {
  test.each([
    [
      "log options of other drivers",
      { logConfiguration: { logDriver: "splunk", options: { "splunk-token": "hunter2" } } },
    ],
    ["FireLens options", { firelensConfiguration: { type: "fluentbit", options: { apikey: "hunter2" } } }],
    ["docker labels", { dockerLabels: { "com.example.auth": "hunter2" } }],
    ["a field that nobody knows", { futureThing: { apiToken: "hunter2", deeper: [{ password: "hunter2" }] } }],
    ["environment of a field that nobody knows", { sidecar: { environment: [{ name: "A", value: "hunter2" }] } }],
    [
      "environment entries with more than a value",
      { environment: [{ name: "A", value: "hunter2", future: "hunter2" }] },
    ],
  ])("%s: never shown, its change is", (_, container) => {
    const before = withContainer(container);
    const after = withContainer(JSON.parse(JSON.stringify(container).replaceAll("hunter2", "hunter3")));
    const changes = diff(before, after);
    expect(changes.length).toBeGreaterThan(0);
    expect(JSON.stringify([changes, read(before), read(after)])).not.toContain("hunter");
    expect(changes.map((change) => change.after)).toContain("changed");
  });
});

test("another order alone is a change that is told", () => {
  const two = { ...DEFINITION, containerDefinitions: [CONTAINER, { ...CONTAINER, name: "agent" }] };
  const turned = { ...two, containerDefinitions: two.containerDefinitions.toReversed() };
  expect(diff(two, turned)).toEqual([{ field: "Order of entries", before: "set", after: "changed" }]);
});

test("for any two definitions, nothing changes is said exactly when they are equal", () => {
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("a", "b", 1, 2, true, null, "1"),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom("name", "value", "environment", "user", "options", "key", "futureField"),
        tie("value"),
        { maxKeys: 4 },
      ),
    ),
  })).value;
  const definition = fc.record({
    family: fc.constantFrom("a", "b"),
    volumes: json,
    futureField: json,
    containerDefinitions: fc.array(
      fc.record({ name: fc.constantFrom("web", "agent"), environment: json, user: json }),
      { maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(definition, definition, (before, after) => {
      const isEqual = JSON.stringify(normal(before)) === JSON.stringify(normal(after));
      expect(diff(before, after).length === 0).toBe(isEqual);
      expect(diff(before, structuredClone(before))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

/** Empty is absent, and members have no order. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  const isEmpty = (inner: unknown): boolean =>
    inner === null ||
    (typeof inner === "object" &&
      inner !== null &&
      Object.values(inner).every((one) => !Array.isArray(inner) && isEmpty(one)) &&
      (!Array.isArray(inner) || inner.length === 0));
  return Object.entries(value)
    .filter(([, inner]) => !isEmpty(inner))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([member, inner]) => [member, normal(inner)]);
}

test("the main container is the named one, else the first essential one", () => {
  const container = (name: string, essential = true): ContainerSummary => ({
    name,
    image: "library:1",
    essential,
    logGroup: null,
    logStreamPrefix: null,
  });
  const summary = (containers: ContainerSummary[]): TaskDefinitionSummary => ({
    arn: null,
    family: "library",
    cpu: null,
    memory: null,
    containers,
  });
  const two = summary([container("init", false), container("web")]);
  expect(findMainContainer(two, "init")?.name).toBe("init");
  expect(findMainContainer(two, null)?.name).toBe("web");
  expect(findMainContainer(summary([container("init", false)]), null)?.name).toBe("init");
  // Two essential ones: guessing would send a release to somebody's proxy.
  expect(findMainContainer(summary([container("envoy"), container("web")]), null)).toBeNull();
  expect(findMainContainer(two, "absent")).toBeNull();
  expect(findMainContainer(summary([]), null)).toBeNull();
});
