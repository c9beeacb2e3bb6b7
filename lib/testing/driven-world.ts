import { onTestFinished } from "vitest";
import { testClock } from "../../sandbox/clock.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { DeploymentDriver } from "../controllers/controller.ts";
import { createControllers } from "../controllers/registry.ts";
import type { Application } from "../domain/application/application.ts";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { SHIPPED_POLICY } from "./shipped-policy.ts";

/** The sandbox's whole world on virtual tasks, and the product's AWS side at one service that AWS deploys itself. */
export interface DrivenWorld {
  sandbox: Sandbox;
  aws: Aws;
  driver: DeploymentDriver;
  /** The application as it is configured, with changes. */
  resolve(changes?: Record<string, unknown>): Promise<Application>;
  /** What would be sent to CodeDeploy over the wire otherwise. */
  ask<Output>(operation: string, input: object): Promise<Output>;
  /** Moves time on. */
  pass(seconds: number): Promise<void>;
  /** Switches a fault on; once unless said otherwise. */
  fault(kind: Fault["kind"], on: Partial<Omit<Fault, "id" | "hits" | "kind">> & { service: string }): Fault;
  /** How often an operation was called, as "ecs.UpdateService". */
  calls(operation: string): number;
}

/** Takes what ends it. */
export type WhenOver = (end: () => Promise<void>) => void;

const FAMILIES = [
  "ecs-service-read",
  "ecs-service-modify",
  "ecs-deployment-read",
  "ecs-resource-read",
  "ecs-definition-read",
  "ecs-definition-modify",
  "codedeploy-read",
  "codedeploy-modify",
  "elb-read",
] as const;

/** Starts it for the running test unless said otherwise, on a clock that is moved by hand. */
export async function startDrivenWorld(
  controller: "ecs-native" | "code-deploy",
  config: (changes: Record<string, unknown>) => ApplicationConfig,
  whenOver: WhenOver = onTestFinished,
): Promise<DrivenWorld> {
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
  // Time is moved by hand, and budgets go by the real one.
  const plenty = { burst: 10_000, perSecond: 10_000, share: 1 };
  const limits = Object.fromEntries(FAMILIES.map((family) => [family, plenty]));
  const aws = createAws({ region: sandbox.place.region, endpoint: sandbox.url, limits });
  whenOver(async () => {
    aws.destroy();
    await sandbox.close();
  });
  return {
    sandbox,
    aws,
    driver: createControllers(aws, clock.now)[controller],
    resolve: (changes = {}) => resolveApplication(aws, config(changes)),
    async ask<Output>(operation: string, input: object) {
      const handler = sandbox.codedeploy.operations[operation];
      if (!handler) throw new Error(`${operation} is missing`);
      return (await handler(input, { requestId: "test", signal: new AbortController().signal })) as Output;
    },
    async pass(seconds) {
      for (let ms = 0; ms < seconds * 1000; ms += 500) {
        clock.advance(500);
        // Health checks of virtual targets come true on the clock alone, but not all at once.
        await Promise.resolve();
      }
    },
    fault: (kind, on) =>
      sandbox.faults.add({ operation: null, rate: 1, ms: 0, remaining: 1, phase: "before", ...on, kind }),
    calls: (operation) => sandbox.calls.counts()[operation]?.count ?? 0,
  };
}
