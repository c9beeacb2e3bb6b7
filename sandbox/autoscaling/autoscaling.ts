import type { SandboxBase, SimulatedService } from "../service.ts";
import { policyOperations } from "./policy-operations.ts";
import { scaleWhatIsDue } from "./scale.ts";
import { scheduledOperations } from "./scheduled-operations.ts";
import { targetOperations } from "./target-operations.ts";
import type { AutoscalingPorts, AutoscalingWorld } from "./world.ts";

/** Simulated Application Auto Scaling of ECS's services. */
export interface SimulatedAutoscaling {
  service: SimulatedService;
  /** Forgets every scalable target. */
  reset(): void;
  /** As `reset`, for good. */
  close(): void;
}

const TICK_MS = 10_000;

/** Without scalable targets; scales on the sandbox's clock until it is closed. */
export function createAutoscaling(base: SandboxBase, ports: AutoscalingPorts): SimulatedAutoscaling {
  const world: AutoscalingWorld = { base, ports, targets: new Map(), activities: [] };
  const timer = base.clock.every(TICK_MS, () => scaleWhatIsDue(world));
  const reset = () => {
    world.targets.clear();
    world.activities.length = 0;
  };
  return {
    service: {
      name: "application-autoscaling",
      operations: { ...targetOperations(world), ...policyOperations(world), ...scheduledOperations(world) },
    },
    reset,
    close() {
      timer.cancel();
      reset();
    },
  };
}
