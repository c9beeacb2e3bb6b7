import { isVerifying } from "../deployment/is-verifying.ts";
import { driftSaid } from "../drift/drift-words.ts";
import { sideOfPart } from "../observation/configuration-parts.ts";
import type { Observation } from "../observation/observation.ts";
import { explainStoppedTask } from "../observation/plain-words.ts";
import { activeTargets, findFlappingTarget, flappingSaid, targetSaid } from "../observation/side-health.ts";
import type { Slot } from "../observation/slot.ts";
import { SLOT_COLORS } from "../observation/slot.ts";
import { sourceSaid } from "../observation/source.ts";
import { driftOf } from "../observation/traffic.ts";
import { say } from "../sentence/sentence.ts";
import type { Alarm } from "./alarm.ts";
import { findErrorKindAlarm } from "./error-kind-rules.ts";
import { findLastMove, findRollbackTarget } from "./rollback-rules.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { alarm } from "./say-alarm.ts";
import { findThreat } from "./start-rules.ts";
import { findNowhere, findUnserved } from "./unserved.ts";
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
    ...errorKindAlarms(facts),
  ];
  for (const color of SLOT_COLORS) alarms.push(...slotAlarms(facts, facts.observation.slots[color]));
  return [...outages(facts.observation), ...alarms.sort((a, b) => rank(a) - rank(b) || a.since - b.since)];
}

function outages(look: Observation): Alarm[] {
  const ways = look.waysIn?.ways ?? [];
  const live = SLOT_COLORS.map((slot) => ({ slot, said: findUnserved(look, slot) }));
  const others = SLOT_COLORS.map((slot) => ({ slot, said: findUnservedWays({ ...look, ways }, slot) }));
  return [{ slot: null, said: findNowhere(look) }, ...live, ...others].flatMap(({ slot, said }) =>
    said === null ? [] : [alarm("fault", said, look.observedAt, slot)],
  );
}

function trafficAlarms({ observation, deployment, ledger }: RuleFacts): Alarm[] {
  const { traffic, observedAt } = observation;
  const alarms: Alarm[] = [];
  const drift = driftOf(traffic);
  if (drift) alarms.push(alarm("fault", say("alarm.drift", { what: drift }), observedAt));
  for (const drift of ledger?.drifts ?? [])
    alarms.push(alarm("warning", driftSaid(drift), drift.seenAt, sideOfPart(drift.part)));
  const { blue, green } = traffic.weights;
  if (traffic.live === "split" && !deployment)
    alarms.push(alarm("warning", say("alarm.splitAlone", { blue, green }), observedAt));
  return alarms;
}

function slotAlarms({ observation, now }: RuleFacts, slot: Slot): Alarm[] {
  const alarms: Alarm[] = [];
  const side = slot.color;
  const isServing = observation.traffic.weights[slot.color] > 0;
  const severity = isServing ? "fault" : "warning";
  const targets = activeTargets(slot);
  const sick = targets.filter(
    (target) => target.state === "unhealthy" || (isServing && target.state === "unavailable"),
  );
  const first = sick[0];
  if (first) {
    const what = targetSaid(first);
    const said =
      sick.length === 1
        ? say("alarm.onSide", { side, what })
        : say("alarm.sickTargets", { sick: sick.length, targets: targets.length, side, first: what });
    alarms.push(alarm(severity, said, Math.min(...sick.map((target) => target.since)), side));
  }
  const flapping = findFlappingTarget(slot);
  if (flapping) {
    const said = say("alarm.onSide", { side, what: flappingSaid(flapping) });
    alarms.push(alarm("warning", said, flapping.target.since, side));
  }
  const { healthy, desired } = slot.counts;
  if (isServing && targets.length > 0 && healthy < desired) {
    const since = targets.filter((t) => t.state !== "healthy").map((t) => t.since);
    const said = say("alarm.tooFewHealthy", { healthy, desired, side });
    alarms.push(alarm("fault", said, Math.min(observation.observedAt, ...since), side));
  }
  alarms.push(...deathAlarms(observation, slot, now));
  if (slot.rollout?.state === "FAILED") {
    const { reason } = slot.rollout;
    const said = reason ? say("alarm.rolloutFailedWhy", { side, why: reason }) : say("alarm.rolloutFailed", { side });
    alarms.push(alarm("warning", said, observation.observedAt, side));
  }
  const unused = targets.find((target) => target.reason === "Target.NotInUse");
  if (unused && observation.observedAt - unused.since >= SETTLE_MS)
    alarms.push(alarm("warning", say("alarm.inNoRule", { group: slot.targetGroupName }), unused.since, side));
  return alarms;
}

