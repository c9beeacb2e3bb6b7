import { listenerArnOf, loadBalancerName, type RuleReading } from "../aws/elb-readings.ts";
import { failureSaid } from "../aws/errors.ts";
import type { ForwardReading } from "../aws/forward-action.ts";
import { type Application, type ListenerRef, productionRefs } from "../domain/application/application.ts";
import { findShadow, takesEverything } from "../domain/observation/rule-match.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { type EarlierRule, targetGroupName } from "../domain/observation/traffic.ts";
import { inOrder, type WayIn, type WaysIn } from "../domain/observation/way-in.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { englishOf } from "../domain/sentence/told.ts";
import type { Fact, Facts } from "./facts.ts";
import { loadBalancersOf, rulesKeys } from "./gather-ways.ts";
import { rulesMovedAlong, sidesByGroup } from "./side-groups.ts";

/** The rules that are looked at before an application's own. */
export interface RulesBefore {
  /** What takes every request, when one of them does. */
  whole: Sentence | null;
  partial: EarlierRule[];
}

/** Every way in as the tables tell it; null until anything was asked. */
export function waysInOf(application: Application, facts: Facts): WaysIn | null {
  const asked = waysFacts(application, facts);
  if (asked.every((fact) => fact === null)) return null;
  const failure = asked.find((fact) => fact?.failure)?.failure;
  const isIncomplete = asked.some((fact) => fact?.value == null);
  const problem = failure ? failureSaid(failure) : isIncomplete ? say("awsError.waysNotYetRead") : null;
  const known = asked.filter((fact) => fact !== null && fact.value !== null);
  return {
    ways: inOrder(waysOf(application, facts)),
    readAt: known.length > 0 ? Math.min(...known.map((fact) => fact?.readAt ?? 0)) : 0,
    problem: problem && englishOf(problem),
    ...(problem ? { problemSaid: problem } : {}),
  };
}

/** Everything that the ways in are made from; null where it was never asked for. */
export function waysFacts(application: Application, facts: Facts): (Fact<unknown> | null)[] {
  const balancers = [...loadBalancersOf([application], facts)];
  return [
    ...[...sidesByGroup(application, facts).keys()].map((arn) => facts.groups.find(arn)),
    ...balancers.map((arn) => facts.listeners.find(arn)),
    ...balancers.flatMap((arn) => rulesKeys(arn, facts).map((listener) => facts.rules.find(listener))),
  ];
}

/** A rule that is looked at earlier and takes every request makes our weights mean nothing; one that takes some is told of. */
export function rulesBefore(application: Application, facts: Facts): RulesBefore {
  const refs = productionRefs(application);
  const all = refs.map((ref) => rulesBeforeOne(ref, application, facts));
  const whole = all.findIndex((each) => each.whole !== null);
  const said = all[whole]?.whole ?? null;
  return {
    whole: said && refs.length > 1 ? say("told.why", { what: refs[whole]?.name ?? "", why: said }) : said,
    partial: all.flatMap(({ partial }) => partial),
  };
}

function rulesBeforeOne(ref: ListenerRef, application: Application, facts: Facts): RulesBefore {
  const rules = facts.rules.find(listenerArnOf(ref))?.value ?? [];
  const own = rules.find((rule) => rule.arn === ref.arn);
  const moving = new Set(productionRefs(application).map(({ arn }) => arn));
  const test = application.testListener?.arn;
  const ours = new Set(SLOT_COLORS.map((color) => application.slots[color].targetGroupArn));
  const before = rulesAhead(own?.priority ?? null, rules).filter(({ arn }) => !moving.has(arn));
  const served = ({ forward }: RuleReading) => forward.groups.filter(({ weight }) => weight > 0);
  const names = (rule: RuleReading) => served(rule).map((group) => targetGroupName(group.targetGroupArn));
  const isOurs = (rule: RuleReading) => served(rule).some((group) => ours.has(group.targetGroupArn));
  const all = before.find(({ match }) => takesEverything(match));
  const shadow = all ? [all] : findShadow(own?.match ?? [], before);
  const to = [...new Set(shadow?.flatMap(names))].join(", ");
  return {
    whole: shadow ? (to ? say("drift.shadowTo", { what: shadowSaid(shadow), to }) : shadowSaid(shadow)) : null,
    partial: before
      .filter((rule) => !shadow?.includes(rule) && rule.arn !== test)
      // Nothing comes to one that is behind another of its kind.
      .filter((rule) => !isOurs(rule) || findShadow(rule.match, rulesAhead(rule.priority, rules)) === null)
      .map((rule) => ({
        priority: rule.priority ?? 0,
        takes: rule.takes,
        takesSaid: rule.takesSaid,
        groups: names(rule),
        isOurs: isOurs(rule),
      })),
  };
}

/** In words, the earlier rules that leave the test listener or rule no request; null where some come. */
export function shadowOfTest({ testListener }: Application, facts: Facts): Sentence | null {
  if (!testListener) return null;
  const rules = facts.rules.find(listenerArnOf(testListener))?.value ?? [];
  const own = rules.find((rule) => rule.arn === testListener.arn) ?? null;
  return shadowOf(own, rules).shadowedSaid ?? null;
}

