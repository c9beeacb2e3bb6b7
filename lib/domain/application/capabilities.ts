import type { ControllerName } from "./controller-name.ts";

/** What a way of deploying can and cannot do. Rules, pages and the engine ask this instead of asking for a controller's name. */
export interface Capabilities {
  /** Who moves traffic: Switchyard writes the listener, or AWS does and Switchyard starts, follows, answers and stops. */
  driver: "switchyard" | "aws";
  /** Who that is, by the name that people know. */
  moves: "Switchyard" | "ECS" | "CodeDeploy";
  /** What ECS keeps a side in: a service of its own, or task sets or service revisions of one that both sides share. */
  sides: "services" | "task sets" | "service revisions";
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

const SWITCHYARD_DRIVES: Omit<Capabilities, "sides"> = {
  driver: "switchyard",
  moves: "Switchyard",
  switchAlone: true,
  choosesRollout: true,
  oldSide: "window",
  rollbackAfterwards: "weights",
  worksWithoutStore: true,
};

const AWS_DRIVES: Omit<Capabilities, "moves" | "sides" | "oldSide"> = {
  driver: "aws",
  switchAlone: false,
  choosesRollout: false,
  rollbackAfterwards: "deployment",
  worksWithoutStore: false,
};

/** By controller. */
export const CAPABILITIES: Readonly<Record<ControllerName, Capabilities>> = {
  "paired-services": { ...SWITCHYARD_DRIVES, sides: "services" },
  "task-set": { ...SWITCHYARD_DRIVES, sides: "task sets" },
  "ecs-native": { ...AWS_DRIVES, moves: "ECS", sides: "service revisions", oldSide: "aws-bake" },
  "code-deploy": { ...AWS_DRIVES, moves: "CodeDeploy", sides: "task sets", oldSide: "termination-wait" },
};

/** Whether AWS moves the application's traffic, and Switchyard follows. */
export function isDrivenByAws(controller: ControllerName): boolean {
  return CAPABILITIES[controller].driver === "aws";
}
