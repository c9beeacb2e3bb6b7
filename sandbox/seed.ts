import { seedAwsDriven, seedOrdersAndMembers } from "./seed-aws-driven.ts";
import { createSeedBuilder, type SeedBuilder, type SeedPorts } from "./seed-builder.ts";
import { seedBehindListeners } from "./seed-entrance.ts";
import { shaped, type TaskShape, type Workload } from "./seed-task-definition.ts";
import type { SandboxBase } from "./service.ts";

const LIBRARY: Workload = {
  name: "library",
  cluster: "library-management-cluster",
  family: "library-management-task",
  repository: "library-management-system",
  logGroup: "/ecs/library-management-task",
  port: 8081,
  tasks: 2,
  size: { cpu: "512", memory: "1024" },
};
const CATALOG: Workload = {
  name: "catalog",
  cluster: LIBRARY.cluster,
  family: "catalog-task",
  repository: "catalog",
  logGroup: "/ecs/catalog-task",
  port: 8082,
  tasks: 1,
  size: { cpu: "256", memory: "512" },
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

/** The applications of the seeded world, in the order in which their load balancers take ports. */
export const SEEDED_APPLICATIONS = ["library", "catalog", "orders", "payments", "members"] as const;

/** `library` is one EXTERNAL service with a task set for each side; `catalog`, which is smaller, has paired services. */
export async function seedWorld(base: SandboxBase, ports: SeedPorts): Promise<void> {
  const build = createSeedBuilder(base, ports);
  const { image, groups } = await seedBehindListeners(build, LIBRARY, LIBRARY_IMAGES);
  const service = "library-service";
  const taskDefinition = await build.taskDefinition(LIBRARY, image("1.0.0"));
  await build.externalService(LIBRARY, service);
  for (const slot of SLOTS)
    await build.taskSet(LIBRARY, service, {
      slot,
      taskDefinition,
      targetGroupArn: groups[slot],
      isPrimary: slot === "blue",
    });

  const catalog = await seedBehindListeners(build, CATALOG, CATALOG_IMAGES);
  await seedPairedServices(build, CATALOG, catalog.groups, catalog.image("2.3.0"));
}

/** All of it: what `seedWorld` has, and the applications whose traffic AWS moves itself. */
export async function seedWholeWorld(base: SandboxBase, ports: SeedPorts): Promise<void> {
  await seedWorld(base, ports);
  await seedAwsDriven(createSeedBuilder(base, ports));
}

/** Another world: one service that ECS deploys itself, and one of CodeDeploy's. */
export function seedDrivenWorld(base: SandboxBase, ports: SeedPorts): Promise<void> {
  return seedOrdersAndMembers(createSeedBuilder(base, ports));
}

/** Another world: nothing but `library`, with a service for each side. */
export async function seedPairedWorld(base: SandboxBase, ports: SeedPorts, shape: TaskShape = {}): Promise<void> {
  const build = createSeedBuilder(base, ports);
  const workload = shaped(LIBRARY, shape);
  const { image, groups } = await seedBehindListeners(build, workload, LIBRARY_IMAGES);
  await seedPairedServices(build, workload, groups, image("1.0.0"));
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
