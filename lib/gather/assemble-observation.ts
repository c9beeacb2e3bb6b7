import { describeFailure, failureSaid } from "../aws/errors.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { stableSeconds } from "../domain/observation/side-health.ts";
import type { Slot, SlotColor, Task } from "../domain/observation/slot.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import type { SourceState } from "../domain/observation/source.ts";
import { rememberTargets } from "../domain/observation/target-memory.ts";
import { findMainContainer, type TaskDefinitionSummary } from "../domain/observation/task-definition.ts";
import { roleOf, type Traffic } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import { drivenPartOf } from "./assemble-driven.ts";
import { trafficOf } from "./assemble-traffic.ts";
import { waysFacts, waysInOf } from "./assemble-ways.ts";
import { type Fact, type Facts, serviceKey } from "./facts.ts";
import { codeDeployFactsOf } from "./gather-code-deploy.ts";
import { revisionsOf } from "./gather-revisions.ts";
import { revisionOf } from "./revision-of.ts";
import { readSide } from "./side-reading.ts";
import { logsOf } from "./task-logs.ts";

/** ELBv2's default while the group's attributes are not known. */
const DEREGISTRATION_DELAY_SECONDS = 300;
const STOPPED_SHOWN_MS = 60 * 60_000;
/** Three turns of an application that nobody watches. */
const METRIC_STALE_PERIODS = 15;

/**
 * One application as the tables tell it, remembering its targets on the way. Sources that never answered leave their part
 * empty and say why. Data older than `staleAfterMs` is marked stale. Target health that is read in turns of its own, because
 * each group costs a call, has its own limit and its own age, each side's `targetsReadAt`.
 */
export function assembleObservation(
  application: Application,
  facts: Facts,
  now: number,
  staleAfterMs: number,
  targetsStaleAfterMs: number | null = null,
): Observation {
  const ecs = sourceState("ecs", ecsFactsOf(application, facts), now, staleAfterMs);
  const elb = elbState(application, facts, now, staleAfterMs, targetsStaleAfterMs);
  const minor = minorFailureOf(application, facts);
  if (elb.state.state === "ok" && minor) elb.state.message = minor;
  const cloudwatch = cloudwatchState(application, facts, now);
  const both = [ecs, elb];
  const current = both.filter((source) => source.state.state === "ok");
  const observedAt =
    current.length > 0
      ? Math.min(...current.map((source) => source.readAt))
      : Math.max(...both.map((source) => source.readAt));
  const sources = cloudwatch ? [...both, cloudwatch] : both;
  for (const source of sources) source.state.ageMs = source.readAt === 0 ? 0 : Math.max(0, observedAt - source.readAt);
  const traffic = trafficOf(application, facts);
  const alarms = facts.alarms.find(application.name)?.value;
  const waysIn = waysInOf(application, facts);
  return {
    application: application.name,
    cluster: application.cluster,
    observedAt,
    sources: sources.map((source) => source.state),
    traffic,
    slots: {
      blue: slotOf(application, "blue", facts, traffic, now),
      green: slotOf(application, "green", facts, traffic, now),
    },
    ...(waysIn ? { waysIn } : {}),
    ...revisionStates(application, facts),
    ...(application.alarms.length > 0 && alarms ? { watchedAlarms: alarms } : {}),
    ...drivenPartOf(application, facts, now),
  };
}

function revisionStates(application: Application, facts: Facts): Pick<Observation, "revisions"> {
  const known = [...revisionsOf(application, facts)].flatMap((arn) => {
    const state = facts.revisions.find(arn)?.value;
    return state ? [[arn, state] as const] : [];
  });
  return known.length > 0 ? { revisions: Object.fromEntries(known) } : {};
}

