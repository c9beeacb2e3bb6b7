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

/** Every list that RegisterTaskDefinition takes, by whether AWS makes anything of its order. */
const TWO = {
  without: [
    { requiresCompatibilities: ["EC2", "FARGATE"] },
    { containerDefinitions: [CONTAINER, { ...CONTAINER, name: "agent" }] },
    { volumes: [{ name: "a" }, { name: "b", host: { sourcePath: "/b" } }] },
    {
      placementConstraints: [
        { type: "memberOf", expression: "a" },
        { type: "memberOf", expression: "b" },
      ],
    },
    {
      proxyConfiguration: {
        containerName: "envoy",
        properties: [
          { name: "AppPorts", value: "1" },
          { name: "EgressIgnoredIPs", value: "2" },
        ],
      },
    },
    {
      tags: [
        { key: "a", value: "1" },
        { key: "b", value: "2" },
      ],
    },
    ...[
      { environment: CONTAINER.environment },
      { secrets: [...CONTAINER.secrets, { name: "B", valueFrom: "arn:b" }] },
      {
        portMappings: [
          { containerPort: 53, protocol: "tcp" },
          { containerPort: 53, protocol: "udp" },
          { containerPort: 80 },
        ],
      },
      {
        dependsOn: [
          { containerName: "a", condition: "START" },
          { containerName: "b", condition: "HEALTHY" },
        ],
      },
      {
        ulimits: [
          { name: "nofile", softLimit: 1 },
          { name: "core", softLimit: 2 },
        ],
      },
      {
        mountPoints: [
          { containerPath: "/a", sourceVolume: "a" },
          { containerPath: "/b", sourceVolume: "b" },
        ],
      },
      {
        systemControls: [
          { namespace: "a", value: "1" },
          { namespace: "b", value: "2" },
        ],
      },
      {
        extraHosts: [
          { hostname: "a", ipAddress: "10.0.0.1" },
          { hostname: "b", ipAddress: "10.0.0.2" },
        ],
      },
      {
        resourceRequirements: [
          { type: "GPU", value: "1" },
          { type: "InferenceAccelerator", value: "d" },
        ],
      },
      { volumesFrom: [{ sourceContainer: "a" }, { sourceContainer: "b" }] },
      { links: ["a", "b:c"] },
      { dockerSecurityOptions: ["no-new-privileges", "label:a"] },
      { restartPolicy: { enabled: true, ignoredExitCodes: [0, 143] } },
      { linuxParameters: { capabilities: { add: ["SYS_PTRACE", "NET_ADMIN"], drop: ["MKNOD", "CHOWN"] } } },
      {
        linuxParameters: {
          tmpfs: [
            { containerPath: "/a", size: 1 },
            { containerPath: "/b", size: 2 },
          ],
        },
      },
      {
        logConfiguration: {
          logDriver: "splunk",
          secretOptions: [
            { name: "a", valueFrom: "arn:a" },
            { name: "b", valueFrom: "arn:b" },
          ],
        },
      },
    ].map((container) => withContainer(container)),
  ] as Raw[],
  with: [
    { command: ["serve", "now"] },
    { entryPoint: ["sh", "-c"] },
    { healthCheck: { command: ["CMD", "true"] } },
    {
      environmentFiles: [
        { type: "s3", value: "arn:a" },
        { type: "s3", value: "arn:b" },
      ],
    },
    { dnsServers: ["10.0.0.2", "10.0.0.3"] },
    { dnsSearchDomains: ["a", "b"] },
    // Of two entries of one name the last counts.
    {
      environment: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    },
  ].map((container) => withContainer(container)) as Raw[],
};

