import { expect, test } from "vitest";
import { logsOf } from "../gather/task-logs.ts";
import { logDestinationOf } from "./log-destination.ts";

const TASK = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

type Options = Record<string, string>;

test.each<[string, string, Options, { group: string; stream: string } | null]>([
  [
    "awslogs with a prefix",
    "awslogs",
    { "awslogs-group": "/ecs/a", "awslogs-stream-prefix": "ecs" },
    { group: "/ecs/a", stream: `ecs/library/${TASK}` },
  ],
  [
    "awslogs without a prefix, on an instance",
    "awslogs",
    { "awslogs-group": "/ecs/a" },
    { group: "/ecs/a", stream: "docker-id" },
  ],
  [
    "FireLens with a prefix",
    "awsfirelens",
    { Name: "cloudwatch_logs", log_group_name: "/ecs/f", log_stream_prefix: "app/" },
    { group: "/ecs/f", stream: `app/library-firelens-${TASK}` },
  ],
  [
    "FireLens with the older plug-in",
    "awsfirelens",
    { Name: "cloudwatch", log_group_name: "/ecs/f", log_stream_prefix: "app-" },
    { group: "/ecs/f", stream: `app-library-firelens-${TASK}` },
  ],
  [
    "FireLens with one stream for all",
    "awsfirelens",
    { Name: "cloudwatch_logs", log_group_name: "/ecs/f", log_stream_name: "blue" },
    { group: "/ecs/f", stream: "blue" },
  ],
  [
    "FireLens with a stream that it makes up itself",
    "awsfirelens",
    { Name: "cloudwatch_logs", log_group_name: "/ecs/f", log_stream_name: "$(ecs_task_id)" },
    null,
  ],
  ["FireLens to somewhere else", "awsfirelens", { Name: "firehose", delivery_stream: "x" }, null],
  ["another driver", "splunk", { "splunk-url": "x" }, null],
])("%s", (_, driver, options, expected) => {
  const container = { name: "library", essential: true, ...logDestinationOf("library", driver, options) };
  const task = { id: TASK, containers: [{ name: "library", lastStatus: "RUNNING", runtimeId: "docker-id" }] };
  const { logs, logStream } = logsOf(
    { container: null, logGroup: null, region: "eu-central-1", accountId: "1" },
    task,
    { containers: [container as never] },
  );
  expect(logs).toEqual(expected ? [{ container: "library", ...expected }] : undefined);
  expect(logStream).toBe(expected?.stream);
});

test("a container that does not run yet has no stream, and every container has its own group", () => {
  const router = {
    name: "router",
    essential: true,
    ...logDestinationOf("router", "awslogs", { "awslogs-group": "/r", "awslogs-stream-prefix": "r" }),
  };
  const library = {
    name: "library",
    essential: true,
    ...logDestinationOf("library", "awslogs", { "awslogs-group": "/l" }),
  };
  const task = (runtimeId?: string) => ({
    id: TASK,
    containers: [{ name: "library", lastStatus: "PENDING", ...(runtimeId ? { runtimeId } : {}) }],
  });
  const definition = { containers: [router, library] as never[] };
  const application = { container: "library", logGroup: null, region: "eu-central-1", accountId: "1" };
  expect(logsOf(application, task(), definition).logs).toEqual([
    { container: "router", group: "/r", stream: `r/router/${TASK}` },
  ]);
  expect(logsOf(application, task("d1"), definition)).toMatchObject({
    logGroup: "/l",
    logStream: "d1",
    logs: [{ container: "library" }, { container: "router" }],
  });
});

test.each([
  ["awslogs", "awslogs-region"],
  ["awsfirelens", "region"],
])("%s in another Region is told with its ARN, in the partition of that Region", (driver, option) => {
  const application = { container: null, logGroup: null, region: "cn-north-1", accountId: "123456789012" };
  const task = { id: TASK, containers: [] };
  const groupIn = (region: string) => {
    const group = driver === "awslogs" ? "awslogs-group" : "log_group_name";
    const prefix = driver === "awslogs" ? "awslogs-stream-prefix" : "log_stream_prefix";
    const options = { Name: "cloudwatch", [group]: "/g", [prefix]: "p", [option]: region };
    const container = { name: "library", essential: true, ...logDestinationOf("library", driver, options) } as never;
    const read = logsOf(application, task, { containers: [container] });
    expect(read.logs?.[0]?.group).toBe(read.logGroup);
    return read.logGroup;
  };
  expect(groupIn("cn-north-1")).toBe("/g");
  expect(groupIn("cn-northwest-1")).toBe("arn:aws-cn:logs:cn-northwest-1:123456789012:log-group:/g");
  // What no SDK could call is read as none: it would become part of a host's name.
  for (const region of ["us-east-1.example.com", "", "US-EAST-1", "x/y", "$(region)"])
    expect(groupIn(region)).toBe("/g");
});
