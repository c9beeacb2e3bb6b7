import { type ApplicationConfig, applicationSchema } from "../config/application-config.ts";
import { startDrivenWorld, type WhenOver } from "./driven-world.ts";
import { createTestWorld, type TestWorld } from "./test-world.ts";

/** The entry in switchyard.yaml of a service that CodeDeploy deploys. */
export function membersConfig(changes: Record<string, unknown> = {}): ApplicationConfig {
  return applicationSchema.parse({
    name: "members",
    cluster: "library-management-cluster",
    controller: "code-deploy",
    service: "members-service",
    container: "members",
    repository: "members",
    ...changes,
  });
}

/** The sandbox's whole world and everything above it on virtual tasks, looking at the service that CodeDeploy deploys. For tests. */
export function createCodeDeployWorld(): Promise<TestWorld> {
  return createTestWorld({
    sandbox: { seed: "all", speed: 10, ecs: { virtual: true } },
    instead: {
      config: membersConfig(),
      entrance: "members-alb:80",
      isReady: ({ traffic, slots }) => traffic.live === "blue" && slots.blue.counts.healthy === 2,
    },
  });
}

/** The product's AWS side alone, at the service that CodeDeploy deploys. For the running test. */
export function startMembersWorld(whenOver?: WhenOver) {
  return startDrivenWorld("code-deploy", membersConfig, whenOver);
}
