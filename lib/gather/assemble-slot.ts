import type { Application } from "../domain/application/application.ts";
import { stableSeconds } from "../domain/observation/side-health.ts";
import type { Slot, SlotColor, Task } from "../domain/observation/slot.ts";
import { rememberTargets } from "../domain/observation/target-memory.ts";
import { findMainContainer, type TaskDefinitionSummary } from "../domain/observation/task-definition.ts";
import { roleOf, type Traffic } from "../domain/observation/traffic.ts";
import { type Facts, serviceKey } from "./facts.ts";
import { revisionOf } from "./revision-of.ts";
import { readSide } from "./side-reading.ts";
import { logsOf } from "./task-logs.ts";

/** ELBv2's default while the group's attributes are not known. */
const DEREGISTRATION_DELAY_SECONDS = 300;
const STOPPED_SHOWN_MS = 60 * 60_000;

/** One side as the facts have it, remembering its targets on the way. */
export function slotOf(application: Application, color: SlotColor, facts: Facts, traffic: Traffic, now: number): Slot {
  const ref = application.slots[color];
  const side = readSide(application, color, facts);
  const definition = side ? (facts.definitions.find(side.taskDefinition)?.value ?? null) : null;
  const health = facts.targets.find(ref.targetGroupArn);
  const targets = health?.value
    ? rememberTargets(facts.memory, ref.targetGroupArn, health.value, health.readAt, application.stableChecks)
    : [];
  const attributes = facts.attributes.find(ref.targetGroupArn)?.value;
  const healthCheck = facts.groups.find(ref.targetGroupArn)?.value?.healthCheck;
  const isEmpty = (side?.desired ?? 0) === 0 && (side?.running ?? 0) === 0;
  return {
    color,
    role: roleOf(color, traffic.weights, isEmpty),
    revision: definition ? revisionOf(definition, application.container) : null,
    ...(definition ? ranDigest(definition, application.container, side?.tasks ?? []) : {}),
    ...(side?.taskDefinition && !definition ? { isRevisionUnread: true } : {}),
    counts: {
      desired: side?.desired ?? 0,
      running: side?.running ?? 0,
      pending: side?.pending ?? 0,
      healthy: targets.filter((target) => target.state === "healthy").length,
      total: targets.length,
    },
    tasks: tasksOf(application, side?.tasks ?? [], facts, now),
    targets,
    ...(health?.value ? { targetsReadAt: health.readAt, targetsAnsweredAt: health.answeredAt ?? health.readAt } : {}),
    ...tasksReadAt(application, color, facts),
    targetGroupArn: ref.targetGroupArn,
    targetGroupName: ref.targetGroupName,
    ...(ref.service === null ? {} : { service: ref.service }),
    ...(side?.taskSet ? { taskSet: side.taskSet } : {}),
    events: side?.events ?? [],
    rollout: side?.rollout ?? null,
    stickinessSeconds: attributes?.stickinessSeconds ?? null,
    deregistrationDelaySeconds: attributes?.deregistrationDelaySeconds ?? DEREGISTRATION_DELAY_SECONDS,
    ...(healthCheck ? { healthCheck, stableSeconds: stableSeconds({ healthCheck }, application.stableChecks) } : {}),
    ...(attributes ? { isConfigurationKnown: true } : {}),
    metrics: facts.metrics.find(application.name)?.value?.[color] ?? null,
    ...scalingOf(application, color, facts),
    ...besidesOf(application, color, facts),
  };
}

function ranDigest(
  definition: TaskDefinitionSummary,
  container: string | null,
  tasks: readonly Task[],
): Pick<Slot, "digest"> {
  const main = findMainContainer(definition, container)?.name;
  const own = tasks.filter(({ taskDefinition }) => taskDefinition === definition.arn);
  const ran = own.flatMap(({ containers }) =>
    containers.flatMap(({ name, digest }) => (name === main && digest !== undefined ? [digest] : [])),
  );
  const [digest, ...others] = new Set(ran);
  return digest === undefined || others.length > 0 ? {} : { digest };
}

function tasksReadAt({ cluster, slots }: Application, color: SlotColor, facts: Facts): Pick<Slot, "tasksReadAt"> {
  const fact = facts.tasks.find(serviceKey(cluster, slots[color].service ?? ""));
  return fact?.value ? { tasksReadAt: fact.readAt } : {};
}

/** ECS's own deployments move Service Connect with the rest. */
function besidesOf({ controller, cluster, slots }: Application, color: SlotColor, facts: Facts): Pick<Slot, "besides"> {
  if (controller === "ecs-native") return {};
  const besides = facts.services.find(serviceKey(cluster, slots[color].service ?? ""))?.value?.besides;
  return besides ? { besides } : {};
}

function scalingOf({ cluster, slots }: Application, color: SlotColor, facts: Facts): Pick<Slot, "scaling"> {
  const key = serviceKey(cluster, slots[color].service ?? "");
  const fact = facts.scalings.find(key);
  const scaling = fact?.value?.scaling;
  // What can no longer be read is told no more: nothing says that it still holds.
  if (!scaling || fact.failure) return {};
  return { scaling: { ...scaling, count: facts.services.find(key)?.value?.desired ?? scaling.countWhenRead } };
}

function tasksOf(application: Application, tasks: readonly Task[], facts: Facts, now: number): Task[] {
  const isOver = (task: Task) => task.lastStatus === "STOPPED";
  return tasks
    .filter((task) => !isOver(task) || (task.stoppedAt ?? now) > now - STOPPED_SHOWN_MS)
    .map((task) => ({
      ...task,
      ...containersOf(task, facts),
      ...instanceOf(task, facts),
      ...logsOf(application, task, facts.definitions.find(task.taskDefinition)?.value),
    }))
    .sort(
      (a, b) =>
        Number(isOver(a)) - Number(isOver(b)) ||
        (b.stoppedAt ?? b.createdAt ?? 0) - (a.stoppedAt ?? a.createdAt ?? 0) ||
        a.id.localeCompare(b.id),
    );
}

/** Only the task definition says which of a task's containers end it when they end, and which ports they take of their host. */
function containersOf(task: Task, facts: Facts): Pick<Task, "containers"> {
  const known = facts.definitions.find(task.taskDefinition)?.value?.containers ?? [];
  const containers = task.containers.map((container) => {
    const defined = known.find(({ name }) => name === container.name);
    if (!defined) return container;
    const hostPorts = container.hostPorts ?? defined.hostPorts;
    return { ...container, essential: defined.essential, ...(hostPorts ? { hostPorts } : {}) };
  });
  return { containers };
}

function instanceOf(task: Task, facts: Facts): Pick<Task, "instanceId"> {
  const id = facts.instances.find(task.containerInstance ?? "")?.value?.id;
  return id ? { instanceId: id } : {};
}
