import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { testClock } from "./clock.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";

async function servicesOf(sandbox: Sandbox, services: string[]): Promise<Record<string, unknown>[]> {
  const describeServices = sandbox.ecs.service.operations.DescribeServices;
  const input = { cluster: "library-management-cluster", services };
  const answer = (await describeServices?.(input, { requestId: "test", signal: new AbortController().signal })) as {
    services: Record<string, unknown>[];
  };
  return answer.services;
}

test("the seeded world: library in one service, catalog in a pair, each behind a load balancer of its own", async () => {
  const clock = testClock();
  const sandbox = await createSandbox({ clock, ecs: { virtual: true } });
  try {
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1000);
      // Health checks of virtual targets come true on the clock alone, but not all at once.
      await Promise.resolve();
    }
    const [library] = await servicesOf(sandbox, ["library-service"]);
    expect(library).toMatchObject({
      deploymentController: { type: "EXTERNAL" },
      desiredCount: 2,
      runningCount: 4,
      taskSets: [
        { status: "PRIMARY", externalId: "switchyard:blue", runningCount: 2, stabilityStatus: "STEADY_STATE" },
        { status: "ACTIVE", externalId: "switchyard:green", runningCount: 2, stabilityStatus: "STEADY_STATE" },
      ],
    });
    const catalog = await servicesOf(sandbox, ["catalog-blue-service", "catalog-green-service"]);
    expect(catalog).toMatchObject([
      { runningCount: 1, deploymentController: { type: "ECS" } },
      { runningCount: 1, deploymentController: { type: "ECS" } },
    ]);
    expect(Object.keys(sandbox.listenerUrls()).sort()).toEqual([
      "catalog-alb:80",
      "catalog-alb:81",
      "library-alb:80",
      "library-alb:81",
    ]);
  } finally {
    await sandbox.close();
  }
});

test("the whole world: orders, payments and members as well, deployed by AWS, blue live and nothing in flight", async () => {
  const clock = testClock();
  const sandbox = await createSandbox({ clock, seed: "all", ecs: { virtual: true } });
  try {
    for (let second = 0; second < 90; second += 1) {
      clock.advance(1000);
      await Promise.resolve();
    }
    const services = await servicesOf(sandbox, ["orders-service", "payments-service", "members-service"]);
    expect(services).toMatchObject([
      {
        runningCount: 2,
        deploymentConfiguration: {
          strategy: "BLUE_GREEN",
          lifecycleHooks: [
            { lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] },
            { lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"] },
          ],
        },
        deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED" }],
      },
      {
        runningCount: 2,
        deploymentConfiguration: { strategy: "CANARY" },
        deployments: [{ rolloutState: "COMPLETED" }],
      },
      {
        runningCount: 2,
        deploymentController: { type: "CODE_DEPLOY" },
        deployments: [],
        taskSets: [{ status: "PRIMARY", stabilityStatus: "STEADY_STATE" }],
      },
    ]);
    const { targetGroups } = sandbox.elb.controls.stats();
    const inGroup = (name: string) => Object.keys(targetGroups[name]?.targets ?? {}).length;
    for (const name of ["orders", "payments", "members"])
      expect([inGroup(`${name}-blue-tg`), inGroup(`${name}-green-tg`)], name).toEqual([2, 0]);
    expect(Object.keys(sandbox.listenerUrls())).toEqual(
      expect.arrayContaining([
        "library-alb:80",
        "catalog-alb:80",
        "orders-alb:80",
        "orders-alb:81",
        "payments-alb:80",
        "members-alb:80",
      ]),
    );
  } finally {
    await sandbox.close();
  }
});

test("tasks of one task definition tell which side they serve by their target group", async () => {
  const sandbox = await createSandbox({ speed: 10, throttling: false });
  try {
    const slot = async (listener: string) => {
      const answer = await fetch(sandbox.listenerUrl(listener));
      await answer.arrayBuffer();
      return answer.headers.get("x-slot");
    };
    await expect.poll(() => slot("library-alb:80"), { timeout: 15_000 }).toBe("blue");
    await expect.poll(() => slot("library-alb:81"), { timeout: 15_000 }).toBe("green");
  } finally {
    await sandbox.close();
  }
});

