import type * as Ecs from "@aws-sdk/client-ecs";
import type { EcrSimulator } from "./ecr/ecr.ts";
import { createCaller } from "./seed-caller.ts";
import { type SeedLoadBalancing, seedLoadBalancing } from "./seed-load-balancing.ts";
import { type SeedServices, seedServices } from "./seed-services.ts";
import { seedTaskDefinition, type Workload } from "./seed-task-definition.ts";
import type { SandboxBase, SimulatedService } from "./service.ts";

/** What a seeded world is made with: the services' own API, and the registry's past. */
export interface SeedPorts {
  ecs: SimulatedService;
  elb: SimulatedService;
  logs: SimulatedService;
  codedeploy: SimulatedService;
  ecr: EcrSimulator;
}

/** One image of a repository, with how long ago it was pushed. */
export interface SeedImage {
  tag: string;
  daysAgo: number;
  sizeBytes: number;
}

/** Builds a world as a client would, one call after another. */
export interface SeedBuilder extends SeedLoadBalancing, SeedServices {
  /** Oldest first. Answers the reference of a tag with its digest. */
  pushImages(repository: string, images: readonly SeedImage[]): (tag: string) => string;
  logGroup(name: string): Promise<void>;
  cluster(name: string): Promise<void>;
  taskDefinition(workload: Workload, image: string, slot?: "blue" | "green"): Promise<string>;
}

const DAY_MS = 86_400_000;

/** A builder of one world. */
export function createSeedBuilder(base: SandboxBase, ports: SeedPorts): SeedBuilder {
  const { clock, place } = base;
  const call = createCaller();
  return {
    ...seedLoadBalancing(ports.elb),
    ...seedServices(base, ports),
    pushImages(repository, images) {
      const digests = new Map(
        images.map(({ tag, daysAgo, sizeBytes }) => {
          const pushedAt = new Date(clock.now() - daysAgo * DAY_MS);
          return [tag, ports.ecr.push({ repository, tag, pushedAt, sizeBytes })];
        }),
      );
      return (tag) => `${ports.ecr.host}/${repository}:${tag}@${digests.get(tag)}`;
    },

    async logGroup(name) {
      await call(ports.logs, "CreateLogGroup", { logGroupName: name });
      await call(ports.logs, "PutRetentionPolicy", { logGroupName: name, retentionInDays: 30 });
    },

    async cluster(name) {
      await call(ports.ecs, "CreateCluster", { clusterName: name });
    },

    async taskDefinition(workload, image, slot) {
      const output = await call<Ecs.RegisterTaskDefinitionResponse>(
        ports.ecs,
        "RegisterTaskDefinition",
        seedTaskDefinition(place, workload, image, slot),
      );
      return output.taskDefinition?.taskDefinitionArn ?? "";
    },
  };
}
