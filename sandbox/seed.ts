import { createSeedBuilder, type SeedBuilder, type SeedPorts, type Workload } from "./seed-builder.ts";
import type { SandboxBase } from "./service.ts";

const LIBRARY: Workload = {
  name: "library",
  cluster: "library-management-cluster",
  family: "library-management-task",
  repository: "library-management-system",
  logGroup: "/ecs/library-management-task",
  port: 8081,
};
const CATALOG: Workload = {
  name: "catalog",
  cluster: LIBRARY.cluster,
  family: "catalog-task",
  repository: "catalog",
  logGroup: "/ecs/catalog-task",
  port: 8082,
};

const LIBRARY_IMAGES = [
  { tag: "1.0.0", daysAgo: 34, sizeBytes: 187_423_112 },
  { tag: "1.1.0", daysAgo: 6.2, sizeBytes: 188_002_764 },
  { tag: "1.2.0-unhealthy", daysAgo: 4.9, sizeBytes: 188_114_020 },
  { tag: "1.3.0-crash", daysAgo: 3.1, sizeBytes: 188_090_331 },
  { tag: "1.4.0-slow", daysAgo: 1.7, sizeBytes: 191_530_418 },
  { tag: "1.5.0-errors", daysAgo: 0.12, sizeBytes: 191_544_907 },
];
const CATALOG_IMAGES = [
  { tag: "2.3.0", daysAgo: 20, sizeBytes: 142_310_002 },
  { tag: "2.4.0", daysAgo: 2.4, sizeBytes: 142_977_310 },
];

const SLOTS = ["blue", "green"] as const;

/** Builds the seeded world by calling the services as a client would; ECS starts the tasks afterwards on its own. */
export async function seedWorld(base: SandboxBase, ports: SeedPorts): Promise<void> {
  const build = createSeedBuilder(base, ports);
  const image = build.pushImages(LIBRARY.repository, LIBRARY_IMAGES);
  await build.logGroup(LIBRARY.logGroup);
  await build.cluster(LIBRARY.cluster);
  const groups = await seedEntrance(build, LIBRARY);
  await seedPairedServices(build, LIBRARY, groups, image("1.0.0"));
}

/** Another world: `library` is one EXTERNAL service with a task set for each side, and `catalog` has paired services. */
export async function seedTaskSetWorld(base: SandboxBase, ports: SeedPorts): Promise<void> {
  const build = createSeedBuilder(base, ports);
  const libraryImage = build.pushImages(LIBRARY.repository, LIBRARY_IMAGES);
  const catalogImage = build.pushImages(CATALOG.repository, CATALOG_IMAGES);
  await build.logGroup(LIBRARY.logGroup);
  await build.logGroup(CATALOG.logGroup);
  await build.cluster(LIBRARY.cluster);

  const groups = await seedEntrance(build, LIBRARY);
  const service = "library-service";
  const taskDefinition = await build.taskDefinition(LIBRARY, libraryImage("1.0.0"));
  await build.externalService(LIBRARY, service);
  for (const slot of SLOTS)
    await build.taskSet(LIBRARY, service, {
      slot,
      taskDefinition,
      targetGroupArn: groups[slot],
      isPrimary: slot === "blue",
    });

  await seedPairedServices(build, CATALOG, await seedEntrance(build, CATALOG), catalogImage("2.3.0"));
}

/** Target groups and a load balancer in front of them: blue on port 80, green on the test listener on port 81. */
async function seedEntrance(build: SeedBuilder, { name, port }: Workload): Promise<{ blue: string; green: string }> {
  const blue = await build.targetGroup(`${name}-blue-tg`, port);
  const green = await build.targetGroup(`${name}-green-tg`, port);
  const weights = (forBlue: number, forGreen: number) => [
    { arn: blue, weight: forBlue },
    { arn: green, weight: forGreen },
  ];
  const loadBalancer = await build.loadBalancer(`${name}-alb`);
  await build.listener(loadBalancer, 80, weights(100, 0));
  // The test listener shows the standby side, and keeps its targets in use, so that they are health-checked.
  await build.listener(loadBalancer, 81, weights(0, 100));
  return { blue, green };
}

async function seedPairedServices(
  build: SeedBuilder,
  workload: Workload,
  groups: { blue: string; green: string },
  image: string,
): Promise<void> {
  for (const slot of SLOTS) {
    const taskDefinition = await build.taskDefinition(workload, image, slot);
    await build.rollingService(workload, `${workload.name}-${slot}-service`, taskDefinition, groups[slot]);
  }
}
