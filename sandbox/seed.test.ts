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

test("the world with task sets: library in one service, catalog in a pair, each behind a load balancer of its own", async () => {
  const clock = testClock();
  const sandbox = await createSandbox({ clock, seed: "task-sets", ecs: { virtual: true } });
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
      { runningCount: 2, deploymentController: { type: "ECS" } },
      { runningCount: 2, deploymentController: { type: "ECS" } },
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

test("tasks of one task definition tell which side they serve by their target group", async () => {
  const sandbox = await createSandbox({ speed: 10, seed: "task-sets", throttling: false });
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