/** Rules that are looked at before the one with this priority; null stands for the default action, which comes last. */
function rulesAhead(priority: number | null, rules: readonly RuleReading[]): RuleReading[] {
  const place = (rule: RuleReading) => rule.priority ?? Number.POSITIVE_INFINITY;
  return rules
    .filter((rule) => place(rule) < (priority ?? Number.POSITIVE_INFINITY))
    .toSorted((a, b) => place(a) - place(b));
}

/** "Rule 1 comes first and takes every request", or all of those that the later one would take. */
function shadowSaid(shadow: readonly RuleReading[]): Sentence {
  const [first, ...others] = shadow.map(({ priority }) => priority ?? 0).toSorted((a, b) => a - b);
  if (others.length > 0) return say("drift.shadowMany", { rules: [first, ...others].join(", ") });
  const isAll = shadow.every(({ match }) => takesEverything(match));
  return say(isAll ? "drift.shadowEvery" : "drift.shadowAll", { rule: String(first ?? 0) });
}

function waysOf(application: Application, facts: Facts): WayIn[] {
  const production = new Set(productionRefs(application).map(({ arn }) => arn));
  const along = rulesMovedAlong(application, facts);
  const live = sidesServed(application, facts);
  const roleOf = (arn: string, weights: WayIn["weights"]): WayIn["use"] => {
    if (production.has(arn)) return "production";
    if (application.testListener?.arn === arn || along.test.has(arn)) return "test";
    // One that somebody pointed at a side that the others do not serve moves with nobody.
    const isWithThem = SLOT_COLORS.every((color) => weights[color] === 0 || live === null || live.has(color));
    return along.production.has(arn) && isWithThem ? "production" : "other";
  };
  const sides = sidesByGroup(application, facts);
  type Place = Pick<WayIn, "arn" | "listener" | "protocol" | "priority" | "takes" | "takesSaid">;
  const way = (of: Place, forward: ForwardReading, rule: RuleReading | null, rules: readonly RuleReading[]) => {
    // What is read every second is newer than what is read with all the rest.
    const newest = facts.forwards.find(of.arn)?.value?.forward ?? forward;
    const shares = sharesOf(sides, newest);
    return shares ? [{ ...of, ...shadowOf(rule, rules), ...shares, use: roleOf(of.arn, shares.weights) }] : [];
  };
  return [...loadBalancersOf([application], facts)].flatMap((balancer) =>
    (facts.listeners.find(balancer)?.value ?? []).flatMap(({ arn, port, protocol, forward }) => {
      const place = { listener: `${loadBalancerName(balancer)}:${port}`, protocol };
      const rules = (facts.rules.find(arn)?.value ?? []).filter(({ priority }) => priority !== null);
      const takes = rules.length > 0 ? "every other request" : "every request";
      return [
        ...rules.flatMap((rule) =>
          way(
            { arn: rule.arn, ...place, priority: rule.priority, takes: rule.takes, takesSaid: rule.takesSaid },
            rule.forward,
            rule,
            rules,
          ),
        ),
        ...way({ arn, ...place, priority: null, takes }, forward, null, rules),
      ];
    }),
  );
}

/** The sides that the application's own listener or rule serves; null while that is not known. */
function sidesServed({ listener, slots }: Application, facts: Facts): Set<SlotColor> | null {
  const groups = facts.forwards.find(listener.arn)?.value?.forward.groups;
  const serves = (color: SlotColor) =>
    groups?.some(({ targetGroupArn, weight }) => targetGroupArn === slots[color].targetGroupArn && weight > 0);
  return groups ? new Set(SLOT_COLORS.filter(serves)) : null;
}

/** The earlier rules that leave a rule, or the default action, no request. */
function shadowOf(rule: RuleReading | null, rules: readonly RuleReading[]): Pick<WayIn, "shadowedBy" | "shadowedSaid"> {
  const shadow = findShadow(rule?.match ?? [], rulesAhead(rule?.priority ?? null, rules));
  const said = shadow && shadowSaid(shadow);
  return said ? { shadowedBy: inEnglish(said), shadowedSaid: said } : {};
}

/** Null where the action forwards to neither side. A group that both sides' tasks are in counts for each. */
function sharesOf(
  sides: ReadonlyMap<string, readonly SlotColor[]>,
  { groups }: ForwardReading,
): Pick<WayIn, "weights" | "others" | "through"> | null {
  const weights = { blue: 0, green: 0 };
  const others: WayIn["others"] = [];
  const through: string[] = [];
  const own = new Set([...sides.keys()].slice(0, SLOT_COLORS.length));
  let isOurs = false;
  for (const { targetGroupArn, weight } of groups) {
    const colors = sides.get(targetGroupArn);
    const name = targetGroupName(targetGroupArn);
    if (!colors) others.push({ name, weight });
    for (const color of colors ?? []) weights[color] += weight;
    if (colors && !own.has(targetGroupArn)) through.push(name);
    isOurs ||= colors !== undefined;
  }
  return isOurs ? { weights, others, ...(through.length > 0 ? { through } : {}) } : null;
}
