import type { Observation } from "../observation/observation.ts";
import { isLeaving } from "../observation/side-health.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { type Deployment, type FollowedDeployment, isAwaitingSwitch, isInFlight, type Waiting } from "./deployment.ts";
import { hasShifted, stageRecord } from "./deployment-stage.ts";
import { doingSaid } from "./deployment-words.ts";
import { approvalLapseEnd, expirySaid } from "./gate-words.ts";
import { stepAt, stepsOf } from "./shift-steps.ts";

/** When what a deployment does now ends by itself. Times are epoch ms. */
export interface StageLimit {
  since: number;
  until: number;
  /** What happens then, to be followed by "at 12:41": "stops and puts green back". */
  outcome: string;
  /** `outcome` in no language yet. */
  outcomeSaid?: Sentence;
}

function limit(since: number, until: number, outcomeSaid: Sentence): StageLimit {
  return { since, until, outcome: inEnglish(outcomeSaid), outcomeSaid };
}

/** The longest times that hold for this deployment: what it began with goes before the defaults. */
export function limitsOf({ timeouts }: Pick<Deployment, "timeouts">): Record<keyof typeof LIMITS_MS, number> {
  if (!timeouts) return LIMITS_MS;
  return {
    ...LIMITS_MS,
    becomeHealthy: timeouts.becomeHealthyMinutes * 60_000,
    awaitSwitch: timeouts.awaitSwitchMinutes * 60_000,
    rollback: timeouts.rollbackMinutes * 60_000,
  };
}

/** The end of what it does now; null once it has ended, and where the next decision ends it at once. */
export function stageLimit(deployment: Deployment, observation: Pick<Observation, "slots">): StageLimit | null {
  const limits = limitsOf(deployment);
  const { plan, from, to } = deployment;
  const within = (since: number, ms: number, said: Sentence) => limit(since, since + ms, said);
  if (!isInFlight(deployment)) return null;
  if (deployment.aws) return drivenLimit(deployment, deployment.aws);
  if (deployment.status === "STOP_REQUESTED")
    return plan?.stoppingAt === undefined ? null : within(plan.stoppingAt, limits.stop, say("limit.stopsAsIs"));
  if (deployment.status !== "IN_PROGRESS" && deployment.status !== "PENDING")
    return plan?.turnedAt == null ? null : within(plan.turnedAt, limits.rollback, say("limit.givesUpTurning"));
  const begun = stageRecord(deployment, deployment.stage).startedAt ?? deployment.startedAt;
  switch (deployment.stage) {
    case "PRE_SCALE_UP":
      return within(begun, limits.register, say("limit.stopsWith", { to }));
    case "SCALE_UP":
      return within(begun, limits.scaleUp, say("limit.stopsPutsBack", { to }));
    case "POST_SCALE_UP":
      return within(begun, limits.becomeHealthy + drainMs(observation, deployment), say("limit.stopsPutsBack", { to }));
    case "TEST_TRAFFIC_SHIFT":
    case "POST_TEST_TRAFFIC_SHIFT":
      return within(begun, limits.test, say("limit.stopsTestBack"));
    case "PRE_PRODUCTION_TRAFFIC_SHIFT":
      return (
        approvalLimit(deployment, begun) ?? within(begun, limits.awaitSwitch, say("limit.stopsStaysLive", { from }))
      );
    case "PRODUCTION_TRAFFIC_SHIFT":
      return shiftLimit(deployment, begun, limits.shift);
    case "POST_PRODUCTION_TRAFFIC_SHIFT":
      return within(begun, limits.prove, say("limit.asSwitched"));
    case "BAKE_TIME": {
      const until = deployment.bakeUntil;
      return until === null ? null : limit(begun, until, say("limit.endsWarm", { from }));
    }
    case "CLEAN_UP":
      return null;
  }
}

