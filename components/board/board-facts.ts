import type { Sayer } from "@/components/messages/said.ts";
import { can, PERMISSIONS, type Role } from "@/lib/domain/access/role.ts";
import { type Deployment, STAGES, type Stage } from "@/lib/domain/deployment/deployment.ts";
import { isHeldOpen } from "@/lib/domain/deployment/gate-words.ts";
import { newestStep } from "@/lib/domain/deployment/shift-steps.ts";
import { activeTargets, healthyForMs, healthyForSaid } from "@/lib/domain/observation/side-health.ts";
import { otherColor, type Slot, type SlotColor } from "@/lib/domain/observation/slot.ts";
import type { Weights } from "@/lib/domain/observation/traffic.ts";
import { weightsFor } from "@/lib/domain/observation/traffic.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { ActionState } from "@/lib/domain/verb/action-state.ts";
import type { Blocker } from "@/lib/domain/verb/blocker.ts";
import type { Verb } from "@/lib/domain/verb/verb.ts";
import { isDriven } from "./driven-facts.ts";

/** The one action that makes sense now; null while there is nothing to do but wait. */
export type PrimaryAction = { verb: "switch" | "rollback"; to: SlotColor } | { verb: "deploy" | "retire" } | null;

const TURNED: ReadonlySet<Deployment["status"]> = new Set([
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
]);

function isPast(stage: Stage, mark: Stage): boolean {
  return STAGES.indexOf(stage) >= STAGES.indexOf(mark);
}

/** Whether production traffic is, or is being, moved by this deployment. */
function hasReachedShift(deployment: Deployment): boolean {
  return isPast(deployment.stage, "PRODUCTION_TRAFFIC_SHIFT") && !TURNED.has(deployment.status);
}

/** "2 of 2, healthy for 42 s of 90 s"; the time alone once a switch asks for no more. */
export function healthSaid(slot: Slot, observedAt: number): Sentence {
  const { healthy, desired } = slot.counts;
  const count = say("board.healthyOf", { healthy, desired });
  const targets = activeTargets(slot);
  if (slot.stableSeconds === undefined || !targets.some(({ state }) => state === "healthy")) return count;
  const shortest = Math.min(...targets.map((target) => healthyForMs(target, observedAt)));
  return say("board.healthyFor", { count, time: healthyForSaid(shortest, slot.stableSeconds) });
}

/** The standby side, which a new version goes to; null while traffic is split or unknown. */
export function standbyColor(snapshot: ApplicationSnapshot): SlotColor | null {
  const { live } = snapshot.traffic;
  return live === "blue" || live === "green" ? otherColor(live) : null;
}

/** The primary action: rolling back when live has a fault after a switch, else the next step of what is under way. */
export function choosePrimaryAction(snapshot: ApplicationSnapshot): PrimaryAction {
  const { deployment, actions, traffic, rollbackTo } = snapshot;
  const liveHasFault = snapshot.alarms.some((alarm) => alarm.severity === "fault" && alarm.slot === traffic.live);
  if (actions.rollback.allowed && liveHasFault && rollbackTo) return { verb: "rollback", to: rollbackTo };
  if (deployment && isHeldOpen(deployment)) return { verb: "retire" };
  if (deployment) {
    if (TURNED.has(deployment.status) || hasReachedShift(deployment)) return null;
    return { verb: "switch", to: deployment.to };
  }
  const standby = standbyColor(snapshot);
  const differs =
    standby !== null && snapshot.slots[standby].revision?.image !== snapshot.slots[otherColor(standby)].revision?.image;
  const isFresh = differs && !wasTakenBack(snapshot, standby);
  if (!isDriven(snapshot) && standby && isFresh && actions.switch.allowed && !actions.rollback.allowed)
    return { verb: "switch", to: standby };
  return { verb: "deploy" };
}

/** Whether the bar under the thumb holds the way back: on a phone it goes before a new deployment, which has a page of its own. */
export function isRollbackInBar(snapshot: ApplicationSnapshot): boolean {
  const primary = choosePrimaryAction(snapshot);
  return !primary || primary.verb === "rollback" || (primary.verb === "deploy" && snapshot.actions.rollback.allowed);
}

/** The side a switch is offered to, first or beside another action; null while none is. */
export function offeredSwitch(snapshot: ApplicationSnapshot): SlotColor | null {
  const primary = choosePrimaryAction(snapshot);
  if (primary?.verb === "switch") return primary.to;
  return isDriven(snapshot) || snapshot.deployment || snapshot.actions.rollback.allowed ? null : standbyColor(snapshot);
}

