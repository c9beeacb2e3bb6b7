import type { SlotColor } from "../observation/slot.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { type Deployment, isInFlight } from "./deployment.ts";

/** The time in which an old side is kept warm for a rollback. */
export interface OpenWindow {
  /** Whose it is. */
  deploymentId: string;
  /** The side that it keeps. */
  keeps: SlotColor;
  /** Epoch ms. */
  until: number;
  /** The deployment's own bake, or the time after it has ended. */
  phase: "bake" | "kept";
}

/**
 * Epoch ms until which the old side is kept warm after a switch or release that ended well; null where no window was
 * configured, and for what brought back the old side.
 */
export function windowEnd(deployment: Deployment): number | null {
  const { status, kind, finishedAt, windowMinutes, windowUntil } = deployment;
  if (status !== "SUCCESSFUL" || kind === "ROLLBACK" || finishedAt === null || !windowMinutes) return null;
  return windowUntil ?? finishedAt + windowMinutes * 60_000;
}

/** Whether rollback is still promised to be instant. */
export function isWindowOpen(deployment: Deployment | null, now: number): boolean {
  const end = deployment && windowEnd(deployment);
  return end !== null && now < end;
}

/** The deployment with its window's end moved, no later than `latest`; as it is once that has closed. */
export function extendKept(deployment: Deployment, minutes: number, latest: number): Deployment {
  const end = windowEnd(deployment);
  if (isInFlight(deployment) || end === null) return deployment;
  return { ...deployment, windowUntil: Math.max(end, Math.min(end + minutes * 60_000, latest)) };
}

/** In which rollback is instant because the other side is still warm. `until` is epoch ms, null while nothing will end it. */
export interface RollbackWindow {
  until: number | null;
  instant: boolean;
  estimateSeconds: number;
  /** Whether `until` is the bake's end, or that of the window after it; left out while there is no end. */
  phase?: "bake" | "kept";
  /** Where AWS drives, how long it took the last time: in flight to roll back, afterwards to deploy without waits; left out before the first. */
  lastRollbackSeconds?: number;
  /** How long the last real scale-up took; left out before the first. */
  lastScaleUpSeconds?: number;
  /** What a cold rollback does to start what was deregistered; left out where it simply starts it. */
  startNote?: string;
  /** `startNote` in no language yet. */
  startSaid?: Sentence;
  /** Epoch ms at which it was last checked that the cold side can be started; left out until it was. */
  startCheckedAt?: number;
  /** Where the old side is to be scaled down by itself: why that waits. */
  scaleDown?: { waitsFor: Blocker[] };
}
