import { isProving } from "../deployment/proof.ts";
import { driftWords } from "../drift/drift-words.ts";
import { sideOfPart } from "../observation/configuration-parts.ts";
import type { Observation } from "../observation/observation.ts";
import {
  activeTargets,
  describeFlapping,
  describeTarget,
  findFlappingTarget,
  findUnserved,
} from "../observation/side-health.ts";
import type { Slot } from "../observation/slot.ts";
import { SLOT_COLORS } from "../observation/slot.ts";
import { SOURCE_WORDS } from "../observation/source.ts";
import type { Alarm } from "./alarm.ts";
import { findLastMove, findRollbackTarget } from "./rollback-rules.ts";
import { findThreat } from "./start-rules.ts";
import type { RuleFacts } from "./switch-rules.ts";
import { findUnservedWays } from "./way-rules.ts";

/** A task that stopped longer ago than this is history, not an alarm. */
const RECENT_MS = 10 * 60_000;
/** Work that stays after its side is asked for less: a target without a task, a task without a target. */
const SETTLE_MS = 60_000;

/** What to look at first: a live side that nobody answers for, then faults before warnings, then the oldest. */
export function findAlarms(facts: RuleFacts): Alarm[] {
  const alarms = [
    ...trafficAlarms(facts),
    ...sourceAlarms(facts),
    ...proofAlarms(facts),
    ...watchedAlarms(facts.observation),
    ...startAlarms(facts),
  ];
  for (const color of SLOT_COLORS) alarms.push(...slotAlarms(facts, facts.observation.slots[color]));
  return [...outages(facts.observation), ...alarms.sort((a, b) => rank(a) - rank(b) || a.since - b.since)];
}

function outages(look: Observation): Alarm[] {
  const ways = look.waysIn?.ways ?? [];
  const live = SLOT_COLORS.map((slot) => ({ slot, message: findUnserved(look, slot) }));
  const others = SLOT_COLORS.map((slot) => ({ slot, message: findUnservedWays({ ...look, ways }, slot) }));
  return [...live, ...others].flatMap(({ slot, message }) =>
    message === null ? [] : [{ severity: "fault", slot, message, since: look.observedAt }],
  );
}

function trafficAlarms({ observation, deployment, ledger }: RuleFacts): Alarm[] {
  const { traffic, observedAt } = observation;
  const alarms: Alarm[] = [];
  if (traffic.drift) alarms.push({ severity: "fault", message: `Drift: ${traffic.drift}`, since: observedAt });
  for (const drift of ledger?.drifts ?? [])
    alarms.push({
      severity: "warning",
      ...(sideOfPart(drift.part) ? { slot: sideOfPart(drift.part) ?? undefined } : {}),
      message: driftWords(drift),
      since: drift.seenAt,
    });
  if (traffic.live === "unknown" && !traffic.drift)
    alarms.push({ severity: "fault", message: "Neither side has weight on the listener", since: observedAt });
  if (traffic.live === "split" && !deployment)
    alarms.push({
      severity: "warning",
      message: `Traffic is split (blue ${traffic.weights.blue}, green ${traffic.weights.green}) and no deployment is in flight`,
      since: observedAt,
    });
  return alarms;
}

