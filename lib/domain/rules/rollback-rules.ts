import type { Deployment } from "../deployment/deployment.ts";
import { hasShifted, stageRecord } from "../deployment/deployment-stage.ts";
import type { RollbackWindow } from "../deployment/window.ts";
import { isWindowOpen, type OpenWindow, windowEnd } from "../deployment/window.ts";
import { activeTargets, isSideWarm, minimumHealthyFor } from "../observation/side-health.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";
import { otherColor } from "../observation/slot.ts";
import { driftOf } from "../observation/traffic.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import { lastDrivenRollbackSeconds, lastDrivenShiftSeconds } from "./driven-cost.ts";
import { findDisagreement, isDriven } from "./driven-rules.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { findStartWay, type StartWay, unseenSaid } from "./start-rules.ts";
import { findStaleBlocker } from "./switch-rules.ts";
import { findUnapprovedReturn } from "./unapproved-rules.ts";
import { findServedBlockers } from "./way-rules.ts";

/** What a rollback would bring back. */
export interface RollbackTarget {
  to: SlotColor;
  /** What was live before; null when the record does not say. */
  revision: Revision | null;
  /** The deployment in flight that rolls back; null when a new one starts. */
  turns: Deployment | null;
}

/** When no real scale-up is on record: four minutes, as a Fargate task with a slow health check takes. */
const DEFAULT_SCALE_UP_SECONDS = 240;
/** Before the first of the service's own: a rule is written, clients follow within 14 s, and the new side is stopped. */
const DRIVEN_ROLLBACK_SECONDS = 60;
/** Before the first of the service's own: as deployments with instant hooks and without waits were seen to take until their shift. */
const DRIVEN_DEPLOYMENT_SECONDS = 130;
/** A warm side is one write away. */
const INSTANT_SECONDS = 1;

/** What was live before the last change; null when nothing was changed, or the change was itself a rollback. */
export function findRollbackTarget(
  facts: Pick<RuleFacts, "observation" | "deployment" | "history">,
): RollbackTarget | null {
  const { deployment, history, observation } = facts;
  if (deployment) {
    if (!hasShifted(deployment) || deployment.kind === "ROLLBACK" || deployment.plan?.turnedAt) return null;
    return { to: deployment.from, revision: deployment.fromRevision, turns: deployment };
  }
  const moved = findLastMove(history);
  if (!moved || moved.kind === "ROLLBACK" || moved.status === "ROLLBACK_SUCCESSFUL") return null;
  // A split and no weight at all are what a rollback is the way out of.
  const { live } = observation.traffic;
  if (live === otherColor(moved.to)) return null;
  return { to: moved.from, revision: moved.fromRevision, turns: null };
}

/**
 * The side that a rollback means now, whether or not it may be made: what the button, the manual commands and the operation name.
 * Null where there is none. Without any record it is the side that is not live.
 */
export function rollbackSide(facts: Pick<RuleFacts, "observation" | "deployment" | "history">): SlotColor | null {
  const { deployment, history, observation } = facts;
  const target = findRollbackTarget(facts);
  if (target) return target.to;
  if (deployment) return deployment.kind === "ROLLBACK" && !isTurning(deployment) ? deployment.to : deployment.from;
  const { live } = observation.traffic;
  if (findLastMove(history) || (live !== "blue" && live !== "green")) return null;
  return otherColor(live);
}

/** The window that is open now; null while none is. One whose side is live again keeps nothing. */
export function findOpenWindow(
  facts: Pick<RuleFacts, "deployment" | "history" | "now"> & Partial<Pick<RuleFacts, "observation">>,
): OpenWindow | null {
  const open = openWindowOf(facts);
  return open && facts.observation?.traffic.live !== open.keeps ? open : null;
}

function openWindowOf({
  deployment,
  history,
  now,
}: Pick<RuleFacts, "deployment" | "history" | "now">): OpenWindow | null {
  if (deployment) {
    const { id, from, bakeUntil, status } = deployment;
    // CodeDeploy's termination wait is a bake that a person may end.
    const bake = stageRecord(deployment, "BAKE_TIME").status;
    const isBaking = status === "IN_PROGRESS" && (bake === "IN_PROGRESS" || bake === "AWAITING_ACTION");
    return isBaking && bakeUntil !== null ? { deploymentId: id, keeps: from, until: bakeUntil, phase: "bake" } : null;
  }
  const move = findLastMove(history);
  const end = move && windowEnd(move);
  if (!move || end === null || !isWindowOpen(move, now)) return null;
  return { deploymentId: move.id, keeps: move.from, until: end, phase: "kept" };
}

