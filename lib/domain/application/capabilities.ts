import type { ControllerName } from "./controller-name.ts";

/** What a way of deploying can and cannot do. Rules, pages and the engine ask this instead of asking for a controller's name. */
export interface Capabilities {
  /** Who moves traffic: Switchyard writes the listener, or AWS does and Switchyard starts, follows, answers and stops. */
  driver: "switchyard" | "aws";
  /** Whether traffic can be moved to the other side without releasing anything. */
  switchAlone: boolean;
  /** Whether the one who deploys may choose how traffic moves; otherwise the service's or deployment group's own settings say so. */
  choosesRollout: boolean;
  /** Who ends the life of the old side, and whether its end can be moved. */
  oldSide: "window" | "aws-bake" | "termination-wait";
  /** How what was live comes back once the deployment has ended: by weights while it is warm, or by a deployment of its revision. */
  rollbackAfterwards: "weights" | "deployment";
  /** Whether a rollback is possible while the database is away. */
  worksWithoutStore: boolean;
}

const SWITCHYARD_DRIVES: Capabilities = {
  driver: "switchyard",
  switchAlone: true,
  choosesRollout: true,
  oldSide: "window",
  rollbackAfterwards: "weights",
  worksWithoutStore: true,
};

const AWS_DRIVES: Omit<Capabilities, "oldSide"> = {
  driver: "aws",
  switchAlone: false,
  choosesRollout: false,
  rollbackAfterwards: "deployment",
  worksWithoutStore: false,
};

/** By controller. */
export const CAPABILITIES: Readonly<Record<ControllerName, Capabilities>> = {
  "paired-services": SWITCHYARD_DRIVES,
  "task-set": SWITCHYARD_DRIVES,
  "ecs-native": { ...AWS_DRIVES, oldSide: "aws-bake" },
  "code-deploy": { ...AWS_DRIVES, oldSide: "termination-wait" },
};

/** Whether AWS moves the application's traffic, and Switchyard follows. */
export function isDrivenByAws(controller: ControllerName): boolean {
  return CAPABILITIES[controller].driver === "aws";
}
