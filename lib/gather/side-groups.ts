import type { ServicePair } from "../aws/service-reading.ts";
import type { Application } from "../domain/application/application.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import { otherColor, SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { type Facts, type Registrations, serviceKey } from "./facts.ts";
import { colorOfGroups } from "./native-sides.ts";
import { sidesOf } from "./task-set-sides.ts";

type Known = Pick<Facts, "registrations" | "serviceRevisions">;

/**
 * The sides by the ARNs of the target groups that get their tasks: each side's own, and every further one that its service, task
 * sets or service revisions register with, which may be both sides'.
 */
export function sidesByGroup(application: Application, facts: Known): Map<string, SlotColor[]> {
  const sides = new Map<string, SlotColor[]>(
    SLOT_COLORS.map((color) => [application.slots[color].targetGroupArn, [color]]),
  );
  const own = new Set(sides.keys());
  for (const color of SLOT_COLORS)
    for (const arn of registeredWith(application, color, facts))
      if (!own.has(arn)) sides.set(arn, [...new Set([...(sides.get(arn) ?? []), color])]);
  return sides;
}

/** Rules that AWS moves together with the application's own, because a further load balancer entry of its service names them. */
export function rulesMovedAlong(application: Application, facts: Known): Record<"production" | "test", Set<string>> {
  const pairs = furtherPairs(application, readingOf(application, "blue", facts));
  return {
    production: new Set(pairs.map(({ productionRule }) => productionRule)),
    test: new Set(pairs.flatMap(({ testRule }) => testRule ?? [])),
  };
}

function registeredWith(application: Application, color: SlotColor, facts: Known): readonly string[] {
  const known = readingOf(application, color, facts);
  if (!known) return [];
  switch (CAPABILITIES[application.controller].sides) {
    case "services":
      return known.targetGroupArns;
    case "task sets":
      return known.taskSets
        .filter((set) => sidesOf(application, set).includes(color))
        .flatMap(({ targetGroupArns }) => targetGroupArns);
    case "service revisions":
      return furtherPairs(application, known).map((pair) => sidesOfPair(application, pair, known, facts)[color]);
  }
}

function readingOf(
  { cluster, slots }: Application,
  color: SlotColor,
  { registrations }: Known,
): Registrations | undefined {
  const { service } = slots[color];
  return service === null ? undefined : registrations.get(serviceKey(cluster, service));
}

/** Those beside the pair that the application's sides are. */
function furtherPairs({ controller, slots }: Application, known: Registrations | undefined): ServicePair[] {
  if (!known || CAPABILITIES[controller].sides !== "service revisions") return [];
  const own = slots.blue.targetGroupArn;
  return [...(known.pair ? [known.pair] : []), ...known.furtherPairs].filter((pair) => !groupsOf(pair).includes(own));
}

/**
 * Which group of a further pair is which side's: by what ECS says a revision is registered with. Assumption, where it says
 * nothing: every entry's first group belongs together.
 */
function sidesOfPair(
  application: Application,
  pair: ServicePair,
  { pair: first, serviceRevisions }: Registrations,
  facts: Known,
): Record<SlotColor, string> {
  const groups = groupsOf(pair);
  const told = serviceRevisions
    .map((arn) => facts.serviceRevisions.find(arn)?.value?.servesFrom ?? [])
    .find((each) => each.some((arn) => groups.includes(arn)) && colorOfGroups(application, each) !== null);
  const group = told?.find((arn) => groups.includes(arn)) ?? pair.targetGroupArn;
  const color = colorOfGroups(application, told ?? [first?.targetGroupArn ?? ""]) ?? "blue";
  const other = groups.find((arn) => arn !== group) ?? group;
  return { ...{ blue: other, green: other }, [color]: group, [otherColor(color)]: other };
}

function groupsOf({ targetGroupArn, alternateTargetGroupArn }: ServicePair): string[] {
  return [targetGroupArn, alternateTargetGroupArn];
}
