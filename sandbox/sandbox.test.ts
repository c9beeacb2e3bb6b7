import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "./sandbox.ts";

const CLUSTER = "library-management-cluster";
const FAMILY = "library-management-task";
const SERVICES = ["library-blue-service", "library-green-service"];

let sandbox: Sandbox;
let ecs: ECSClient;
let elb: ElasticLoadBalancingV2Client;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  sandbox = await createSandbox({ seed: "paired", speed: 4, throttling: false });
  const settings = {
    endpoint: sandbox.url,
    region: sandbox.place.region,
    credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" },
  };
  ecs = new ECSClient(settings);
  elb = new ElasticLoadBalancingV2Client(settings);
  logs = new CloudWatchLogsClient(settings);
  await until("both sides are healthy", async () => (await healthyCounts()).join() === "2,2");
});

afterAll(() => sandbox.close());

it("has nothing in another Region, as an account that was never there", async () => {
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  const there = { endpoint: sandbox.url, region: "us-east-1", credentials };
  const [far, farElb] = [new ECSClient(there), new ElasticLoadBalancingV2Client(there)];
  try {
    const asked = far.send(new DescribeServicesCommand({ cluster: CLUSTER, services: SERVICES }));
    await expect(asked).rejects.toThrow("Cluster not found");
    expect((await farElb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toEqual([]);
  } finally {
    far.destroy();
    farElb.destroy();
  }
});

async function until(what: string, check: () => Promise<boolean>, timeoutMs = 25_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`);
    await sleep(50);
  }
}

async function targetGroupArns(): Promise<[blue: string, green: string]> {
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  const arn = (name: string) => TargetGroups.find((group) => group.TargetGroupName === name)?.TargetGroupArn ?? "";
  return [arn("library-blue-tg"), arn("library-green-tg")];
}

async function healthyCounts(): Promise<number[]> {
  return Promise.all(
    (await targetGroupArns()).map(async (TargetGroupArn) => {
      const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      return (answer.TargetHealthDescriptions ?? []).filter((one) => one.TargetHealth?.State === "healthy").length;
    }),
  );
}

async function visit(listener: string): Promise<{ slot: string; tag: string; task: string }> {
  const answer = await fetch(sandbox.listenerUrl(listener));
  expect(answer.status).toBe(200);
  return (await answer.json()) as { slot: string; tag: string; task: string };
}

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.json();
}

/** Registers a revision of the green task definition with another image, as a deployment does, and waits for it. */
async function deployGreen(tag: string): Promise<void> {
  const [, service] = SERVICES;
  const described = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: SERVICES.slice(1) }));
  const current = described.services?.[0]?.taskDefinition;
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: current }));
  const image = `${sandbox.ecr.host}/library-management-system:${tag}`;
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...(taskDefinition as RegisterTaskDefinitionCommandInput),
      containerDefinitions: taskDefinition?.containerDefinitions?.map((container) => ({ ...container, image })),
    }),
  );
  const revision = registered.taskDefinition?.taskDefinitionArn;
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, taskDefinition: revision }));
  await until(`${tag} is healthy on green`, async () => {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: SERVICES.slice(1) }));
    const [primary, ...others] = answer.services?.[0]?.deployments ?? [];
    const isDeployed = primary?.taskDefinition === revision && primary?.rolloutState === "COMPLETED";
    return isDeployed && others.length === 0 && (await healthyCounts()).join() === "2,2";
  });
}

describe("the world with paired services", () => {
  it("has both services steady on the first release and serves blue in production, green on the test listener", async () => {
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: SERVICES }));
    expect(services.map(({ runningCount, desiredCount }) => [runningCount, desiredCount])).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect(await visit("library-alb:80")).toMatchObject({ slot: "blue", tag: "1.0.0" });
    expect(await visit("library-alb:81")).toMatchObject({ slot: "green", tag: "1.0.0" });
  });

  it("writes the application's lines to streams named after the tasks", async () => {
    const { task } = await visit("library-alb:80");
    const search = new FilterLogEventsCommand({
      logGroupName: "/ecs/library-management-task",
      logStreamNames: [`ecs/library/${task}`],
    });
    await until("the request is logged", async () => ((await logs.send(search)).events ?? []).length > 0);
  });

  it("moves real traffic with ModifyListener, and with a control behind the API's back", async () => {
    const [blue, green] = await targetGroupArns();
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ Names: ["library-alb"] }));
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const ListenerArn = Listeners.find(({ Port }) => Port === 80)?.ListenerArn;
    const TargetGroups = [
      { TargetGroupArn: blue, Weight: 0 },
      { TargetGroupArn: green, Weight: 100 },
    ];
    await elb.send(
      new ModifyListenerCommand({
        ListenerArn,
        DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
      }),
    );
    for (let request = 0; request < 6; request++) expect((await visit("library-alb:80")).slot).toBe("green");
    expect(await control("GET", "/journal")).toMatchObject([
      { service: "elbv2", operation: "ModifyListener", error: null },
    ]);

    await control("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 100, green: 0 } });
    for (let request = 0; request < 6; request++) expect((await visit("library-alb:80")).slot).toBe("blue");
    expect(await control("GET", "/journal")).toHaveLength(1);
  });

  it("replaces a killed task and tells why it stopped", async () => {
    const { task } = await visit("library-alb:81");
    await control("POST", `/tasks/${task}/kill`);
    const describeTask = () => ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: [task] }));
    await until("the task is stopped", async () => (await describeTask()).tasks?.[0]?.lastStatus === "STOPPED");
    expect((await describeTask()).tasks?.[0]).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ name: "library", exitCode: 137 }],
    });
    await until("another task is healthy", async () => (await healthyCounts()).join() === "2,2");
    const ids = ((await control("GET", "/tasks")) as { id: string }[]).map(({ id }) => id);
    expect(ids).not.toContain(task);
  });

  it("takes a task that fails its health check out and replaces it", async () => {
    const { task } = await visit("library-alb:81");
    await control("POST", `/tasks/${task}/health`, { status: 503 });
    await until("the task is replaced", async () => {
      const ids = ((await control("GET", "/tasks")) as { id: string }[]).map(({ id }) => id);
      return !ids.includes(task) && (await healthyCounts()).join() === "2,2";
    });
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: [task] }));
    expect(tasks?.[0]?.stoppedReason).toContain("failed ELB health checks in (target-group arn:");
  });

  it("fails no request while a new release comes up on the other side and traffic moves to it and back", async () => {
    let isOver = false;
    const statuses = new Map<number | string, number>();
    const tags = new Set<string>();
    const client = async () => {
      while (!isOver) {
        const status = await fetch(sandbox.listenerUrl("library-alb:80")).then(
          async (answer) => {
            tags.add(((await answer.json()) as { tag: string }).tag);
            return answer.status;
          },
          (error: unknown) => String(error),
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await sleep(5);
      }
    };
    const clients = Array.from({ length: 4 }, client);
    await deployGreen("1.1.0");
    for (const weights of [
      { blue: 0, green: 100 },
      { blue: 100, green: 0 },
      { blue: 0, green: 100 },
      { blue: 50, green: 50 },
      { blue: 100, green: 0 },
    ]) {
      await control("POST", "/listeners", { listener: "library-alb:80", weights });
      await sleep(100);
    }
    isOver = true;
    await Promise.all(clients);
    expect([...statuses.keys()]).toEqual([200]);
    expect(tags).toEqual(new Set(["1.0.0", "1.1.0"]));
  });

  it("goes back to how it started, once for any number of resets at a time", async () => {
    const before = ((await control("GET", "/tasks")) as { id: string }[]).map(({ id }) => id);
    const groupsBefore = await targetGroupArns();
    const registeredBefore = (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: FAMILY })))
      .taskDefinition;
    await control("POST", "/faults", { service: "ecs", kind: "error" });
    await control("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 0, green: 100 } });
    await Promise.all([control("POST", "/reset"), control("POST", "/reset")]);
    await until("both sides are healthy", async () => (await healthyCounts()).join() === "2,2");
    const after = ((await control("GET", "/tasks")) as { id: string }[]).map(({ id }) => id);
    expect(after).toHaveLength(4);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(await targetGroupArns()).toEqual(groupsBefore);
    const registered = (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: FAMILY }))).taskDefinition;
    expect(registered?.revision ?? 0).toBeGreaterThan(registeredBefore?.revision ?? 0);
    expect((await visit("library-alb:80")).slot).toBe("blue");
    expect(await control("GET", "/faults")).toEqual([]);
  });
});

describe("a sandbox", () => {
  it("starts empty when told so, and says which listeners there are", async () => {
    const empty = await createSandbox({ seed: false });
    try {
      expect(empty.listenerUrls()).toEqual({});
      expect(() => empty.listenerUrl("library-alb:80")).toThrow("No listener is named library-alb:80; there are none");
    } finally {
      await empty.close();
    }
  });

  it("refuses a taken port in words and leaves nothing running", async () => {
    const port = Number(new URL(sandbox.url).port);
    await expect(createSandbox({ port })).rejects.toThrow(`Port ${port} is taken`);
  });

  it("frees its ports when it closes", async () => {
    const one = await createSandbox({ ecs: { virtual: true } });
    const listenerUrl = one.listenerUrl("library-alb:80");
    await one.close();
    await expect(fetch(one.url)).rejects.toThrow();
    await expect(fetch(listenerUrl)).rejects.toThrow();
  });
});
