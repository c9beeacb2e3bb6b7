import type { RolloutStep } from "../observation/rollout.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";
import type { Weights } from "../observation/traffic.ts";
import type { Baseline } from "./breach-record.ts";

/** One write of weights that a deployment asked for. */
export interface Shift {
  to: SlotColor;
  /** What the listener or rule has to hold for the write to be made. */
  expected: Weights;
  /** Epoch ms at which the write was (or was about to be) sent; null before. */
  sentAt: number | null;
  /** Until it read back as asked; null before. */
  readBackMs: number | null;
  /** Which of the deployment's steps it is; the first one when left out. */
  step?: number;
  /** Epoch ms at which a later step fell due; the first one does with its stage. */
  dueAt?: number;
}

/** One step of moving traffic, as it is planned and as it went. */
export interface ShiftStep extends RolloutStep {
  /** Epoch ms at which its weights were sent, as read back since; null before. */
  shiftedAt: number | null;
  /** Until the rule read back exactly as asked; null before. */
  readBackMs: number | null;
  /** End of its bake; null before it, and for the last step. */
  bakeUntil: number | null;
  /** Until the new side was seen to serve a request, in ms after the write; left out until then. */
  firstRequestMs?: number;
}

/** What the engine needs to go on after a crash; none of it is for people. */
export interface DeploymentPlan {
  /**
   * What a release registers (a copy of what the side runs, or of the task definition `from`), or the one that is started as it is;
   * null when `to` is moved as it is.
   */
  requested: { image: string; from?: string } | { taskDefinition: string } | null;
  /** Tasks `to` is started with; null until decided. */
  desired: number | null;
  /** What `to` ran before, and how many, to be put back when the new revision does not come up. */
  before: { revision: Revision | null; desired: number };
  /** The newest shift asked for; null until the first. */
  shift: Shift | null;
  /** The test listener: what it held before, and whether it was moved and put back; left out until it is looked at. */
  test?: { before: Weights; sentAt: number | null; isBack: boolean; tries: number };
  /** Epoch ms of the newest look for verification; null before the first. */
  provedAt: number | null;
  /** Epoch ms since which the weights are other than written, by somebody else; null while they are as written. */
  strayedAt: number | null;
  /** Epoch ms at which the rollback began; null while going forward. */
  turnedAt: number | null;
  /** Whether the old side was started again during the rollback. */
  oldSideStarted: boolean;
  /** Whether the last log lines of a failure were read. */
  evidenceRead: boolean;
  /** Epoch ms at which stopping began; left out before. */
  stoppingAt?: number;
  /** Whether `to` was put back to what it ran before (or nothing had to be). */
  restored: boolean;
  /** The rollback made without the database that this record has taken in; left out where there was none. */
  lateId?: string | undefined;
  /** The old side's requests before the shift; left out until they are known. */
  baseline?: Baseline;
}
