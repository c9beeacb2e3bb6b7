import type { Blocker } from "./blocker.ts";

/** Whether a verb may be used now; when not, why not. */
export interface ActionState {
  allowed: boolean;
  blockers: Blocker[];
}
