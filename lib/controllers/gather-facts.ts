import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import type { TaskReading } from "../aws/ecs.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Application, ListenerRef } from "../domain/application.ts";
import type { Task } from "../domain/slot.ts";
import { SLOT_COLORS } from "../domain/slot.ts";
import { targetGroupName } from "../domain/traffic.ts";
import { type Facts, serviceKey } from "./facts.ts";

/** On whose behalf, and what time it is when a question is sent. */
export interface GatherOptions {
  priority: Priority;
  now: () => number;
}

/** Target group attributes and other rules change by a person's hand, not by the minute. */
const SLOW_MS = 60_000;
const STOPPED_KEPT_MS = 60 * 60_000;

/**
 * Reads services, tasks and task definitions of all these applications, a cluster at a time in as few calls as the API lets,
 * into the tables. Never throws for AWS: failures are facts too.
 */
export async function gatherEcs(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  const clusters = new Map<string, Set<string>>();
  for (const application of applications)
    for (const color of SLOT_COLORS) {
      const { service } = application.slots[color];
      if (service === null) continue;
      const services = clusters.get(application.cluster) ?? new Set();
      clusters.set(application.cluster, services.add(service));
    }
  await Promise.all(
    [...clusters].flatMap(([cluster, services]) => [
      gatherServices(aws, cluster, [...services], facts, options),
      gatherTasks(aws, cluster, [...services], facts, options),
    ]),
  );
}

/** Reads listeners, rules and target health of all these applications into the tables. */
export async function gatherElb(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  const refs = applications.flatMap((a) => (a.testListener ? [a.listener, a.testListener] : [a.listener]));
  const groups = new Set(applications.flatMap((a) => SLOT_COLORS.map((color) => a.slots[color].targetGroupArn)));
  await Promise.all([
    gatherForwards(aws, refs, facts, options),
    ...[...groups].map((arn) =>
      tell(facts.targets, arn, options.now(), () => aws.elb.describeTargetHealth(arn, options.priority)),
    ),
  ]);
}

/** Reads what changes by a person's hand (attributes, other rules), when it was not read within the last minute. */
export async function gatherElbSettings(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  const groups = new Set(applications.flatMap((a) => SLOT_COLORS.map((color) => a.slots[color].targetGroupArn)));
  const due = options.now() - SLOW_MS;
  await Promise.all([
    ...[...groups]
      .filter((arn) => facts.attributes.isOlderThan(arn, due))
      .map((arn) =>
        tell(facts.attributes, arn, options.now(), () => aws.elb.describeGroupAttributes(arn, options.priority)),
      ),
    ...applications
      .filter((application) => facts.shadows.isOlderThan(application.listener.arn, due))
      .map((application) =>
        tell(facts.shadows, application.listener.arn, options.now(), () => findShadow(aws, application, options)),
      ),
  ]);
}

/** Calls of ECS's task bucket that one round costs, more or less: what the observer's interval is made from. */
export function ecsCallsOf(applications: readonly Application[], facts: Facts): number {
  const clusters = new Set(applications.map((application) => application.cluster));
  let calls = 0;
  for (const cluster of clusters) {
    const here = applications.filter((application) => application.cluster === cluster).length;
    calls += 2 + (facts.crowdedClusters.has(cluster) ? here * 4 : 2);
  }
  return calls;
}

/** Calls of ELBv2's read bucket, the tightest of all, that one round costs. */
export function elbCallsOf(applications: readonly Application[]): number {
  const groups = new Set(applications.flatMap((a) => SLOT_COLORS.map((color) => a.slots[color].targetGroupArn)));
  const refs = applications.flatMap((a) => (a.testListener ? [a.listener, a.testListener] : [a.listener]));
  const perKind = (kind: ListenerRef["kind"]) =>
    Math.ceil(new Set(refs.filter((ref) => ref.kind === kind).map((ref) => ref.arn)).size / 20);
  return groups.size + perKind("listener") + perKind("rule");
}