/** Whether AWS says that something of the application is gone, so that its names may stand for something else by now. */
export function isSomethingMissing(application: Application, facts: Facts): boolean {
  const all = [...ecsFactsOf(application, facts), ...elbFactsOf(application, facts)];
  return all.some((fact) => fact?.failure?.kind === "missing");
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

function slotOf(application: Application, color: SlotColor, facts: Facts, traffic: Traffic, now: number): Slot {
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

/** Without them targets of these tasks cannot be told from strangers of the same port. */
function instanceFacts(application: Application, facts: Facts): AnyFact[] {
  const tasks = SLOT_COLORS.flatMap((color) => readSide(application, color, facts)?.tasks ?? []);
  return [...new Set(tasks.flatMap(({ containerInstance }) => containerInstance ?? []))].map((arn) =>
    facts.instances.find(arn),
  );
}

type AnyFact = Fact<unknown> | null;

function ecsFactsOf(application: Application, facts: Facts): AnyFact[] {
  const sides = SLOT_COLORS.flatMap((color): AnyFact[] => {
    const { service } = application.slots[color];
    if (service === null) return [];
    const key = serviceKey(application.cluster, service);
    const reading = facts.services.find(key);
    const definition = facts.definitions.find(readSide(application, color, facts)?.taskDefinition ?? "");
    // A definition never changes, so its age says nothing; that it cannot be read does.
    return [reading, facts.tasks.find(key), ...(definition?.failure ? [{ ...definition, readAt: 0 }] : [])];
  });
  return [...sides, ...failingDeployments(application, facts)];
}

/** ECS's own deployments that could not be read: nothing is followed without them. How old they are is their own business. */
function failingDeployments({ controller, cluster, slots }: Application, facts: Facts): AnyFact[] {
  if (CAPABILITIES[controller].moves !== "ECS") return [];
  const list = facts.deploymentLists.find(serviceKey(cluster, slots.blue.service ?? ""));
  const newest = facts.serviceDeployments.find(list?.value?.[0] ?? "");
  return [list, newest].flatMap((fact) => (fact?.failure ? [{ ...fact, value: null }] : []));
}

function elbFactsOf(application: Application, facts: Facts): AnyFact[] {
  return [...forwardFactsOf(application, facts), ...targetFactsOf(application, facts)];
}

function forwardFactsOf(application: Application, facts: Facts): AnyFact[] {
  return productionRefs(application).map((ref) => facts.forwards.find(ref.arn));
}

function targetFactsOf(application: Application, facts: Facts): AnyFact[] {
  return SLOT_COLORS.map((color) => facts.targets.find(application.slots[color].targetGroupArn));
}

/** While target health has its turns of its own (`targetsStaleAfterMs`), the source is as old as its weights. */
function elbState(
  application: Application,
  facts: Facts,
  now: number,
  staleAfterMs: number,
  targetsStaleAfterMs: number | null,
) {
  const whole = elbFactsOf(application, facts);
  if (targetsStaleAfterMs === null) return sourceState("elb", whole, now, staleAfterMs);
  const weights = sourceState("elb", forwardFactsOf(application, facts), now, staleAfterMs);
  if (weights.state.state !== "ok") return weights;
  // A side of which ECS says that it has nothing lacks no health before its turn comes.
  const asked = SLOT_COLORS.flatMap((color) => {
    const fact = facts.targets.find(application.slots[color].targetGroupArn);
    const side = readSide(application, color, facts);
    const isEmpty = side?.desired === 0 && side.running === 0 && side.pending === 0 && side.taskDefinition !== "";
    return fact === null && isEmpty ? [] : [fact];
  });
  const targets = sourceState("elb", asked, now, targetsStaleAfterMs);
  return { ...targets, readAt: weights.readAt };
}

/** What may fail without making the picture wrong: it is mentioned and blocks nothing. */
function minorFailureOf(application: Application, facts: Facts): string | null {
  const minor: AnyFact[] = [
    ...SLOT_COLORS.map((color) => facts.attributes.find(application.slots[color].targetGroupArn)),
    ...waysFacts(application, facts),
    ...instanceFacts(application, facts),
    ...codeDeployFactsOf(application, facts),
    application.testListener ? facts.forwards.find(application.testListener.arn) : null,
  ];
  const failure = minor.find((fact) => fact?.failure)?.failure;
  return failure ? describeFailure(failure) : null;
}

/** Null until it was asked for the first time. It is read by the minute and holds nothing up, so its age is its own. */
function cloudwatchState(application: Application, facts: Facts, now: number) {
  const asked = [
    facts.metrics.find(application.name),
    application.alarms.length > 0 ? facts.alarms.find(application.name) : null,
  ].filter((fact) => fact !== null);
  const staleAfterMs = METRIC_STALE_PERIODS * application.metricPeriodSeconds * 1000;
  return asked.length > 0 ? sourceState("cloudwatch", asked, now, staleAfterMs) : null;
}

function sourceState(
  name: "ecs" | "elb" | "cloudwatch",
  asked: readonly AnyFact[],
  now: number,
  staleAfterMs: number,
): { state: SourceState; readAt: number } {
  const known = asked.filter((fact) => fact?.value != null);
  const readAt = known.length > 0 ? Math.min(...known.map((fact) => fact?.readAt ?? 0)) : 0;
  const failures = asked.flatMap((fact) => (fact?.failure ? [fact.failure] : []));
  const failure = failures.find((f) => f.kind !== "throttled") ?? failures[0];
  if (failure) {
    const state = failure.kind === "throttled" ? "throttled" : "error";
    return { readAt, state: { name, state, ageMs: 0, ...lineMembers(failureSaid(failure)) } };
  }
  if (known.length < asked.length)
    return { readAt, state: { name, state: "stale", ageMs: 0, ...lineMembers(say("awsError.notAllRead")) } };
  if (now - readAt > staleAfterMs) {
    const silent = say("awsError.silent", { seconds: Math.round((now - readAt) / 1000) });
    return { readAt, state: { name, state: "stale", ageMs: 0, ...lineMembers(silent) } };
  }
  return { readAt, state: { name, state: "ok", ageMs: 0 } };
}