/** The newest finished deployment that moved traffic; null before the first. */
export function findLastMove(history: readonly Deployment[]): Deployment | null {
  return history.find((deployment) => hasShifted(deployment) || deployment.plan?.turnedAt != null) ?? null;
}

/** Whether the target side runs the right revision and could take all traffic at once. */
export function isInstant(facts: Pick<RuleFacts, "application" | "observation">, target: RollbackTarget): boolean {
  const slot = facts.observation.slots[target.to];
  if (target.revision && slot.revision?.taskDefinition !== target.revision.taskDefinition) return false;
  return isSideWarm(facts.application, facts.observation, target.to);
}

/** How the target side would be started for a rollback; null where it is warm and nothing is started. */
export function rollbackStart(
  facts: Pick<RuleFacts, "application" | "observation">,
  target: RollbackTarget,
): StartWay | null {
  if (isInstant(facts, target)) return null;
  return findStartWay(facts.observation, target.to, target.revision ?? facts.observation.slots[target.to].revision);
}

/** Every reason why there is no rollback now. A side that must scale up first is none; a side that is up and sick is. */
export function findRollbackBlockers(facts: RuleFacts): Blocker[] {
  const target = findRollbackTarget(facts);
  const stale = findStaleBlocker(facts, ["elb", "ecs"]);
  const blockers: Blocker[] = stale ? [stale] : [];
  const { traffic, slots } = facts.observation;
  if (!target) {
    if (facts.deployment) return [...blockers, ...inFlightWithoutRollback(facts.deployment)];
    return [...blockers, nothingToRollBack(facts)];
  }
  // A rollback is the way out of a split, so only what makes a write unsafe stops it.
  const drift = driftOf(traffic);
  if (drift)
    blockers.push(
      blocker(
        "LISTENER_DRIFT",
        say("blocker.listenerDrift", { name: traffic.name, drift }),
        say("blocker.putForwardBack"),
      ),
    );
  // What AWS would be asked to deploy after the end, it would not; within its own deployment it rolls back by itself.
  const disagreement = isDriven(facts) && !target.turns ? findDisagreement(facts.observation, "ROLLBACK") : null;
  if (disagreement) blockers.push(disagreement);
  const { to } = target;
  const slot = slots[to];
  const minimum = minimumHealthyFor(facts.application, facts.observation, target.to);
  const isRightRevision = !target.revision || slot.revision?.taskDefinition === target.revision.taskDefinition;
  const { desired, healthy } = slot.counts;
  if (isRightRevision && desired >= minimum && healthy < minimum) {
    const said = say("blocker.backTooSmall", { to, healthy, minimum });
    blockers.push(blocker("OLD_SIDE_NOT_HEALTHY", said, say("blocker.readLogsOfOld", { to })));
  }
  if (isRightRevision && desired >= minimum && activeTargets(slot).length === 0) {
    const said = say("blocker.noTarget", { group: slot.targetGroupName, to });
    blockers.push(blocker("STANDBY_EMPTY", said, say("blocker.waitRegistered", { to })));
  }
  // What is in flight rolls back to what was live when it began, whoever made that live.
  const back = target.revision ?? slot.revision;
  const unapproved = target.turns ? null : findUnapprovedReturn(facts.unapproved, target.to, back);
  if (unapproved) blockers.push(unapproved);
  // Traffic only goes back to tasks that run; others take their place first.
  if (!isRightRevision && traffic.weights[target.to] === 0)
    blockers.push(...findServedBlockers(facts.observation, target.to));
  const way = rollbackStart(facts, target);
  if (way?.how === "none") blockers.push(way.blocker);
  if (!slot.revision && !target.revision)
    blockers.push(blocker("STANDBY_EMPTY", say("blocker.nothingToStart", { to }), say("blocker.deployInstead")));
  return blockers;
}

/** What there is nothing to undo for: no move at all, one that was itself the way back, or somebody else's since. */
function nothingToRollBack({ history, observation }: Pick<RuleFacts, "history" | "observation">): Blocker {
  const code = "NOTHING_TO_ROLL_BACK";
  const moved = findLastMove(history);
  if (!moved) return blocker(code, say("blocker.nothingSwitched"), say("blocker.useSwitch"));
  const { live } = observation.traffic;
  if (moved.kind === "ROLLBACK" || moved.status === "ROLLBACK_SUCCESSFUL") {
    const back = moved.kind === "ROLLBACK" ? moved.to : moved.from;
    return blocker(
      code,
      say("blocker.rolledBackAlready", { back }),
      say("blocker.useSwitchTo", { to: otherColor(back) }),
    );
  }
  const said =
    live === "unknown"
      ? say("blocker.movedSinceNoneLive", { to: moved.to })
      : say("blocker.movedSince", { to: moved.to, live });
  return blocker(code, said, say("blocker.useSwitch"));
}