test("weights are set by a part of a target group's name, which is looked for on the listener's own load balancer", async () => {
  const sandbox = await createSandbox({ ecs: { virtual: true } });
  try {
    const body = JSON.stringify({ listener: "catalog-alb:80", weights: { blue: 30, green: 70 } });
    const answer = await fetch(`${sandbox.url}/_sandbox/listeners`, { method: "POST", body });
    expect(await answer.json()).toEqual({
      listener: "catalog-alb:80",
      weights: { "catalog-blue-tg": 30, "catalog-green-tg": 70 },
    });
  } finally {
    await sandbox.close();
  }
});

test("catalog's listeners take the ports after library's, or free ones where somebody has those", async () => {
  const ports = await freeRow();
  const one = await createSandbox({ listenerPort: ports, ecs: { virtual: true } });
  const portsOf = (sandbox: Sandbox) =>
    Object.fromEntries(Object.entries(sandbox.listenerUrls()).map(([name, url]) => [name, Number(new URL(url).port)]));
  try {
    expect(portsOf(one)).toEqual({
      "library-alb:80": ports,
      "library-alb:81": ports + 1,
      "catalog-alb:80": ports + 2,
      "catalog-alb:81": ports + 3,
    });
  } finally {
    await one.close();
  }
  const stranger = createServer().listen(ports + 2, "127.0.0.1");
  await once(stranger, "listening");
  const two = await createSandbox({ listenerPort: ports, ecs: { virtual: true } });
  try {
    expect(portsOf(two)).toMatchObject({ "library-alb:80": ports, "library-alb:81": ports + 1 });
    expect(portsOf(two)["catalog-alb:80"]).not.toBe(ports + 2);
  } finally {
    await two.close();
    stranger.close();
  }
});

/** The first of four ports in a row that nobody listens on. */
async function freeRow(): Promise<number> {
  for (let first = 21_000; first < 30_000; first += 4) {
    const taken = await Promise.all([0, 1, 2, 3].map((offset) => isTaken(first + offset)));
    if (!taken.includes(true)) return first;
  }
  throw new Error("No four ports in a row are free");
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(true));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(false)));
  });
}

test("an empty account: nothing at all, but the user that every caller is", async () => {
  const sandbox = await createSandbox({ seed: "empty", ecs: { virtual: true } });
  try {
    expect(sandbox.listenerUrls()).toEqual({});
    const call = { requestId: "test", signal: new AbortController().signal };
    expect(await sandbox.ec2.operations.DescribeVpcs?.({}, call)).toMatchObject({ Vpcs: [] });
    expect(await sandbox.ssm.operations.DescribeParameters?.({}, call)).toMatchObject({ Parameters: [] });
    expect(await sandbox.ecs.service.operations.ListClusters?.({}, call)).toMatchObject({ clusterArns: [] });
  } finally {
    await sandbox.close();
  }
});

test("the seeded world again after a reset: the same network, parameters and roles", async () => {
  const sandbox = await createSandbox({ clock: testClock(), ecs: { virtual: true } });
  try {
    await sandbox.reset();
    const call = { requestId: "test", signal: new AbortController().signal };
    expect(await sandbox.ec2.operations.DescribeVpcEndpoints?.({}, call)).toMatchObject({
      VpcEndpoints: { length: 5 },
    });
    const input = { ParameterFilters: [{ Key: "Path", Option: "Recursive", Values: ["/library"] }] };
    const found = await sandbox.ssm.operations.DescribeParameters?.(input, call);
    expect(found).toMatchObject({ Parameters: [{ Name: "/library/db/password" }, {}, {}] });
    await sandbox.iam.operations.GetRole?.({ RoleName: "library-task-execution" }, call);
  } finally {
    await sandbox.close();
  }
});
