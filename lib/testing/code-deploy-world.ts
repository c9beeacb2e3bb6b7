import { onTestFinished } from "vitest";
import { testClock } from "../../sandbox/clock.ts";
import { createSandbox } from "../../sandbox/sandbox.ts";
import { createAws } from "../aws/aws.ts";
import { resolveApplication } from "../aws/resolve.ts";
import { type ApplicationConfig, applicationSchema } from "../config/application-config.ts";
import { createControllers } from "../controllers/registry.ts";
import { SHIPPED_POLICY } from "./shipped-policy.ts";
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

/** The product's AWS side alone, at the sandbox's whole world on virtual tasks and a clock that is moved by hand. For the running test. */
export async function startMembersWorld() {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const clock = testClock();
  const options = {
    seed: "all",
    clock,
    randomSeed: 7,
    throttling: false,
    ecs: { virtual: true },
    policy: SHIPPED_POLICY,
  } as const;
  const sandbox = await createSandbox(options);
  const limit = { burst: 1_000, perSecond: 1_000, share: 1 };
  const limits = { "codedeploy-modify": limit, "codedeploy-read": limit };
  const aws = createAws({ region: sandbox.place.region, endpoint: sandbox.url, limits });
  onTestFinished(async () => {
    aws.destroy();
    await sandbox.close();
  });
  /** What would be sent over the wire otherwise. */
  const ask = async <Output>(operation: string, input: object): Promise<Output> => {
    const handler = sandbox.codedeploy.operations[operation];
    if (!handler) throw new Error(`${operation} is missing`);
    return (await handler(input, { requestId: "test", signal: new AbortController().signal })) as Output;
  };
  return {
    sandbox,
    aws,
    ask,
    resolve: (changes: Record<string, unknown> = {}) => resolveApplication(aws, membersConfig(changes)),
    driver: createControllers(aws, clock.now)["code-deploy"],
    async pass(seconds: number) {
      for (let ms = 0; ms < seconds * 1000; ms += 500) {
        clock.advance(500);
        // Health checks of virtual targets come true on the clock alone, but not all at once.
        await Promise.resolve();
      }
    },
  };
}