/** Where AWS drives, only what AWS tells ends by itself: its gate, and its bake. Approvals have a limit of their own. */
function drivenLimit(deployment: Deployment, { gate }: FollowedDeployment): StageLimit | null {
  if (deployment.status !== "IN_PROGRESS") return null;
  const since = stageRecord(deployment, deployment.stage).startedAt ?? deployment.startedAt;
  if (gate) {
    const outcome = expirySaid(gate, deployment, "AWS");
    const own = gate.expiresAt === null ? null : limit(since, gate.expiresAt, outcome);
    const asked = isAwaitingSwitch(deployment) ? approvalLimit(deployment, since) : null;
    return asked && (!own || asked.until < own.until) ? asked : own;
  }
  if (deployment.stage !== "BAKE_TIME" || deployment.bakeUntil === null) return null;
  return limit(since, deployment.bakeUntil, say("limit.endsAwsStops", { from: deployment.from }));
}

const LAPSES = {
  stops: "limit.stopsStaysLive",
  rollsBack: "limit.rollsBackStays",
  turnsBack: "limit.rollsBackTo",
} as const;

/** Where people have to approve it, their time is what counts; null where nobody has to. */
function approvalLimit(deployment: Deployment, begun: number): StageLimit | null {
  const { approval, from, to } = deployment;
  if (!approval) return null;
  const expiresAt = approval.expiresAt ?? begun + approval.timeLimitMinutes * 60_000;
  const isHeld = approval.state === "approved" || approval.state === "continued";
  if (approval.onTimeLimit === "ROLLBACK" || isHeld) {
    const until = approval.onTimeLimit === "ROLLBACK" ? expiresAt : expiresAt + LIMITS_MS.awaitSwitch;
    return limit(begun, until, say(LAPSES[approvalLapseEnd(deployment)], { from }));
  }
  return limit(begun, expiresAt, say("limit.goesOnWithout", { to }));
}

/** A step that bakes ends with the next one, a step that is due when it cannot be made. */
function shiftLimit(deployment: Deployment, begun: number, shiftMs: number): StageLimit | null {
  const { plan, from, to } = deployment;
  const at = stepAt(deployment);
  const next = at && stepsOf(deployment)[at.index + 1];
  if (at && next && plan?.shift?.readBackMs != null && at.step.bakeUntil !== null)
    return limit(
      at.step.shiftedAt ?? begun,
      at.step.bakeUntil,
      next.percent === 100 ? say("limit.movesAll", { to }) : say("limit.movesShare", { percent: next.percent, to }),
    );
  const since = plan?.shift?.dueAt ?? begun;
  return limit(
    since,
    since + shiftMs,
    hasShifted(deployment) ? say("limit.rollsBackTo", { from }) : say("limit.stops"),
  );
}

/** ECS waits for old targets to drain before it calls a rollout complete. */
function drainMs({ slots }: Pick<Observation, "slots">, { to }: Deployment): number {
  const slot = slots[to];
  return slot.targets.some(isLeaving) ? slot.deregistrationDelaySeconds * 1000 : 0;
}

/** What it waits for, since when, and what happens when that does not come; null where nothing is waited for. */
export function findWaiting(deployment: Deployment, observation: Pick<Observation, "slots">): Waiting | null {
  const found = stageLimit(deployment, observation);
  if (!found) return null;
  const { detail, detailSaid, status } = stageRecord(deployment, deployment.stage);
  const isNow = status === "IN_PROGRESS" || status === "AWAITING_ACTION";
  if (isNow && detail) return { for: detail, ...(detailSaid ? { forSaid: detailSaid } : {}), ...found };
  const forSaid = say("doing.deployment", { doing: doingSaid(deployment) });
  return { for: inEnglish(forSaid), forSaid, ...found };
}

/** As it is shown: with what it waits for, which is never stored. */
export function withWaiting(deployment: Deployment, observation: Pick<Observation, "slots">): Deployment {
  const waiting = findWaiting(deployment, observation);
  return waiting ? { ...deployment, waiting } : deployment;
}

/** Longest time in each part before it is given up. Switching waits as long as ECS's PAUSE hook does by default. */
export const LIMITS_MS = {
  register: 5 * 60_000,
  scaleUp: 5 * 60_000,
  becomeHealthy: 15 * 60_000,
  awaitSwitch: 1440 * 60_000,
  test: 5 * 60_000,
  shift: 5 * 60_000,
  prove: 75_000,
  stop: 10 * 60_000,
  rollback: 15 * 60_000,
} as const;