/** Every list in it turned round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned).toReversed();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, turned(inner)]));
}

test.each(TWO.without.map((changes) => [JSON.stringify(changes).slice(0, 60), changes]))(
  "an order that means nothing is no change: %s",
  (_, changes) => {
    const is = { ...DEFINITION, ...(changes as Raw) };
    // Only the words of commands have an order in these, and none has any.
    expect(diff(is, turned(is) as Raw)).toEqual([]);
    const fewer = JSON.parse(JSON.stringify(is), (_name, inner) =>
      Array.isArray(inner) && inner.length > 1 ? inner.slice(1) : inner,
    );
    expect(diff(is, fewer)).not.toEqual([]);
  },
);

test.each(TWO.with.map((changes) => [JSON.stringify(changes.containerDefinitions).slice(-90), changes]))(
  "an order that means something is a change: %s",
  (_, changes) => {
    const is = { ...DEFINITION, ...(changes as Raw) };
    expect(diff(is, turned(is) as Raw)).not.toEqual([]);
  },
);

test("what people may call anything is told by its own name", () => {
  const labels = JSON.parse('{"constructor":"a","__proto__":"b","toString":"c"}');
  const fields = read(
    withContainer({
      dockerLabels: labels,
      constructor: "x",
      futureThing: { valueOf: 1, hasOwnProperty: [{ name: "a" }] },
    }),
  ).fields;
  expect(fields.map(({ field, text }) => (text === undefined ? field : `${field} = ${text}`))).toEqual(
    expect.arrayContaining([
      "web: docker labels constructor",
      "web: docker labels __proto__",
      "web: docker labels toString",
      "web: constructor = x",
      "web: future thing = has own property name a, value of 1",
    ]),
  );
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

/** Empty is absent, and neither members nor entries with names of their own have an order. */
function normal(value: unknown, list = ""): unknown {
  if (Array.isArray(value)) {
    const entries = value.map((entry) => [entry?.name, normal(entry)] as const);
    const names = entries.map(([name]) => (typeof name === "string" || typeof name === "number" ? `${name}` : null));
    const isNamed = ["volumes", "environment", "containerDefinitions"].includes(list);
    const isTold = isNamed && !names.includes(null) && new Set(names).size === names.length;
    return (isTold ? entries.toSorted(([a], [b]) => (`${a}` < `${b}` ? -1 : 1)) : entries).map(([, entry]) => entry);
  }
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
    .map(([member, inner]) => [member, normal(inner, member)]);
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

test.each([
  ["command", ["serve", "--dsn", "postgres://kim:hunter2@db/library"]],
  ["command", ["serve", "--db-password", "hunter2"]],
  ["entryPoint", ["sh", "-c", "PASSWORD=hunter2 serve"]],
  ["healthCheck", { command: ["CMD-SHELL", "curl -H 'Authorization: Bearer hunter2hunter2hunter2' localhost"] }],
  ["user", "https://kim:hunter2@example.com"],
])("what logs would mask is not shown in %s either, and its change is told", (member, value) => {
  const [before, after] = [value, JSON.parse(JSON.stringify(value).replaceAll("hunter2", "hunter3"))];
  const changes = diff(withContainer({ [member]: before }), withContainer({ [member]: after }));
  expect(changes).toMatchObject([{ after: "changed" }]);
  expect(JSON.stringify([changes, read(withContainer({ [member]: before }))])).not.toContain("hunter");
});

test("where a secret is kept is shown", () => {
  const arn = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:registry-AbCdEf";
  const changes = diff(DEFINITION, withContainer({ repositoryCredentials: { credentialsParameter: arn } }));
  expect(changes).toEqual([
    { field: "web: repository credentials", before: null, after: `credentials parameter ${arn}` },
  ]);
});

test.each<[string, unknown, unknown, string, string]>([
  ["a space at the end", "1000", "1000 ", '"1000"', '"1000 "'],
  ["two spaces", "a b", "a  b", '"a b"', '"a  b"'],
  ["a composed letter", "\u00e9", "e\u0301", '"\\u00e9"', '"e\\u0301"'],
  ["what nobody sees", "app", "ap\u200bp", '"app"', '"ap\\u200bp"'],
])("values that look alike are told apart: %s", (_, before, after, was, is) => {
  expect(diff(withContainer({ user: before }), withContainer({ user: after }))).toEqual([
    { field: "web: user", before: was, after: is },
  ]);
});

test.each([
  [[{ name: "A", value: "" }], [{ name: "A" }]],
  [[{ name: "A" }], [{ name: "A", value: "1" }]],
])("no line says the same before and after: %j, %j", (before, after) => {
  const [change, ...others] = diff(withContainer({ environment: before }), withContainer({ environment: after }));
  expect(others).toEqual([]);
  expect(change).toMatchObject({ before: "set", after: "changed" });
});