function deathAlarms({ observedAt, traffic }: Observation, slot: Slot, now: number): Alarm[] {
  const died = slot.tasks.filter(
    (task) => isDeath(task.stopCode, task.stoppedReason) && now - (task.stoppedAt ?? now) < RECENT_MS,
  );
  const newest = died[0];
  if (!newest) return [];
  const side = slot.color;
  const why = newest.stoppedReason || newest.stopCode ? explainStoppedTask(newest) : say("alarm.noReason");
  const said = say("alarm.tasksStopped", { count: died.length, side, why });
  const since = Math.min(...died.map((task) => task.stoppedAt ?? observedAt));
  return [alarm(traffic.weights[side] > 0 ? "fault" : "warning", said, since, side)];
}

function sourceAlarms({ observation }: RuleFacts): Alarm[] {
  return observation.sources
    .filter((source) => source.state === "error" || source.state === "throttled")
    .map(({ name, message, said, state, ageMs }) =>
      alarm(
        "warning",
        say("alarm.source", { source: sourceSaid(name), what: said ?? message ?? state }),
        observation.observedAt - ageMs,
      ),
    );
}

/** A name that CloudWatch does not know would watch nothing, and nobody would notice. */
function watchedAlarms({ watchedAlarms = [], observedAt }: Observation): Alarm[] {
  return watchedAlarms
    .filter(({ state }) => state === "ALARM" || state === "MISSING")
    .map(({ name, state, reason, since }) =>
      alarm(
        state === "ALARM" ? "fault" : "warning",
        say("alarm.watched", { name, why: state === "MISSING" ? say("alarm.watchedMissing") : reason }),
        since ?? observedAt,
      ),
    );
}

/** What can no longer be started, or soon cannot: the way back, and more tasks of what is live. */
function startAlarms(facts: RuleFacts): Alarm[] {
  const { observation } = facts;
  const alarms: Alarm[] = [];
  const target = findRollbackTarget(facts);
  const back = target && (target.revision ?? observation.slots[target.to].revision);
  const lost = target && findThreat(observation, target.to, back);
  if (target && lost) {
    const said = say(lost.isGone ? "alarm.wayBackLost" : "alarm.wayBackAtRisk", { to: target.to, why: lost.said });
    alarms.push(alarm("warning", said, lost.since, target.to));
  }
  const { live } = observation.traffic;
  if (live !== "blue" && live !== "green") return alarms;
  const threat = findThreat(observation, live, observation.slots[live].revision);
  if (threat?.isGone)
    alarms.push(alarm("warning", say("alarm.noNewTask", { live, why: threat.said }), threat.since, live));
  return alarms;
}

function proofAlarms({ deployment, history, observation }: RuleFacts): Alarm[] {
  const moved = deployment ?? findLastMove(history);
  const isCurrent = moved && observation.traffic.live === (moved.plan?.shift?.to ?? moved.to);
  if (!moved?.proof || moved.proof.proven || !isCurrent || !moved.proof.note || isVerifying(moved)) return [];
  const said = moved.proof.noteSaid ?? say("list.one", { item: moved.proof.note });
  return [alarm("warning", said, moved.plan?.shift?.sentAt ?? moved.startedAt)];
}

function errorKindAlarms(facts: RuleFacts): Alarm[] {
  const found = findErrorKindAlarm(facts);
  return found ? [found] : [];
}

function isDeath(stopCode: string | undefined, reason: string | undefined): boolean {
  if (stopCode === "EssentialContainerExited" || stopCode === "TaskFailedToStart") return true;
  return /^Task failed (ELB|container) health checks|OutOfMemory/.test(reason ?? "");
}

function rank(alarm: Alarm): number {
  return alarm.severity === "fault" ? 0 : 1;
}
