import { type ApplicationConfig, applicationSchema } from "../config/application-config.ts";
import { isAwsDeploymentOver } from "../domain/observation/aws-deployment.ts";
import { type DrivenWorld, startDrivenWorld, type WhenOver } from "./driven-world.ts";
import { createTestWorld, type TestWorld, until } from "./test-world.ts";

const REQUEST_LINE = "\\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \\S+ (?<status>\\d{3}) \\d+ ms\\b";

/** The entry in switchyard.yaml of a service that ECS deploys itself: its name is all there is to say. */
function nativeConfig(name: "orders" | "payments", changes: Record<string, unknown> = {}): ApplicationConfig {
  return applicationSchema.parse({
    name,
    cluster: "library-management-cluster",
    controller: "ecs-native",
    service: `${name}-service`,
    container: name,
    repository: name,
    logGroup: `/ecs/${name}-task`,
    requestLine: REQUEST_LINE,
    ...changes,
  });
}

/** The product's AWS side alone, at a service that ECS deploys itself and whose first deployment is over. For the running test. */
export async function startNativeDriver(name: "orders" | "payments", whenOver?: WhenOver): Promise<DrivenWorld> {
  const world = await startDrivenWorld("ecs-native", (changes) => nativeConfig(name, changes), whenOver);
  // Until its first deployment is over: tasks, bake and clean-up.
  await world.pass(400);
  return world;
}

/** The sandbox's whole world and everything above it, looking at one of the services that ECS deploys itself. For tests. */
export async function createNativeWorld(
  name: "orders" | "payments",
  options: { changes?: Record<string, unknown>; speed?: number; byEventsAlone?: boolean; virtual?: boolean } = {},
): Promise<TestWorld> {
  const world = await createTestWorld({
    ...(options.byEventsAlone ? { byEventsAlone: true } : {}),
    sandbox: { seed: "all", speed: options.speed ?? 4, ...(options.virtual ? { ecs: { virtual: true } } : {}) },
    instead: {
      config: nativeConfig(name, options.changes),
      entrance: `${name}-alb:80`,
      // The service was created by a deployment of ECS's own, which has to be over.
      isReady: ({ traffic, slots, awsDeployments = [] }) =>
        traffic.live === "blue" &&
        slots.blue.counts.healthy === 2 &&
        awsDeployments.length > 0 &&
        awsDeployments.every(isAwsDeploymentOver),
    },
  });
  await until(async () => (await world.runtime.store.findDeploymentInFlight(name)) === null, 30_000);
  return world;
}
