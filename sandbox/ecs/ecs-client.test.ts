import {
  CreateServiceCommand,
  CreateTaskSetCommand,
  DeleteTaskSetCommand,
  DescribeServicesCommand,
  DescribeTaskSetsCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  ServiceNotFoundException,
  TaskSetNotFoundException,
  UpdateServiceCommand,
  UpdateServicePrimaryTaskSetCommand,
  UpdateTaskSetCommand,
  waitUntilServicesStable,
} from "@aws-sdk/client-ecs";
import { afterEach, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../protocol/test-server.ts";
import { BLUE_GROUP, createFixture, isDeployed } from "./ecs-fixture.ts";

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

test("an SDK client moves task sets over the wire", async () => {
  const fixture = createFixture();
  server = await startTestServer({ services: [fixture.ecs.service] });
  const client = new ECSClient(server.clientConfig);
  const here = { cluster: "main", service: "web" };
  const { service } = await client.send(
    new CreateServiceCommand({
      cluster: "main",
      serviceName: "web",
      desiredCount: 3,
      deploymentController: { type: "EXTERNAL" },
    }),
  );
  expect(service).toMatchObject({ deploymentController: { type: "EXTERNAL" }, taskSets: [], deployments: [] });
  const input = {
    ...here,
    taskDefinition: fixture.register("1.0.0"),
    launchType: "FARGATE" as const,
    networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
    loadBalancers: [{ targetGroupArn: BLUE_GROUP, containerName: "library", containerPort: 8081 }],
    scale: { value: 33.3, unit: "PERCENT" as const },
    clientToken: "once",
  };
  const { taskSet } = await client.send(new CreateTaskSetCommand(input));
  expect(taskSet).toMatchObject({ status: "ACTIVE", computedDesiredCount: 1, scale: { value: 33.3 } });
  expect((await client.send(new CreateTaskSetCommand(input))).taskSet?.id).toBe(taskSet?.id);
  const id = taskSet?.id ?? "";
  const described = async () =>
    (await client.send(new DescribeTaskSetsCommand({ ...here, taskSets: [id] }))).taskSets?.[0];
  fixture.advanceUntil(() => fixture.service().taskSets?.[0]?.stabilityStatus === "STEADY_STATE", "steady");
  expect(await described()).toMatchObject({ runningCount: 1, stabilityStatusAt: new Date(fixture.clock.now()) });
  await client.send(new UpdateServicePrimaryTaskSetCommand({ ...here, primaryTaskSet: id }));
  await client.send(new UpdateTaskSetCommand({ ...here, taskSet: id, scale: { value: 0, unit: "PERCENT" } }));
  await expect(client.send(new DeleteTaskSetCommand({ ...here, taskSet: id }))).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Primary TaskSet cannot be deleted",
  });
  await client.send(new DeleteTaskSetCommand({ ...here, taskSet: id, force: true }));
  fixture.advanceUntil(() => fixture.service().taskSets?.length === 0, "gone");
  await expect(client.send(new DeleteTaskSetCommand({ ...here, taskSet: id }))).rejects.toThrow(
    TaskSetNotFoundException,
  );
  client.destroy();
});
