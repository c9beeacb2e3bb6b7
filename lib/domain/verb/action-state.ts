import type { Blocker } from "./blocker.ts";

/** Whether a verb may be used now; when not, why not. */
export interface ActionState {
  allowed: boolean;
  blockers: Blocker[];
  /** False where this way of deploying knows no such thing: pages leave it out. True when left out. */
  offered?: false;
}
