import { nameSaid } from "@/lib/domain/access/person-name.ts";
import { actorSaid } from "@/lib/domain/deployment/actor-said.ts";
import { approvalCountSaid } from "@/lib/domain/deployment/approval.ts";
import { explainStoppedTask, explainTarget } from "@/lib/domain/observation/plain-words.ts";
import type { Slot } from "@/lib/domain/observation/slot.ts";
import { SLOT_COLORS } from "@/lib/domain/observation/slot.ts";
import { sourceSaid } from "@/lib/domain/observation/source.ts";
import { isTaskDeath } from "@/lib/domain/rules/task-deaths.ts";
import { orText, type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import { type ApplicationSummary, type DeploymentSummary, isWhole } from "@/lib/domain/snapshot/summary.ts";
import { statusSaid } from "./stage-words.ts";

/**
 * What a person who cannot see the page must be told between two snapshots; empty for mere ageing. Of one application among many
 * single targets and tasks are not told.
 */
export function describeChanges(before: ApplicationSummary, after: ApplicationSummary): Sentence[] {
  return [
    ...trafficChanges(before, after),
    ...(isWhole(before) && isWhole(after)
      ? [
          ...SLOT_COLORS.flatMap((color) => targetChanges(before.slots[color], after.slots[color])),
          ...SLOT_COLORS.flatMap((color) => taskChanges(before.slots[color], after.slots[color])),
        ]
      : []),
    ...deploymentChanges(before.deployment, after.deployment, after.lastDeployment),
    ...sourceChanges(before, after),
    ...rollbackChanges(before, after),
    ...freezeChanges(before, after),
  ];
}

function trafficChanges(before: ApplicationSummary, after: ApplicationSummary): Sentence[] {
  const changes: Sentence[] = [];
  const { live, weights } = after.traffic;
  if (live !== before.traffic.live)
    changes.push(
      live === "split"
        ? say("live.split", { name: after.name, blue: weights.blue, green: weights.green })
        : live === "unknown"
          ? say("live.noSideIsLive", { name: after.name })
          : say("live.sideIsLive", { name: after.name, live }),
    );
  if (after.traffic.drift && !before.traffic.drift)
    changes.push(say("live.told", { name: after.name, what: orText(after.traffic.driftSaid, after.traffic.drift) }));
  return changes;
}

function targetChanges(before: Slot, after: Slot): Sentence[] {
  const changes: Sentence[] = [];
  for (const target of after.targets) {
    const old = before.targets.find((each) => each.id === target.id && each.port === target.port);
    if (old?.state === target.state) continue;
    if (target.state === "unhealthy")
      changes.push(
        say("live.targetUnhealthy", {
          color: after.color,
          id: target.id,
          why: explainTarget(target.state, target.reason),
        }),
      );
    else if (old?.state === "unhealthy" && target.state === "healthy")
      changes.push(say("live.targetHealthy", { color: after.color, id: target.id }));
  }
  if (after.counts.healthy !== before.counts.healthy)
    changes.push(
      say("live.healthyOf", { color: after.color, healthy: after.counts.healthy, desired: after.counts.desired }),
    );
  return changes;
}

/** Tasks that stopped since and not because anybody asked them to, with why. */
function taskChanges(before: Slot, after: Slot): Sentence[] {
  const known = new Set(before.tasks.filter(({ stopCode }) => stopCode !== undefined).map(({ id }) => id));
  const died = after.tasks.filter((task) => !known.has(task.id) && isTaskDeath(task));
  const [newest] = died;
  if (!newest) return [];
  return [say("live.tasksStopped", { color: after.color, count: died.length, why: explainStoppedTask(newest) })];
}

/** How it stands, and why where it did not go as it was meant to. */
function endSaid(deployment: DeploymentSummary): Sentence {
  const { to } = deployment;
  const what = statusSaid(deployment);
  const isAsMeant = deployment.status === "SUCCESSFUL" || deployment.status === "IN_PROGRESS";
  return isAsMeant || !deployment.statusReason
    ? say("live.deploymentTo", { to, what })
    : say("live.deploymentToWhy", { to, what, why: orText(deployment.statusSaid, deployment.statusReason) });
}

function deploymentChanges(
  before: DeploymentSummary | null,
  after: DeploymentSummary | null,
  last: DeploymentSummary | null,
): Sentence[] {
  if (before && !after && last?.id === before.id) return [endSaid(last)];
  if (!after) return [];
  if (before?.id !== after.id) return [say("live.started", { to: after.to, name: actorSaid(after) })];
  if (before.status !== after.status) return [endSaid(after)];
  if (before.stage !== after.stage)
    return [say("live.deploymentTo", { to: after.to, what: say(`live.stage.${after.stage}`) })];
  if (before.approval && after.approval && before.approval.given !== after.approval.given)
    return [say("live.deploymentTo", { to: after.to, what: approvalCountSaid(after.approval) })];
  return [];
}

/** That deployments were frozen or a freeze was lifted, whoever did it. */
function freezeChanges(
  { freeze: before }: ApplicationSummary,
  { name, freeze: after }: ApplicationSummary,
): Sentence[] {
  if (before?.id === after?.id) return [];
  return [
    after
      ? say("live.lineStopped", { name, startedBy: nameSaid(after.startedBy), reason: after.reason })
      : say("live.lineRuns", { name }),
  ];
}

/** An automatic rollback is told with its reason as soon as it begins. */
function rollbackChanges({ automaticRollback: before }: ApplicationSummary, after: ApplicationSummary): Sentence[] {
  const { automaticRollback: turned } = after;
  if (!turned || turned.deploymentId === before?.deploymentId) return [];
  return [say("live.rolledBack", { name: after.name, why: turned.message })];
}

function sourceChanges(before: ApplicationSummary, after: ApplicationSummary): Sentence[] {
  return after.sources.flatMap((source) => {
    const old = before.sources.find((each) => each.name === source.name);
    if (!old || old.state === source.state) return [];
    return [
      source.state === "ok"
        ? say("live.readAgain", { name: sourceSaid(source.name) })
        : say("live.told", {
            name: sourceSaid(source.name),
            what: orText(source.said, source.message ?? source.state),
          }),
    ];
  });
}
