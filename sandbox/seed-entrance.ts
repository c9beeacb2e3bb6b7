import type { SeedBuilder, SeedImage } from "./seed-builder.ts";
import type { Workload } from "./seed-task-definition.ts";

/** The target groups of an application's two sides. */
export interface SeedGroups {
  blue: string;
  green: string;
}

/** What an application stands on: its images, its log group, its cluster, and a target group for each side. */
export async function seedGround(
  build: SeedBuilder,
  workload: Workload,
  images: readonly SeedImage[],
): Promise<{ image: (tag: string) => string; groups: SeedGroups }> {
  const image = build.pushImages(workload.repository, images);
  await build.logGroup(workload.logGroup);
  await build.cluster(workload.cluster);
  const targetType = workload.onInstances ? "instance" : "ip";
  const addressType = workload.isIpv6 ? "ipv6" : "ipv4";
  const blue = await build.targetGroup(`${workload.name}-blue-tg`, workload.port, targetType, addressType);
  const green = await build.targetGroup(`${workload.name}-green-tg`, workload.port, targetType, addressType);
  return { image, groups: { blue, green } };
}

/** An application's groups with their weights, as a forward names them. */
export function weighted({ blue, green }: SeedGroups, forBlue: number, forGreen: number) {
  return [
    { arn: blue, weight: forBlue },
    { arn: green, weight: forGreen },
  ];
}

/** The ground, and a load balancer before it: blue on port 80, green on the test listener on port 81. */
export async function seedBehindListeners(build: SeedBuilder, workload: Workload, images: readonly SeedImage[]) {
  const ground = await seedGround(build, workload, images);
  const loadBalancer = await build.loadBalancer(`${workload.name}-alb`);
  const listener = await build.listener(loadBalancer, 80, weighted(ground.groups, 100, 0));
  // The test listener shows the standby side, and keeps its targets in use, so that they are health-checked.
  const testListener = await build.listener(loadBalancer, 81, weighted(ground.groups, 0, 100));
  return { ...ground, listener, testListener };
}
