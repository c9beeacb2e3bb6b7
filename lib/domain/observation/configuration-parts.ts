import { type Sentence, say } from "../sentence/sentence.ts";
import { shortName } from "../text/short-name.ts";
import type { Observation } from "./observation.ts";
import { isLeaving } from "./side-health.ts";
import { SLOT_COLORS, type Slot, type SlotColor, type Target } from "./slot.ts";
import { joinTargets, targetNameOf } from "./task-target.ts";
import { isSame, type Traffic, type Weights } from "./traffic.ts";

const SIDE_PARTS = [
  "targetGroup",
  "taskDefinition",
  "desired",
  "stickiness",
  "deregistrationDelay",
  "foreignTargets",
  "missingTargets",
] as const;
type SidePart = (typeof SIDE_PARTS)[number];

/** One thing about an application in AWS that only Switchyard is expected to change. */
export type ConfigurationPart = "listener" | "weights" | "groupStickiness" | `${SlotColor}.${SidePart}`;

/** ECS registers and deregisters a task's target within this time, and the two are read by two calls. */
const REGISTRATION_MS = 10_000;
const STARTING_MS = 60_000;
const NONE = "none";
/** Tasks and targets of one look are asked for together and answered within a second, unless AWS or the budget holds one up. */
const MOST_APART_MS = 1_000;

type Parts = Partial<Record<ConfigurationPart, string>>;

/**
 * The listener's, services' and target groups' configuration as one look shows it; what was not read is left out. Targets of
 * nobody's count once they have stood there for a while, unless they are `expected` or nothing is yet: then they came before.
 */
export function configurationParts(look: Observation, expected: Readonly<Parts> = {}): Parts {
  const parts: Parts = {};
  const { traffic } = look;
  parts.listener = movingRefs(traffic).map(identity).join(", ");
  // A forward to other groups has its own refusal, which nobody can acknowledge away.
  if (!traffic.drift) {
    parts.weights = trafficPart(traffic);
    parts.groupStickiness = seconds(traffic.groupStickinessSeconds);
  }
  for (const color of SLOT_COLORS) {
    const slot = look.slots[color];
    parts[`${color}.targetGroup`] = identity({ name: slot.targetGroupName, arn: slot.targetGroupArn });
    if (!slot.isRevisionUnread) parts[`${color}.taskDefinition`] = slot.revision?.taskDefinition ?? NONE;
    parts[`${color}.desired`] = String(slot.counts.desired);
    if (slot.isConfigurationKnown) {
      parts[`${color}.stickiness`] = seconds(slot.stickinessSeconds);
      parts[`${color}.deregistrationDelay`] = seconds(slot.deregistrationDelaySeconds);
    }
    parts[`${color}.foreignTargets`] = list(
      foreignTargets(slot, look.observedAt, expected[`${color}.foreignTargets`] ?? null),
    );
    const missing = missingTargets(slot, look.observedAt);
    if (missing.length === 0 || !isBeforeTargets(slot)) parts[`${color}.missingTargets`] = list(missing);
  }
  return parts;
}

/** Every listener and rule that moves with a switch. */
function movingRefs({ together, listenerOrRuleArn, name }: Traffic): { name: string; arn: string }[] {
  return together?.map(({ name, arn }) => ({ name, arn })) ?? [{ name, arn: listenerOrRuleArn }];
}

/** "library-alb HTTP:80 (f2f7dc8efc522ab2)": AWS gives what is made anew under a name another id. */
function identity({ name, arn }: { name: string; arn: string }): string {
  return `${name} (${shortName(arn)})`;
}

/** What all hold that move together; each with its name while they differ. */
function trafficPart({ together = [], weights }: Traffic): string {
  const isOne = together.every((each) => isSame(each.weights, together[0]?.weights ?? weights));
  return isOne
    ? weightsPart(weights)
    : together.map((each) => `${weightsPart(each.weights)} (${each.name})`).join(", ");
}