async function gatherServices(
  aws: Aws,
  cluster: string,
  services: string[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const sentAt = now();
  try {
    const found = await aws.ecs.describeServices(cluster, services, priority);
    for (const [name, reading] of found) {
      if (reading instanceof AwsFailure) facts.services.fail(serviceKey(cluster, name), reading, sentAt);
      else facts.services.record(serviceKey(cluster, name), reading, sentAt);
    }
    const arns = [...found.values()].map((r) => (r instanceof AwsFailure ? "" : r.taskDefinition));
    await gatherDefinitions(aws, arns, facts, { priority, now });
  } catch (error) {
    for (const name of services) facts.services.fail(serviceKey(cluster, name), asFailure(error), sentAt);
  }
}

/** Known tasks are described while the lists are read, so that a change of a known task is seen after one round trip. */
async function gatherTasks(
  aws: Aws,
  cluster: string,
  services: string[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const sentAt = now();
  const known = new Map<string, { task: Task; service: string }>();
  for (const service of services)
    for (const task of facts.tasks.find(serviceKey(cluster, service))?.value ?? [])
      known.set(task.arn, { task, service });
  const changing = [...known.values()].filter(({ task }) => task.lastStatus !== "STOPPED").map(({ task }) => task.arn);
  try {
    const [listed, again] = await Promise.all([
      listTasks(aws, cluster, services, facts, priority),
      aws.ecs.describeTasks(cluster, changing, priority),
    ]);
    const fresh = listed.filter((arn) => !known.has(arn));
    const readings = [...again, ...(await aws.ecs.describeTasks(cluster, fresh, priority))];
    recordTasks(cluster, services, [...known.values()], readings, facts, sentAt);
    await gatherDefinitions(
      aws,
      readings.map(({ task }) => task.taskDefinition),
      facts,
      { priority, now },
    );
  } catch (error) {
    for (const service of services) facts.tasks.fail(serviceKey(cluster, service), asFailure(error), sentAt);
  }
}

function recordTasks(
  cluster: string,
  services: readonly string[],
  known: readonly { task: Task; service: string }[],
  readings: readonly TaskReading[],
  facts: Facts,
  sentAt: number,
): void {
  const stopped = known.filter(
    ({ task }) => task.lastStatus === "STOPPED" && (task.stoppedAt ?? sentAt) > sentAt - STOPPED_KEPT_MS,
  );
  for (const service of services) {
    const tasks = [...stopped, ...readings].filter((r) => r.service === service).map((r) => r.task);
    // A stopped task may be told by both when its state moved in between; the newer one counts.
    facts.tasks.record(
      serviceKey(cluster, service),
      [...new Map(tasks.map((task) => [task.arn, task])).values()],
      sentAt,
    );
  }
}

/** The whole cluster in one list where that takes no more calls than asking for each service. */
async function listTasks(
  aws: Aws,
  cluster: string,
  services: readonly string[],
  facts: Facts,
  priority: Priority,
): Promise<string[]> {
  const statuses = ["RUNNING", "STOPPED"] as const;
  if (!facts.crowdedClusters.has(cluster)) {
    const lists = await Promise.all(
      statuses.map((desiredStatus) =>
        aws.ecs.listTasks({ cluster, desiredStatus, maxPages: services.length }, priority),
      ),
    );
    if (lists.every((list) => list.isComplete)) return lists.flatMap((list) => list.arns);
    facts.crowdedClusters.add(cluster);
  }
  const lists = await Promise.all(
    services.flatMap((service) =>
      statuses.map((desiredStatus) => aws.ecs.listTasks({ cluster, service, desiredStatus }, priority)),
    ),
  );
  return lists.flatMap((list) => list.arns);
}

async function gatherDefinitions(
  aws: Aws,
  arns: readonly string[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const unknown = new Set(arns.filter((arn) => arn !== "" && !facts.definitions.find(arn)?.value));
  await Promise.all(
    [...unknown].map((arn) => tell(facts.definitions, arn, now(), () => aws.definitions.get(arn, priority))),
  );
}

async function gatherForwards(
  aws: Aws,
  refs: readonly ListenerRef[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const sentAt = now();
  for (const [arn, reading] of await aws.elb.describeForwards(refs, priority)) {
    if (reading instanceof AwsFailure) facts.forwards.fail(arn, reading, sentAt);
    else facts.forwards.record(arn, reading, sentAt);
  }
}

/** A rule that is looked at earlier and takes every request makes the weights of ours mean nothing. */
async function findShadow(aws: Aws, application: Application, { priority }: GatherOptions): Promise<string | null> {
  const { listener } = application;
  const listenerArn =
    listener.kind === "listener"
      ? listener.arn
      : listener.arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "");
  const rules = await aws.elb.describeRules(listenerArn, priority);
  const own = rules.find((rule) => rule.arn === listener.arn)?.priority ?? Number.POSITIVE_INFINITY;
  const shadow = rules.find((rule) => rule.priority !== null && rule.priority < own && rule.takesEverything);
  if (!shadow) return null;
  const groups = shadow.forward.groups.map((group) => targetGroupName(group.targetGroupArn)).join(", ");
  return `Rule ${shadow.priority} comes first and takes every request${groups ? ` to ${groups}` : ""}`;
}

async function tell<T>(
  table: { record(key: string, value: T, sentAt: number): void; fail(key: string, f: AwsFailure, at: number): void },
  key: string,
  sentAt: number,
  ask: () => Promise<T>,
): Promise<void> {
  try {
    table.record(key, await ask(), sentAt);
  } catch (error) {
    table.fail(key, asFailure(error), sentAt);
  }
}

/** Anything but a failure of AWS's is a fault of ours and must not be swallowed. */
function asFailure(error: unknown): AwsFailure {
  if (error instanceof AwsFailure) return error;
  throw error;
}
