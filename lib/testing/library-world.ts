import { onTestFinished } from "vitest";
import type { Fault } from "../../sandbox/faults.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import type { SandboxOptions } from "../../sandbox/sandbox-options.ts";
import { type Aws, type AwsOptions, createAws } from "../aws/aws.ts";
import { type ApplicationConfig, applicationSchema } from "../config/application-config.ts";
import { type TrafficDriver, trafficDriverOf } from "../controllers/controller.ts";
import { type Controllers, createControllers } from "../controllers/registry.ts";
import type { Application } from "../domain/application/application.ts";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { LIBRARY_SETTINGS } from "./library-settings.ts";
import { SHIPPED_POLICY } from "./shipped-policy.ts";

/** Budgets ten times AWS's, for a world ten times as fast, so that a test that asks much waits for no bucket. */
export const FAST_LIMITS: NonNullable<AwsOptions["limits"]> = {
  "elb-read": { burst: 400, perSecond: 100, share: 0.5 },
  "ecs-resource-read": { burst: 1000, perSecond: 200, share: 0.5 },
};

/** The world with a service for each side of `library`, on virtual tasks, and the product's AWS side pointed at it. */
export interface LibraryWorld {
  sandbox: Sandbox;
  aws: Aws;
  config: ApplicationConfig;
  application: Application;
  controllers: Controllers;
  controller: TrafficDriver;
  /** Switches a fault on; count 1 unless said otherwise. */
  fault(kind: Fault["kind"], on: Partial<Omit<Fault, "id" | "hits" | "kind">> & { service: string }): Fault;
  /** How often an operation was called, as "ecs.DescribeServices". */
  calls(operation: string): number;
}

/** The entry of `library` in switchyard.yaml where it has a service for each side, with changes. */
export function libraryConfig(changes: Record<string, unknown> = {}): ApplicationConfig {
  return applicationSchema.parse({
    ...LIBRARY_SETTINGS,
    testListener: { loadBalancer: "library-alb", port: 81 },
    ...changes,
  });
}

/** Starts it for the running test and takes it down afterwards. Ten times as fast as real time. */
export async function startLibraryWorld(
  options: { sandbox?: SandboxOptions; aws?: Partial<AwsOptions>; config?: ApplicationConfig } = {},
): Promise<LibraryWorld> {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const sandbox = await createSandbox({
    seed: "paired",
    speed: 10,
    throttling: false,
    policy: SHIPPED_POLICY,
    ecs: { virtual: true },
    ...options.sandbox,
  });
  const aws = createAws({
    region: sandbox.place.region,
    endpoint: sandbox.url,
    // No test asks a registry that somebody runs.
    registryFetch: () => Promise.reject(new TypeError("fetch failed")),
    ...options.aws,
  });
  onTestFinished(async () => {
    aws.destroy();
    await sandbox.close();
  });
  const config = options.config ?? libraryConfig();
  const application = await resolveApplication(aws, config);
  const controllers = createControllers(aws);
  const controller = trafficDriverOf(controllers, application);
  return {
    sandbox,
    aws,
    config,
    application,
    controllers,
    controller,
    fault: (kind, on) =>
      sandbox.faults.add({ operation: null, rate: 1, ms: 0, remaining: 1, phase: "before", ...on, kind }),
    calls: (operation) => sandbox.calls.counts()[operation]?.count ?? 0,
  };
}

const UNTIL_MS = 30_000;

/** Waits until the condition holds; fails after half a minute, which a busy machine may need. */
export async function until(condition: () => boolean | Promise<boolean>, what = "the condition"): Promise<void> {
  const end = Date.now() + UNTIL_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ${UNTIL_MS / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
