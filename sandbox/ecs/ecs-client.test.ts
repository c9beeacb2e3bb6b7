import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  ServiceNotFoundException,
  UpdateServiceCommand,
  waitUntilServicesStable,
} from "@aws-sdk/client-ecs";
import { afterEach, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../protocol/test-server.ts";
import { createFixture, isDeployed } from "./ecs-fixture.ts";

let server: TestServer | undefined;

afterEach(() => server?.close());

test("an SDK client deploys and reads services and tasks over the wire", async () => {
  const fixture = createFixture();
  server = await startTestServer({ services: [fixture.ecs.service] });
  const client = new ECSClient(server.clientConfig);
  fixture.createService(fixture.register("1.0.0"));
  fixture.advanceUntil(() => isDeployed(fixture.service()), "deployed");

  const taskDefinition = fixture.register("1.1.0");
  const updated = await client.send(new UpdateServiceCommand({ cluster: "main", service: "web", taskDefinition }));
  expect(updated.service?.deployments).toHaveLength(2);
  expect(updated.service?.deployments?.[0]?.createdAt).toEqual(new Date(fixture.clock.now()));
  fixture.advanceUntil(() => isDeployed(fixture.service()), "updated");
  const waiter = { client, maxWaitTime: 5, minDelay: 1 };
  expect((await waitUntilServicesStable(waiter, { cluster: "main", services: ["web"] })).state).toBe("SUCCESS");

  const { services } = await client.send(new DescribeServicesCommand({ cluster: "main", services: ["web"] }));
  expect(services?.[0]).toMatchObject({ taskDefinition, runningCount: 2, taskSets: [] });
  const { taskArns } = await client.send(new ListTasksCommand({ cluster: "main", serviceName: "web" }));
  const { tasks } = await client.send(new DescribeTasksCommand({ cluster: "main", tasks: taskArns }));
  expect(tasks?.map(({ lastStatus }) => lastStatus)).toEqual(["RUNNING", "RUNNING"]);
  expect(tasks?.[0]?.startedAt).toBeInstanceOf(Date);
  await expect(
    client.send(new UpdateServiceCommand({ cluster: "main", service: "nobody", desiredCount: 1 })),
  ).rejects.toThrow(ServiceNotFoundException);
  client.destroy();
});
