import type { SandboxBase, SimulatedService } from "../service.ts";
import { type CodedeployPorts, CodedeployState } from "./codedeploy-state.ts";
import { CODEDEPLOY_TIMINGS } from "./codedeploy-timings.ts";
import { deploymentOperations } from "./deployment-operations.ts";
import { createDeployments } from "./deployments.ts";
import { groupOperations } from "./group-operations.ts";
import { tagOperations } from "./tag-operations.ts";

/** Simulated CodeDeploy for services of ECS: applications, groups, deployments, and what they do to task sets and listeners. */
export interface SimulatedCodedeploy {
  service: SimulatedService;
  /** Forgets every application and deployment. */
  reset(): void;
  /** As `reset`, for good. */
  close(): void;
}

/** Starts an empty CodeDeploy. */
export function createCodedeploy(
  base: SandboxBase,
  ports: CodedeployPorts,
  profile: "fast" | "aws" = "fast",
): SimulatedCodedeploy {
  const state = new CodedeployState(base, ports, CODEDEPLOY_TIMINGS[profile]);
  const deployments = createDeployments(state);
  const timer = base.clock.every(state.timings.tickMs, () => deployments.tick());
  const reset = () => {
    for (const { run } of state.deployments.values()) run?.cancel();
    for (const part of [state.applications, state.configs, state.deployments, state.tags]) part.clear();
  };
  return {
    service: {
      name: "codedeploy",
      operations: { ...groupOperations(state), ...deploymentOperations(state, deployments), ...tagOperations(state) },
    },
    reset,
    close() {
      timer.cancel();
      reset();
    },
  };
}
