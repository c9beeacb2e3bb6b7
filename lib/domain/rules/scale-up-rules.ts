import type { Deployment } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import type { FailureEvidence } from "../deployment/failure-evidence.ts";
import { failedContainerSaid, findFailedContainer } from "../observation/failed-container.ts";
import type { Observation } from "../observation/observation.ts";
import { type HealthBounds, isLeaving } from "../observation/side-health.ts";
import { otherColor, type Revision, type Task } from "../observation/slot.ts";
import { joinTargets, targetNameOf } from "../observation/task-target.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { toldOf } from "../verb/blocker.ts";
import { findSideBlockers } from "./switch-rules.ts";
import { deadTasks, deathThreshold, isOldSideDying } from "./task-deaths.ts";

/** ECS answers old readings for a moment after UpdateService. */
const SETTLE_MS = 10_000;
/** AWS's clock and ours may differ by this much. */
const CLOCK_SKEW_MS = 5_000;
const MAX_EVIDENCE_TASKS = 5;

/** Why a person cannot be asked to switch to the side yet; null when the switch would be taken. */
export function findNotReady(
  bounds: HealthBounds,
  observation: Observation,
  deployment: Deployment,
  revision: Revision,
): Told | null {
  const slot = observation.slots[deployment.to];
  const notUp = findNotUp(bounds, observation, deployment, revision);
  if (notUp || slot.rollout?.state !== "IN_PROGRESS") return notUp;
  const leaving = slot.targets.filter(isLeaving).length;
  const side = slot.color;
  return leaving > 0
    ? say("decision.rolloutDrains", { side, leaving, seconds: slot.deregistrationDelaySeconds })
    : say("decision.rolloutOver", { side });
}

/**
 * Why the revision is not up yet: all its tasks run, are targets, healthy and stable. What ran before need not be stable. Null
 * when it is up.
 */
export function findNotUp(
  bounds: HealthBounds,
  observation: Observation,
  deployment: Deployment,
  revision: Revision,
  isWayBack = deployment.kind === "ROLLBACK",
): Told | null {
  const slot = observation.slots[deployment.to];
  const begun = stageRecord(deployment, "POST_SCALE_UP").startedAt ?? deployment.startedAt;
  const side = slot.color;
  if (observation.observedAt < begun) return say("decision.waitsLookAfterStart", { side });
  if (slot.revision?.taskDefinition !== revision.taskDefinition) return say("decision.waitsEcs");
  const wanted = Math.max(1, slot.counts.desired);
  const isNew = (task: Task) => isRunning(task) && task.taskDefinition === revision.taskDefinition;
  const running = slot.tasks.filter(isNew);
  if (running.length < wanted) return say("decision.newTasks", { running: running.length, wanted, side });
  const isOver = slot.rollout === null || slot.rollout.state === "COMPLETED";
  const old = slot.tasks.filter((task) => isRunning(task) && task.taskDefinition !== revision.taskDefinition).length;
  if (!isOver && old > 0) return say("decision.oldTasks", { old, side });
  // The old revision's targets may still be healthy beside new ones that are not registered yet.
  const { targetsOf } = joinTargets(running, slot.targets);
  const missing = running.find((task) => targetNameOf(task) !== null && targetsOf(task).length === 0);
  if (missing) return say("decision.waitsTarget", { task: missing.id, side });
  const writtenAt = stageRecord(deployment, "SCALE_UP").finishedAt;
  const blockers = findSideBlockers({ application: bounds, observation }, slot.color, { writtenAt, isWayBack });
  // ECS calls a rollout complete some time after its tasks are all there and healthy: old targets drain first.
  const blocker = blockers.find(({ code }) => code !== "STANDBY_ROLLING_OUT");
  return blocker ? toldOf(blocker) : null;
}

/** Why the new revision will not come up, in words with AWS's codes; null while it still may. */
export function findScaleUpFailure(
  observation: Observation,
  deployment: Deployment,
  revision: Revision,
  now: number,
): Sentence | null {
  const slot = observation.slots[deployment.to];
  const begun = stageRecord(deployment, "POST_SCALE_UP").startedAt ?? deployment.startedAt;
  const dead = deadTasks(slot, revision, deathsCountFrom(deployment));
  const desired = Math.max(deployment.plan?.desired ?? 0, slot.counts.desired);
  const old = observation.slots[otherColor(deployment.to)];
  if (dead.length >= deathThreshold(desired) && !isOldSideDying(old, begun, dead.length, desired))
    return say("decision.notUp", { side: slot.color, why: describeDeaths(dead) });
  const isLate = now - begun > SETTLE_MS && observation.observedAt - begun > SETTLE_MS;
  if (!isLate) return null;
  if (slot.rollout?.state === "FAILED") {
    const { reason } = slot.rollout;
    const failed = say("decision.rolloutFailed", { side: slot.color });
    const told = reason ? say("told.why", { what: failed, why: reason }) : failed;
    return dead.length > 0 ? say("told.also", { first: told, second: describeDeaths(dead) }) : told;
  }
  if (slot.revision && slot.revision.taskDefinition !== revision.taskDefinition)
    return say("decision.otherDefinitionAsked", { side: slot.color, definition: slot.revision.taskDefinition });
  return null;
}

/** What is left to read after a failure: dead tasks, sick targets. Log lines are added by whoever can read them. */
export function failureEvidence(observation: Observation, deployment: Deployment): FailureEvidence {
  const slot = observation.slots[deployment.to];
  const dead = deployment.revision ? deadTasks(slot, deployment.revision, deathsCountFrom(deployment)) : [];
  return {
    tasks: dead.slice(0, MAX_EVIDENCE_TASKS).map((task) => ({
      id: task.id,
      stopCode: task.stopCode,
      stoppedReason: task.stoppedReason,
      containers: task.containers.map(({ name, exitCode, reason, essential }) => ({
        name,
        exitCode,
        reason,
        essential,
      })),
    })),
    targets: slot.targets
      .filter((target) => target.state !== "healthy" && !isLeaving(target))
      .map(({ id, state, reason, description }) => ({ id, state, reason, description })),
    lines: [],
  };
}

function describeDeaths(dead: readonly Task[]): Sentence {
  const newest = dead[0];
  const failed = findFailedContainer(newest?.containers ?? []);
  const detail = failed?.reason ?? newest?.containers.find((container) => container.reason)?.reason;
  const reason = newest?.stoppedReason ?? say("decision.noReason");
  const told = {
    count: dead.length,
    code: newest?.stopCode ?? say("decision.noCode"),
    why: detail ? say("told.also", { first: reason, second: detail }) : reason,
  };
  const container = failed && failedContainerSaid([failed]);
  return container ? say("decision.deathsContainer", { ...told, container }) : say("decision.deaths", told);
}

/** A revision that ran before may have died before, too: only a newly registered one has no past. */
function deathsCountFrom(deployment: Deployment): number {
  const { requested } = deployment.plan ?? { requested: null };
  if (requested && "image" in requested) return 0;
  return (stageRecord(deployment, "SCALE_UP").startedAt ?? deployment.startedAt) - CLOCK_SKEW_MS;
}

function isRunning(task: Task): boolean {
  return task.lastStatus === "RUNNING" && task.desiredStatus === "RUNNING";
}