/** The weights in a part, of each that moves together. */
export function weightsInPart(part: string): string[] {
  return part.split("), ").map((each) => each.replace(/ \(.*$/, ""));
}

/** Weights as a part holds them: blue's, then green's. */
export function weightsPart({ blue, green }: Weights): string {
  return `${blue}/${green}`;
}

/** Whether autoscaling may change it as well. */
export function isCount(part: ConfigurationPart): boolean {
  return part.endsWith(".desired");
}

/** The side that a part is about; null for the listener. */
export function sideOfPart(part: ConfigurationPart): SlotColor | null {
  return SLOT_COLORS.find((color) => part.startsWith(`${color}.`)) ?? null;
}

/** "Weights changed from 100/0 to 80/20", without time. */
export function partChangeSaid({ part, from, to }: { part: ConfigurationPart; from: string; to: string }): Sentence {
  if (part === "listener" || part === "weights" || part === "groupStickiness")
    return say(`drift.${part}`, { from, to });
  const [side, name] = part.split(".") as [SlotColor, SidePart];
  if (name === "taskDefinition") return say("drift.taskDefinition", { side, from: shortName(from), to: shortName(to) });
  return say(`drift.${name}`, { side, from, to });
}

function foreignTargets(slot: Slot, now: number, expected: string | null): string[] {
  const before = expected === null ? null : new Set(namesOf(expected));
  const at = Math.min(now, slot.tasksReadAt ?? now);
  return joinTargets(slot.tasks, slot.targets)
    .strangers.filter((target) => !isLeaving(target))
    .map((target) => ({ name: `${target.id}:${target.port}`, isNew: at - target.since <= REGISTRATION_MS }))
    .filter(({ name, isNew }) => !isNew || before === null || before.has(name))
    .map(({ name }) => name);
}

/** Whether fewer targets of nobody's are there than before, and no other: they went, or their tasks are known by now. */
export function isFewerStrangers(part: ConfigurationPart, from: string, to: string): boolean {
  if (!part.endsWith(".foreignTargets")) return false;
  return new Set(namesOf(to)).isSubsetOf(new Set(namesOf(from)));
}

/** Whether what moves is the same by AWS's ids and is only called otherwise, as a rule whose priority changed. */
export function isRenamed(part: ConfigurationPart, from: string, to: string): boolean {
  const ids = (names: string) => Array.from(names.matchAll(/\(([^()]*)\)(?:, |$)/g), ([, id]) => id).join(" ");
  return part === "listener" && ids(from) === ids(to);
}

/**
 * Whose configuration the parts are: another listener, service or target group in switchyard.yaml is nobody's change in AWS.
 * One that was deleted and made anew under its name is the same entry, and a change.
 */
export interface ConfigurationScope {
  /** How switchyard.yaml's entries are called, whatever AWS gave them for ids; left out in records from before it was kept. */
  names?: { traffic: string; blue: string; green: string; groups: string };
  traffic: string;
  blue: string;
  green: string;
  /** Both target groups, which weights are told by; left out in records from before it was kept. */
  groups?: string;
  /** Where the services are; left out in records from before it was kept. */
  cluster?: string;
}

/** What the look is about. */
export function configurationScope({ traffic, slots, cluster }: Observation): ConfigurationScope {
  const refs = movingRefs(traffic);
  const side = (color: SlotColor, key: "targetGroupArn" | "targetGroupName") =>
    `${slots[color][key]} ${slots[color].service ?? ""}`;
  const groups = (key: "targetGroupArn" | "targetGroupName") => SLOT_COLORS.map((color) => slots[color][key]).join(" ");
  const sides = (key: "targetGroupArn" | "targetGroupName") => ({
    ...{ blue: side("blue", key), green: side("green", key), groups: groups(key) },
  });
  // The protocol is part of what a listener is made anew with, not of what names it.
  const called = refs.map(({ name }) => name.replace(/ [A-Z_]+:(?=\d+)/, ":")).join(" ");
  return {
    ...{ traffic: refs.map(({ arn }) => arn).join(" "), ...sides("targetGroupArn") },
    ...(cluster === undefined ? {} : { cluster }),
    names: { traffic: called, ...sides("targetGroupName") },
  };
}

/** Whether a part is about the same listener, service and target group in both, by its id or by its name. */
export function isSameScope(part: ConfigurationPart, before: ConfigurationScope, now: ConfigurationScope): boolean {
  const side = sideOfPart(part);
  // In another account or Region whatever has the name is another.
  const isSamePlace = placeOf(before.traffic) === placeOf(now.traffic);
  const same = (key: "traffic" | SlotColor | "groups") =>
    before[key] === now[key] || (isSamePlace && before.names !== undefined && before.names[key] === now.names?.[key]);
  const isHere = before.cluster === undefined || before.cluster === now.cluster;
  return side ? same(side) && isHere : same("traffic") && (before.groups === undefined || same("groups"));
}

/** "ap-northeast-2:123456789012" of the first of these ARNs. */
function placeOf(arns: string): string {
  return arns.split(":").slice(3, 5).join(":");
}

/**
 * Whether tasks were told so long before target health that one which has stopped since looks as if it missed its target. ELB lists a
 * target that leaves for the whole deregistration delay, so that two readings of one look are near enough.
 */
function isBeforeTargets({ tasksReadAt, targetsAnsweredAt, deregistrationDelaySeconds }: Slot): boolean {
  if (tasksReadAt === undefined || targetsAnsweredAt === undefined) return false;
  return targetsAnsweredAt - tasksReadAt > Math.min(deregistrationDelaySeconds * 1000, MOST_APART_MS);
}

/** A task that began after target health was read has had no time to get a target. */
function missingTargets(slot: Slot, observedAt: number): string[] {
  const { targetsOf } = joinTargets(slot.tasks, slot.targets);
  const now = Math.min(observedAt, slot.targetsReadAt ?? observedAt);
  const isThere = (target: Target) => !(isLeaving(target) && now - target.since > REGISTRATION_MS);
  return slot.tasks.flatMap((task) => {
    const { lastStatus, desiredStatus, startedAt } = task;
    const isSteady = lastStatus === "RUNNING" && desiredStatus === "RUNNING" && now - (startedAt ?? now) > STARTING_MS;
    const name = targetNameOf(task);
    return isSteady && name !== null && !targetsOf(task).some(isThere) ? [name] : [];
  });
}

function namesOf(list: string): string[] {
  return list === NONE ? [] : list.split(", ");
}

function list(names: readonly string[]): string {
  return names.length === 0 ? NONE : names.toSorted().join(", ");
}

function seconds(value: number | null): string {
  return value === null ? "off" : `${value} s`;
}