/** How long rollback stays instant and what it costs now; null when there is nothing to roll back. */
export function rollbackWindow(facts: RuleFacts): RollbackWindow | null {
  const target = findRollbackTarget(facts);
  if (!target) return null;
  if (isDriven(facts)) return drivenWindow(facts, target);
  const instant = isInstant(facts, target);
  const open = findOpenWindow(facts);
  const measured = lastScaleUpSeconds(facts.history);
  const way = rollbackStart(facts, target);
  const back = target.revision ?? facts.observation.slots[target.to].revision;
  const note =
    way?.how === "count" || way?.how === "copy"
      ? way.said
      : way?.how === "start" && unseenSaid(facts.observation, target.to, back);
  const checkedAt = back && facts.observation.revisions?.[back.taskDefinition]?.checkedAt;
  return {
    until: open?.until ?? null,
    instant,
    estimateSeconds: instant ? INSTANT_SECONDS : (measured ?? DEFAULT_SCALE_UP_SECONDS),
    ...(open ? { phase: open.phase } : {}),
    ...(measured === null ? {} : { lastScaleUpSeconds: measured }),
    ...(note ? { startNote: inEnglish(note), startSaid: note } : {}),
    ...(way && checkedAt ? { startCheckedAt: checkedAt } : {}),
  };
}

/** Where AWS drives: within its deployment it moves traffic back; afterwards it deploys the earlier revision anew. */
function drivenWindow(facts: RuleFacts, { turns }: RollbackTarget): RollbackWindow {
  const open = findOpenWindow(facts);
  const measured = turns ? lastDrivenRollbackSeconds(facts.history) : lastDrivenShiftSeconds(facts.history);
  const scaleUp = lastScaleUpSeconds(facts.history);
  return {
    until: turns?.aws?.gate?.expiresAt ?? open?.until ?? null,
    instant: false,
    estimateSeconds: measured ?? (turns ? DRIVEN_ROLLBACK_SECONDS : DRIVEN_DEPLOYMENT_SECONDS),
    ...(measured === null ? {} : { lastRollbackSeconds: measured }),
    ...(open ? { phase: open.phase } : {}),
    ...(scaleUp === null ? {} : { lastScaleUpSeconds: scaleUp }),
  };
}

/** How long the last real scale-up took, from the start of its tasks to stable targets; null before the first. */
function lastScaleUpSeconds(history: readonly Deployment[]): number | null {
  for (const deployment of history) {
    const started = stageRecord(deployment, "SCALE_UP").startedAt;
    const record = stageRecord(deployment, "POST_SCALE_UP");
    if (record.status === "SUCCEEDED" && started !== null && record.finishedAt !== null)
      return Math.max(1, Math.round((record.finishedAt - started) / 1000));
  }
  return null;
}

/** The side that carries nothing and may be scaled down, as the listener says. */
export function idleSide(facts: Pick<RuleFacts, "observation">): SlotColor | null {
  const { live, weights } = facts.observation.traffic;
  if (live !== "blue" && live !== "green") return null;
  const idle = otherColor(live);
  return weights[idle] === 0 ? idle : null;
}

/** Whether what is in flight goes back to the side that was live when it began. */
function isTurning({ status, plan }: Deployment): boolean {
  return status === "ROLLBACK_REQUESTED" || status === "ROLLBACK_IN_PROGRESS" || plan?.turnedAt != null;
}

function inFlightWithoutRollback(deployment: Deployment): Blocker[] {
  const { kind, from, to } = deployment;
  if (isTurning(deployment) || kind === "ROLLBACK") {
    const said = say("blocker.rollbackGoing", { to: isTurning(deployment) ? from : to });
    return [blocker("DEPLOYMENT_IN_FLIGHT", said, say("blocker.waitEnded"))];
  }
  return [blocker("NOTHING_TO_ROLL_BACK", say("blocker.shiftedNothing", { kind, to }), abortSaid(deployment))];
}

/** What ends a deployment that has shifted nothing yet, and what that does. */
function abortSaid({ aws, from, to }: Deployment): Sentence {
  return aws ? say("blocker.abortAwsInstead", { from, to }) : say("blocker.abortInstead");
}
