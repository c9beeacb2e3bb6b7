import { approvalCount } from "@/lib/domain/deployment/approval.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import { explainStoppedTask, explainTarget } from "@/lib/domain/observation/plain-words.ts";
import type { Slot } from "@/lib/domain/observation/slot.ts";
import { SLOT_COLORS } from "@/lib/domain/observation/slot.ts";
import { SOURCE_WORDS } from "@/lib/domain/observation/source.ts";
import { isTaskDeath } from "@/lib/domain/rules/task-deaths.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { STAGE_WORDS, statusWords } from "./stage-words.ts";

/** What a person who cannot see the page must be told between two snapshots; empty for mere ageing. */
export function describeChanges(before: ApplicationSnapshot, after: ApplicationSnapshot): string[] {
  return [
    ...trafficChanges(before, after),
    ...SLOT_COLORS.flatMap((color) => targetChanges(before.slots[color], after.slots[color])),
    ...SLOT_COLORS.flatMap((color) => taskChanges(before.slots[color], after.slots[color])),
    ...deploymentChanges(before.deployment, after.deployment, after.lastDeployment),
    ...sourceChanges(before, after),
    ...rollbackChanges(before, after),
    ...freezeChanges(before, after),
  ];
}

function trafficChanges(before: ApplicationSnapshot, after: ApplicationSnapshot): string[] {
  const changes: string[] = [];
  const { live, weights } = after.traffic;
  if (live !== before.traffic.live)
    changes.push(
      live === "split"
        ? `${after.name}: traffic is split, blue ${weights.blue}, green ${weights.green}`
        : live === "unknown"
          ? `${after.name}: no side is live`
          : `${after.name}: ${live} is live now`,
    );
  if (after.traffic.drift && !before.traffic.drift) changes.push(`${after.name}: ${after.traffic.drift}`);
  return changes;
}

function targetChanges(before: Slot, after: Slot): string[] {
  const changes: string[] = [];
  for (const target of after.targets) {
    const old = before.targets.find((each) => each.id === target.id && each.port === target.port);
    if (old?.state === target.state) continue;
    if (target.state === "unhealthy")
      changes.push(`${after.color}: ${target.id} is unhealthy. ${explainTarget(target.state, target.reason)}`);
    else if (old?.state === "unhealthy" && target.state === "healthy")
      changes.push(`${after.color}: ${target.id} is healthy again`);
  }
  if (after.counts.healthy !== before.counts.healthy)
    changes.push(`${after.color}: ${after.counts.healthy} of ${after.counts.desired} healthy`);
  return changes;
}

/** Tasks that stopped since and not because anybody asked them to, with why. */
function taskChanges(before: Slot, after: Slot): string[] {
  const known = new Set(before.tasks.filter(({ stopCode }) => stopCode !== undefined).map(({ id }) => id));
  const died = after.tasks.filter((task) => !known.has(task.id) && isTaskDeath(task));
  const [newest] = died;
  if (!newest) return [];
  const count = died.length === 1 ? "a task" : `${died.length} tasks`;
  return [`${after.color}: ${count} stopped. ${explainStoppedTask(newest)}`];
}

/** How it stands, and why where it did not go as it was meant to. */
function endWords(deployment: Deployment): string {
  const words = `Deployment to ${deployment.to}: ${statusWords(deployment)}`;
  const isAsMeant = deployment.status === "SUCCESSFUL" || deployment.status === "IN_PROGRESS";
  return isAsMeant || !deployment.statusReason ? words : `${words}. ${deployment.statusReason}`;
}

function deploymentChanges(before: Deployment | null, after: Deployment | null, last: Deployment | null): string[] {
  if (before && !after && last?.id === before.id) return [endWords(last)];
  if (!after) return [];
  if (before?.id !== after.id) return [`A deployment to ${after.to} was started by ${after.actor.name}`];
  if (before.status !== after.status) return [endWords(after)];
  if (before.stage !== after.stage) return [`Deployment to ${after.to}: ${STAGE_WORDS[after.stage]}`];
  if (before.approval && after.approval && before.approval.given !== after.approval.given)
    return [`Deployment to ${after.to}: ${approvalCount(after.approval)}`];
  return [];
}

/** That the line was stopped or runs again, whoever did it. */
function freezeChanges(
  { freeze: before }: ApplicationSnapshot,
  { name, freeze: after }: ApplicationSnapshot,
): string[] {
  if (before?.id === after?.id) return [];
  return [
    after ? `${name}: the line is stopped by ${after.startedBy}. ${after.reason}` : `${name}: the line runs again`,
  ];
}

/** An automatic rollback is told with its reason as soon as it begins. */
function rollbackChanges({ automaticRollback: before }: ApplicationSnapshot, after: ApplicationSnapshot): string[] {
  const { automaticRollback: turned } = after;
  if (!turned || turned.deploymentId === before?.deploymentId) return [];
  return [`${after.name}: rolled back by Switchyard. ${turned.message}`];
}

function sourceChanges(before: ApplicationSnapshot, after: ApplicationSnapshot): string[] {
  return after.sources.flatMap((source) => {
    const old = before.sources.find((each) => each.name === source.name);
    if (!old || old.state === source.state) return [];
    return [
      source.state === "ok"
        ? `${SOURCE_WORDS[source.name]}: read again`
        : `${SOURCE_WORDS[source.name]}: ${source.message ?? source.state}`,
    ];
  });
}