/** Whether what stands by is what the newest deployment was taken back from: nothing to suggest at once. */
function wasTakenBack({ lastDeployment, slots }: ApplicationSnapshot, standby: SlotColor): boolean {
  if (!lastDeployment) return false;
  const isRollback = lastDeployment.kind === "ROLLBACK" || lastDeployment.status === "ROLLBACK_SUCCESSFUL";
  const left = lastDeployment.kind === "ROLLBACK" ? lastDeployment.fromRevision : lastDeployment.revision;
  return isRollback && left?.image === slots[standby].revision?.image;
}

/** The state of a verb for this person: the snapshot's, with the missing role before every other blocker. */
export function actionFor(snapshot: ApplicationSnapshot, verb: Verb, role: Role | null): ActionState {
  const state = snapshot.actions[verb];
  if (can({ role }, verb, snapshot.name)) return state;
  return { allowed: false, blockers: [forbidden(verb, role), ...state.blockers] };
}

function forbidden(verb: Verb, role: Role | null): Blocker {
  const needed = PERMISSIONS[verb];
  return {
    code: "FORBIDDEN",
    message: "",
    said: role ? say("board.forbidden", { role, needed }) : say("board.noRole", { needed }),
    fixSaid: say("board.askForRole"),
  };
}

/** A blocker as one text: what is in the way, then what to do. */
export function blockerWords(said: Sayer, { message, fix, said: messageSaid, fixSaid }: Blocker): string {
  const words = said(messageSaid, message).replace(/\.$/, "");
  const advice = fix || fixSaid ? said(fixSaid, fix).replace(/\.$/, "") : null;
  return advice === null ? words : `${words}. ${advice}`;
}

/** The first blocker's sentence without what to do about it; null when there is none. */
export function firstRefusal(said: Sayer, { blockers: [first] }: ActionState): string | null {
  return first ? said(first.said, first.message) : null;
}

/** Whether two refusals say the same. */
export function isSameBlocker(one: Blocker | undefined, other: Blocker | undefined): boolean {
  return one?.message === other?.message && JSON.stringify(one?.said) === JSON.stringify(other?.said);
}

/** Why an action is refused, in the reader's language: its first blocker. */
export function refusalWords(said: Sayer, { blockers: [first] }: ActionState): string {
  return first ? blockerWords(said, first) : said(say("board.notPossible"));
}

/** What the newest deployment's record says the weights are; null when there is no record to go by. */
export function recordedWeights(
  snapshot: ApplicationSnapshot,
): { live: SlotColor | "split"; weights: Weights; deployment: Deployment } | null {
  const deployment = snapshot.deployment ?? snapshot.lastDeployment;
  if (!deployment || deployment.status === "ROLLBACK_FAILED") return null;
  const isForward = snapshot.deployment ? hasReachedShift(deployment) : deployment.status === "SUCCESSFUL";
  if (deployment.aws) return null;
  const { step } = newestStep(deployment) ?? {};
  if (snapshot.deployment && isForward && step && step.percent < 100)
    return { live: "split", weights: step.weights, deployment };
  const live = isForward ? deployment.to : deployment.from;
  return { live, weights: weightsFor(live), deployment };
}

/** "blue 100 to green 100": the rule before and after a switch, each by its heavier side. */
export function ruleChange(before: Weights, to: SlotColor): Sentence {
  const from =
    before.blue > 0 && before.green > 0
      ? `blue ${before.blue}, green ${before.green}`
      : before.blue > 0
        ? `blue ${before.blue}`
        : `green ${before.green}`;
  return say("board.ruleChange", { from, to });
}

/** How long clients may stay on the side that traffic leaves, in words. */
export function stickySaid(snapshot: ApplicationSnapshot, leaving: SlotColor): Sentence {
  const slot = snapshot.slots[leaving];
  const seconds = Math.max(snapshot.traffic.groupStickinessSeconds ?? 0, slot.stickinessSeconds ?? 0);
  const drain = slot.deregistrationDelaySeconds ?? 0;
  return seconds > 0 ? say("board.sticky", { seconds, drain }) : say("board.notSticky", { drain });
}

/** Whether the role may override refusals about health and drift. */
export function canOverride(role: Role | null): boolean {
  return role !== null && can({ role }, "override", null);
}
