import type { Service } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { startLibraryWorld } from "../testing/library-world.ts";
import { entrancesBesides } from "./entrances-besides.ts";

const REGISTRY = "arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-0abc";

test.each<[string, Service, string[]]>([
  ["none", { deployments: [{ status: "PRIMARY" }] }, []],
  [
    "Service Connect by the names that its clients use",
    {
      deployments: [
        { status: "ACTIVE", serviceConnectConfiguration: { enabled: true, services: [{ portName: "old" }] } },
        {
          status: "PRIMARY",
          serviceConnectConfiguration: {
            enabled: true,
            namespace: "local",
            services: [
              { portName: "http", clientAliases: [{ port: 8080, dnsName: "library" }, { port: 80 }] },
              { portName: "grpc", discoveryName: "library-grpc" },
            ],
          },
        },
      ],
    },
    ["Service Connect (library:8080, http:80, library-grpc)"],
  ],
  [
    "a client of Service Connect, which offers nothing",
    { deployments: [{ status: "PRIMARY", serviceConnectConfiguration: { enabled: true, namespace: "local" } }] },
    [],
  ],
  [
    "Service Connect that is switched off",
    {
      deployments: [
        { status: "PRIMARY", serviceConnectConfiguration: { enabled: false, services: [{ portName: "a" }] } },
      ],
    },
    [],
  ],
  ["Cloud Map", { serviceRegistries: [{ registryArn: REGISTRY }] }, ["Cloud Map (srv-0abc)"]],
  [
    "Cloud Map of task sets, told once",
    {
      taskSets: [
        { serviceRegistries: [{ registryArn: REGISTRY }] },
        { serviceRegistries: [{ registryArn: REGISTRY }] },
      ],
    },
    ["Cloud Map (srv-0abc)"],
  ],
  [
    "a Classic Load Balancer beside a target group",
    {
      loadBalancers: [
        { loadBalancerName: "library-elb", containerName: "library", containerPort: 8081 },
        { targetGroupArn: "arn:tg", containerName: "library", containerPort: 8081 },
      ],
    },
    ["Classic ELB (library-elb)"],
  ],
  [
    "VPC Lattice",
    {
      deployments: [
        {
          status: "PRIMARY",
          vpcLatticeConfigurations: [
            {
              roleArn: "r",
              portName: "http",
              targetGroupArn: "arn:aws:vpc-lattice:eu-west-1:123456789012:targetgroup/tg-0abc",
            },
          ],
        },
      ],
    },
    ["VPC Lattice (tg-0abc)"],
  ],
])("%s", (_, service, entrances) => {
  expect(entrancesBesides(service)).toEqual(entrances);
});

test("each side's observation tells them, and ECS's answer is where they come from", async () => {
  const { sandbox, application, controller } = await startLibraryWorld();
  const services = [{ portName: "http", discoveryName: "library" }];
  const serviceConnectConfiguration = { enabled: true, namespace: "local", services };
  await sandbox.ecs.service.operations.UpdateService?.(
    { cluster: application.cluster, service: application.slots.green.service, serviceConnectConfiguration },
    { requestId: "test", signal: AbortSignal.timeout(60_000) },
  );
  const { slots } = await controller.observe(application);
  expect(slots.green.besides).toEqual(["Service Connect (library)"]);
  expect(slots.blue).not.toHaveProperty("besides");
});
