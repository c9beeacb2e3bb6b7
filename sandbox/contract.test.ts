import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { DescribeClustersCommand, ECSClient } from "@aws-sdk/client-ecs";
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createSandbox, type Sandbox } from "./sandbox.ts";

/* What other programs may rely on, line by line, with the world that the sandbox starts with. */

interface Overview {
  listeners: Record<string, string>;
  tasks: { id: string; lastStatus: string }[];
  images: { repository: string; tag: string }[];
  faults: unknown[];
}

let sandbox: Sandbox;
let settings: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  sandbox = await createSandbox({ speed: 4 });
  const credentials = { accessKeyId: "any", secretAccessKey: "keys" };
  settings = { endpoint: sandbox.url, region: "ap-northeast-2", credentials };
  // One healthy task answers for its listener, so the listeners alone do not say that every task runs.
  await vi.waitFor(
    async () => {
      expect(await healthyListeners()).toEqual([200, 200]);
      expect(await runningTasks()).toBeGreaterThanOrEqual(4);
    },
    { timeout: 30_000, interval: 100 },
  );
});
afterAll(() => sandbox.close());

async function healthyListeners(): Promise<number[]> {
  const statuses = ["library-alb:80", "library-alb:81"].map(async (name) => {
    const response = await fetch(sandbox.listenerUrl(name));
    await response.arrayBuffer();
    return response.status;
  });
  return Promise.all(statuses);
}

async function runningTasks(): Promise<number> {
  const { tasks } = await control<Overview>("GET", "");
  return tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length;
}

async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${sandbox.url}/_sandbox${path}`, init);
  expect(response.status, `${method} ${path}`).toBe(200);
  return (await response.json()) as T;
}

const visit = async () => {
  const response = await fetch(sandbox.listenerUrl("library-alb:80"));
  return (await response.json()) as { slot: string; tag: string; task: string };
};

test("account, cluster, target groups, log group and repository have their names", async () => {
  const identity = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe("123456789012");
  const { clusters } = await new ECSClient(settings).send(
    new DescribeClustersCommand({ clusters: ["library-management-cluster"] }),
  );
  expect(clusters).toMatchObject([{ clusterName: "library-management-cluster", status: "ACTIVE" }]);
  const { TargetGroups } = await new ElasticLoadBalancingV2Client(settings).send(
    new DescribeTargetGroupsCommand({ Names: ["library-blue-tg", "library-green-tg"] }),
  );
  const group = { Port: 8081, TargetType: "ip", HealthCheckPath: "/actuator/health" };
  expect(TargetGroups).toMatchObject([group, group]);
  const { logGroups } = await new CloudWatchLogsClient(settings).send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: "/ecs/library-management-task" }),
  );
  expect(logGroups).toHaveLength(1);
  const { imageDetails = [] } = await new ECRClient(settings).send(
    new DescribeImagesCommand({ repositoryName: "library-management-system" }),
  );
  expect(imageDetails.flatMap(({ imageTags }) => imageTags ?? []).sort()).toEqual([
    "1.0.0",
    "1.1.0",
    "1.2.0-unhealthy",
    "1.3.0-crash",
    "1.4.0-slow",
    "1.5.0-errors",
  ]);
});

test("GET /_sandbox tells listeners, tasks, images and faults", async () => {
  const { listeners, images, faults } = await control<Overview>("GET", "");
  expect(listeners["library-alb:80"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await runningTasks()).toBeGreaterThanOrEqual(4);
  expect(images.length).toBeGreaterThanOrEqual(6);
  expect(faults).toEqual([]);
});

test("the application answers with its tag and slot, and writes a log line for each request", async () => {
  expect(await visit()).toMatchObject({ slot: "blue", tag: "1.0.0" });
  const logs = new CloudWatchLogsClient(settings);
  await expect
    .poll(
      async () => {
        const found = await logs.send(
          new FilterLogEventsCommand({ logGroupName: "/ecs/library-management-task", filterPattern: '"GET /"' }),
        );
        return found.events?.length ?? 0;
      },
      { timeout: 15_000 },
    )
    .toBeGreaterThan(0);
});

test("POST /_sandbox/listeners changes the world behind everybody's back", async () => {
  await control("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 0, green: 100 } });
  expect((await visit()).slot).toBe("green");
  await control("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 100, green: 0 } });
  expect((await visit()).slot).toBe("blue");
});

test("POST /_sandbox/tasks/{id}/health and kill reach one task", async () => {
  const { task } = await visit();
  for (const status of [503, "hang", 200]) await control("POST", `/tasks/${task}/health`, { status });
  await control("POST", `/tasks/${task}/kill`);
  await expect
    .poll(async () => (await control<{ id: string }[]>("GET", "/tasks")).map(({ id }) => id), { timeout: 20_000 })
    .not.toContain(task);
});

test("POST and DELETE /_sandbox/faults; GET and DELETE /_sandbox/calls", async () => {
  await control("DELETE", "/calls");
  const fault = { service: "ecs", operation: "DescribeClusters", kind: "throttle", rate: 1, count: 1 };
  expect(await control("POST", "/faults", fault)).toMatchObject({ id: expect.any(String) });
  const ecs = new ECSClient({ ...settings, maxAttempts: 1 });
  await expect(ecs.send(new DescribeClustersCommand({}))).rejects.toThrow(/rate exceeded/i);
  await ecs.send(new DescribeClustersCommand({}));
  const calls = await control<Record<string, { count: number; throttled: number; lastAt: unknown }>>("GET", "/calls");
  expect(calls["ecs.DescribeClusters"]).toMatchObject({ count: 2, throttled: 1 });
  for (const kind of ["error", "latency", "timeout", "reset", "stale"])
    await control("POST", "/faults", { service: "ecs", kind, rate: 0.5, ms: 10 });
  await control("DELETE", "/faults");
  expect((await control<Overview>("GET", "")).faults).toEqual([]);
});

test("POST /_sandbox/logs writes lines", async () => {
  const lines = { logGroup: "/ecs/library-management-task", logStream: "made", linesPerSecond: 20, seconds: 1 };
  await control("POST", "/logs", { ...lines, bytesPerLine: 120 });
});

test("POST /_sandbox/reset brings the seeded world back", async () => {
  await control("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 0, green: 100 } });
  await control("POST", "/reset");
  await expect.poll(healthyListeners, { timeout: 30_000 }).toEqual([200, 200]);
  expect(await visit()).toMatchObject({ slot: "blue", tag: "1.0.0" });
});
