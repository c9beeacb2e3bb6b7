import type { SlotColor } from "../observation/slot.ts";
import type { Weights } from "../observation/traffic.ts";
import type { Told } from "../sentence/told.ts";

/** One thing to do in AWS, whatever the controller. */
export type Move =
  | {
      type: "startSide";
      slot: SlotColor;
      revision: { image: string; from?: string } | { taskDefinition: string };
      desired: number;
    }
  | { type: "waitHealthy"; slot: SlotColor }
  | { type: "shift"; to: SlotColor; weights: Weights }
  | { type: "retireSide"; slot: SlotColor }
  /** Where AWS drives. `deployment` is AWS's id. */
  | { type: "startAws"; revision: { image: string } | { taskDefinition: string }; isRollback?: true }
  | { type: "answerGate"; deployment: string; gate: string; action: "CONTINUE" | "ROLLBACK" }
  | { type: "rollBackAws"; deployment: string };

/** What an action comes to in AWS, and what a person who does it by hand should know. */
export interface ManualMoves {
  moves: Move[];
  note: Told | null;
}

/** What a release is asked to run, and the side of a switch; both left out mean what the rules would choose. */
export interface MoveRequest {
  to?: SlotColor | undefined;
  revision?: { image: string; from?: string } | { taskDefinition: string } | undefined;
}
