import type { Application } from "../domain/application/application.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { type Facts, serviceKey } from "./facts.ts";
import { sidesOf } from "./task-set-sides.ts";

/**
 * The sides by the ARNs of the target groups that get their tasks: each side's own, and every further one that its service or task
 * sets register with, which may be both sides'. Where AWS moves the traffic its further groups are its own business.
 */
export function sidesByGroup(application: Application, facts: Pick<Facts, "registrations">): Map<string, SlotColor[]> {
  const sides = new Map<string, SlotColor[]>(
    SLOT_COLORS.map((color) => [application.slots[color].targetGroupArn, [color]]),
  );
  const own = new Set(sides.keys());
  for (const color of SLOT_COLORS)
    for (const arn of registeredWith(application, color, facts))
      if (!own.has(arn)) sides.set(arn, [...new Set([...(sides.get(arn) ?? []), color])]);
  return sides;
}

function registeredWith(
  application: Application,
  color: SlotColor,
  { registrations }: Pick<Facts, "registrations">,
): readonly string[] {
  const { service } = application.slots[color];
  const known = service === null ? undefined : registrations.get(serviceKey(application.cluster, service));
  if (!known) return [];
  if (CAPABILITIES[application.controller].sides === "services") return known.targetGroupArns;
  if (application.controller !== "task-set") return [];
  const own = known.taskSets.filter((set) => sidesOf(application, set).includes(color));
  return own.flatMap(({ targetGroupArns }) => targetGroupArns);
}
