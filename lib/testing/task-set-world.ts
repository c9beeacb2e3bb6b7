import type { SandboxOptions } from "../../sandbox/sandbox-options.ts";
import type { AwsOptions } from "../aws/aws.ts";
import { type ApplicationConfig, applicationSchema } from "../config/application-config.ts";
import { type LibraryWorld, startLibraryWorld } from "./library-world.ts";

/** The entry of `library` in switchyard.yaml where it is one service with task sets, with changes. */
export function taskSetConfig(changes: Record<string, unknown> = {}): ApplicationConfig {
  return applicationSchema.parse({
    name: "library",
    cluster: "library-management-cluster",
    controller: "task-set",
    service: "library-service",
    listener: { loadBalancer: "library-alb", port: 80 },
    testListener: { loadBalancer: "library-alb", port: 81 },
    blue: { targetGroup: "library-blue-tg" },
    green: { targetGroup: "library-green-tg" },
    container: "library",
    repository: "library-management-system",
    stableChecks: 1,
    ...changes,
  });
}

/** Like `startLibraryWorld`, with the seeded world: a task set for each side of `library`, and `catalog` beside it. */
export function startTaskSetWorld(
  options: { sandbox?: SandboxOptions; aws?: Partial<AwsOptions> } = {},
): Promise<LibraryWorld> {
  return startLibraryWorld({ ...options, sandbox: { seed: true, ...options.sandbox }, config: taskSetConfig() });
}
