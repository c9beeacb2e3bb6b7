import type { Observation } from "../domain/observation/observation.ts";
import { SLOT_COLORS, type Slot } from "../domain/observation/slot.ts";

/**
 * Whether the target health of an application that nobody watches should be read again soon, because what is cheap to read says
 * that it may have changed: counts that differ, ECS's or CloudWatch's, an alarm, an event of ECS since it was read, or health that was never read.
 */
export function isSuspicious({ slots, watchedAlarms = [] }: Observation): boolean {
  return (
    watchedAlarms.some(({ state }) => state === "ALARM") || SLOT_COLORS.some((color) => isSuspiciousSide(slots[color]))
  );
}

/** Whether nothing of the side runs, is wanted or was registered, so that reading its targets can wait longest. */
export function isEmptySide({ counts, targets }: Pick<Slot, "counts" | "targets">): boolean {
  const { desired, running, pending } = counts;
  return targets.length === 0 && desired + running + pending === 0;
}

/**
 * Whether it is this side whose target health may have changed. An empty one is, too, when ECS has something to tell of it. A whole
 * period of CloudWatch's since the targets were read that counts other unhealthy ones is newer than they are.
 */
export function isSuspiciousSide({ counts, targets, targetsReadAt, events, service, metrics }: Slot): boolean {
  if (targetsReadAt === undefined) return !isEmptySide({ counts, targets });
  const unhealthy = targets.filter(({ state }) => state === "unhealthy").length;
  const { hosts } = metrics ?? {};
  if (hosts && hosts.from >= targetsReadAt && hosts.unhealthy !== unhealthy) return true;
  if (events.some(({ at }) => at > targetsReadAt)) return true;
  if (service === undefined) return targets.some(({ state }) => state !== "healthy" && state !== "unused");
  // A group that no rule names is not checked: its targets are as good as they will be.
  const settled = targets.filter(({ state }) => state === "healthy" || state === "unused").length;
  return counts.desired !== counts.running || counts.pending > 0 || settled !== counts.running;
}
