import type { Deployment } from "../deployment/deployment.ts";
import { activeTargets } from "../observation/side-health.ts";
import type { Slot, SlotColor } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Blocker, BlockerCode } from "../verb/blocker.ts";

/**
 * What an approver's word can stand against: judgements about health, about errors and about what somebody else changed. An unknown
 * listener, an old look, something in flight and an empty side are no judgements.
 */
const OVERRIDABLE: ReadonlySet<BlockerCode> = new Set([
  "STANDBY_NOT_HEALTHY",
  "STANDBY_TOO_SMALL",
  "STANDBY_NOT_STABLE",
  "STANDBY_FLAPPING",
  "OLD_SIDE_NOT_HEALTHY",
  "DRIFT_NOT_ACKNOWLEDGED",
  "NEW_ERROR_KINDS",
]);

/** The blockers that no override takes away. */
export function withoutOverridable(blockers: readonly Blocker[]): Blocker[] {
  return blockers.filter(({ code }) => !OVERRIDABLE.has(code));
}

/** Whether there is something to override, and nothing else in the way. */
export function canBeOverridden(blockers: readonly Blocker[]): boolean {
  return blockers.length > 0 && withoutOverridable(blockers).length === 0;
}

/** Blockers at the moment of the write that the deployment's override does not cover. */
export function findUncovered(
  blockers: readonly Blocker[],
  { override }: Pick<Deployment, "override">,
  to: SlotColor,
): Blocker[] {
  return override?.to === to ? withoutOverridable(blockers) : [...blockers];
}

/** Whether a person let this side take traffic although it is not well; never one that has no target at all. */
export function mayServeSick({ override }: Pick<Deployment, "override">, slot: Slot): boolean {
  return override?.to === slot.color && activeTargets(slot).length > 0;
}

/** What traffic on this side would meet, for whoever is about to override. */
export function overrideConsequence(slot: Slot): Sentence {
  const targets = activeTargets(slot).length;
  const { healthy } = slot.counts;
  if (healthy === 0) return say("health.allSick", { side: slot.color, targets });
  return say("health.takesAll", { side: slot.color, healthy, targets });
}