function slotAlarms({ observation, now }: RuleFacts, slot: Slot): Alarm[] {
  const alarms: Alarm[] = [];
  const isServing = observation.traffic.weights[slot.color] > 0;
  const severity = isServing ? "fault" : "warning";
  const targets = activeTargets(slot);
  const sick = targets.filter(
    (target) => target.state === "unhealthy" || (isServing && target.state === "unavailable"),
  );
  const first = sick[0];
  if (first)
    alarms.push({
      severity,
      slot: slot.color,
      message:
        sick.length === 1
          ? `On ${slot.color}, ${describeTarget(first)}`
          : `${sick.length} of ${targets.length} targets of ${slot.color} are unhealthy, first ${describeTarget(first)}`,
      since: Math.min(...sick.map((target) => target.since)),
    });
  const flapping = findFlappingTarget(slot);
  if (flapping)
    alarms.push({
      severity: "warning",
      slot: slot.color,
      message: `On ${slot.color}, ${describeFlapping(flapping)}`,
      since: flapping.target.since,
    });
  if (isServing && targets.length > 0 && slot.counts.healthy < slot.counts.desired)
    alarms.push({
      severity: "fault",
      slot: slot.color,
      message: `${slot.counts.healthy} of ${slot.counts.desired} wanted targets are healthy while ${slot.color} is live`,
      since: Math.min(observation.observedAt, ...targets.filter((t) => t.state !== "healthy").map((t) => t.since)),
    });
  const died = slot.tasks.filter(
    (task) => isDeath(task.stopCode, task.stoppedReason) && now - (task.stoppedAt ?? now) < RECENT_MS,
  );
  const newest = died[0];
  if (newest)
    alarms.push({
      severity,
      slot: slot.color,
      message: `${died.length === 1 ? "A task" : `${died.length} tasks`} of ${slot.color} stopped: ${newest.stoppedReason ?? newest.stopCode ?? "no reason given"}`,
      since: Math.min(...died.map((task) => task.stoppedAt ?? observation.observedAt)),
    });
  if (slot.rollout?.state === "FAILED")
    alarms.push({
      severity: "warning",
      slot: slot.color,
      message: `ECS's rollout of ${slot.color} failed${slot.rollout.reason ? `: ${slot.rollout.reason}` : ""}`,
      since: observation.observedAt,
    });
  const unused = targets.find((target) => target.reason === "Target.NotInUse");
  if (unused && observation.observedAt - unused.since >= SETTLE_MS)
    alarms.push({
      severity: "warning",
      slot: slot.color,
      message: `${slot.targetGroupName} is in no rule, so its targets are never checked`,
      since: unused.since,
    });
  return alarms;
}

function sourceAlarms({ observation }: RuleFacts): Alarm[] {
  return observation.sources
    .filter((source) => source.state === "error" || source.state === "throttled")
    .map((source) => ({
      severity: "warning",
      message: `${SOURCE_WORDS[source.name]}: ${source.message ?? source.state}`,
      since: observation.observedAt - source.ageMs,
    }));
}

/** A name that CloudWatch does not know would watch nothing, and nobody would notice. */
function watchedAlarms({ watchedAlarms = [], observedAt }: Observation): Alarm[] {
  return watchedAlarms
    .filter(({ state }) => state === "ALARM" || state === "MISSING")
    .map(({ name, state, reason, since }) => ({
      severity: state === "ALARM" ? "fault" : "warning",
      message: `CloudWatch alarm ${name}: ${reason}`,
      since: since ?? observedAt,
    }));
}

/** What can no longer be started, or soon cannot: the way back, and more tasks of what is live. */
function startAlarms(facts: RuleFacts): Alarm[] {
  const { observation } = facts;
  const alarms: Alarm[] = [];
  const target = findRollbackTarget(facts);
  const back = target && (target.revision ?? observation.slots[target.to].revision);
  const lost = target && findThreat(observation, back);
  if (target && lost)
    alarms.push({
      severity: "warning",
      slot: target.to,
      message: `The way back to ${target.to} is ${lost.isGone ? "not there once its tasks are gone" : "at risk"}: ${lost.message}`,
      since: lost.since,
    });
  const { live } = observation.traffic;
  if (live !== "blue" && live !== "green") return alarms;
  const threat = findThreat(observation, observation.slots[live].revision);
  if (threat?.isGone)
    alarms.push({
      severity: "warning",
      slot: live,
      message: `${live} can start no new task: ${threat.message}`,
      since: threat.since,
    });
  return alarms;
}

function proofAlarms({ deployment, history, observation }: RuleFacts): Alarm[] {
  const moved = deployment ?? findLastMove(history);
  const isCurrent = moved && observation.traffic.live === (moved.plan?.shift?.to ?? moved.to);
  if (!moved?.proof || moved.proof.proven || !isCurrent || !moved.proof.note || isProving(moved)) return [];
  return [{ severity: "warning", message: moved.proof.note, since: moved.plan?.shift?.sentAt ?? moved.startedAt }];
}

function isDeath(stopCode: string | undefined, reason: string | undefined): boolean {
  if (stopCode === "EssentialContainerExited" || stopCode === "TaskFailedToStart") return true;
  return /^Task failed (ELB|container) health checks|OutOfMemory/.test(reason ?? "");
}

function rank(alarm: Alarm): number {
  return alarm.severity === "fault" ? 0 : 1;
}
