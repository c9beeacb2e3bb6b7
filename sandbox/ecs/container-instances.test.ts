import type * as Ecs from "@aws-sdk/client-ecs";
import { describe, expect, test } from "vitest";
import { BLUE_GROUP, createFixture, type EcsFixture, HOSTS_GROUP, isDeployed } from "./ecs-fixture.ts";

const onInstances = (
  networkMode: Ecs.NetworkMode,
  more: Partial<Ecs.ContainerDefinition> = {},
): Partial<Ecs.RegisterTaskDefinitionRequest> => ({
  networkMode,
  requiresCompatibilities: ["EC2"],
  cpu: undefined,
  memory: undefined,
  containerDefinitions: [
    {
      name: "library",
      image: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system:1.0.0",
      memory: 512,
      portMappings: [{ containerPort: 8081 }],
      ...more,
    },
  ],
});
const service = (more: Partial<Ecs.CreateServiceRequest> = {}): Partial<Ecs.CreateServiceRequest> => ({
  launchType: "EC2",
  networkConfiguration: undefined,
  loadBalancers: [{ targetGroupArn: HOSTS_GROUP, containerName: "library", containerPort: 8081 }],
  ...more,
});

function withFixture(body: (fixture: EcsFixture) => void | Promise<void>) {
  return async () => {
    const fixture = createFixture();
    try {
      await body(fixture);
    } finally {
      await fixture.ecs.close();
    }
  };
}

const placesOf = (fixture: EcsFixture) => {
  const tasks = fixture.tasks();
  const arns = tasks.map((task) => task.containerInstanceArn ?? "");
  const { containerInstances = [] } = fixture.call<Ecs.DescribeContainerInstancesResponse>(
    "DescribeContainerInstances",
    { cluster: "main", containerInstances: [...new Set(arns)] },
  );
  return tasks.map((task) => {
    const instance = containerInstances.find((one) => one.containerInstanceArn === task.containerInstanceArn);
    return { id: instance?.ec2InstanceId ?? "", port: task.containers?.[0]?.networkBindings?.[0]?.hostPort ?? 0, task };
  });
};

describe("tasks on instances", () => {
  test.each<[Ecs.NetworkMode, number, RegExp]>([
    ["bridge", 3, /^(32768|32769)$/],
    ["host", 3, /^8081$/],
  ])("in network mode %s are registered by instance and host port", (networkMode, count, ports) =>
    withFixture((fixture) => {
      fixture.createService(fixture.register("1.0.0", onInstances(networkMode)), service({ desiredCount: count }));
      fixture.advanceUntil(() => isDeployed(fixture.service()), "the service is up");
      const places = placesOf(fixture);
      const key = ({ id, port }: { id: string; port: number }) => `${id}:${port}`;
      expect(new Set(places.map(key)).size).toBe(count);
      expect(fixture.targets.list(HOSTS_GROUP).map(key).sort()).toEqual(places.map(key).sort());
      for (const { id, port, task } of places) {
        expect(id).toMatch(/^i-0[0-9a-f]{16}$/);
        expect(String(port)).toMatch(ports);
        expect(task).toMatchObject({ attachments: [], launchType: "EC2", containers: [{ networkInterfaces: [] }] });
      }
      fixture.update({ desiredCount: 0 });
      fixture.advanceUntil(() => fixture.targets.list(HOSTS_GROUP).length === 0, "no target is left");
    })(),
  );

  test(
    "are listed by instance; names that are unknown are failures",
    withFixture((fixture) => {
      fixture.createService(fixture.register("1.0.0", onInstances("bridge")), service());
      fixture.advanceUntil(() => isDeployed(fixture.service()), "the service is up");
      const { containerInstanceArns = [] } = fixture.call<Ecs.ListContainerInstancesResponse>(
        "ListContainerInstances",
        { cluster: "main" },
      );
      expect(containerInstanceArns).toHaveLength(2);
      const lists = containerInstanceArns.map(
        (containerInstance) =>
          fixture.call<Ecs.ListTasksResponse>("ListTasks", { cluster: "main", containerInstance }).taskArns,
      );
      expect(lists.map((tasks) => tasks?.length)).toEqual([1, 1]);
      const answer = fixture.call<Ecs.DescribeContainerInstancesResponse>("DescribeContainerInstances", {
        cluster: "main",
        containerInstances: ["gone"],
      });
      expect(answer.failures).toMatchObject([{ reason: "MISSING" }]);
      expect(() => fixture.call("DescribeContainerInstances", { cluster: "main", containerInstances: [] })).toThrow(
        "Container instances cannot be empty.",
      );
    }),
  );
});

describe("AWS refuses", () => {
  test.each<[string, object, string]>([
    ["a container without any memory", onInstances("bridge", { memory: undefined }), "At least one of 'memory' or"],
    [
      "another host port in network mode host",
      onInstances("host", { portMappings: [{ containerPort: 8081, hostPort: 80 }] }),
      "When networkMode=host, the host ports and container ports in port mappings must match.",
    ],
    ["the process space of the host on Fargate", { pidMode: "host" }, "pidMode 'host'"],
  ])("to register %s", (_what, more, message) =>
    withFixture((fixture) => {
      expect(() => fixture.register("1.0.0", more)).toThrow(message);
    })(),
  );

  test(
    "target groups of the other type, and no subnet",
    withFixture((fixture) => {
      const bridge = fixture.register("1.0.0", onInstances("bridge"));
      const byAddress = [{ targetGroupArn: BLUE_GROUP, containerName: "library", containerPort: 8081 }];
      expect(() => fixture.createService(bridge, service({ loadBalancers: byAddress }))).toThrow(
        "has target type ip, which is incompatible with the bridge network mode specified in the task definition.",
      );
      const awsvpc = fixture.register("1.0.0");
      const byInstance = [{ targetGroupArn: HOSTS_GROUP, containerName: "library", containerPort: 8081 }];
      expect(() => fixture.createService(awsvpc, { loadBalancers: byInstance })).toThrow(
        "has target type instance, which is incompatible with the awsvpc network mode",
      );
      const networkConfiguration = { awsvpcConfiguration: { subnets: [] } };
      expect(() => fixture.createService(awsvpc, { networkConfiguration })).toThrow("subnets can not be empty.");
    }),
  );
});
