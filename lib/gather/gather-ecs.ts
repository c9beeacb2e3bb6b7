import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { AwsFailure, asAwsFailure } from "../aws/errors.ts";
import type { TaskReading } from "../aws/task-reading.ts";
import type { Application } from "../domain/application/application.ts";
import type { Task } from "../domain/observation/slot.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import { type Facts, type GatherOptions, serviceKey } from "./facts.ts";
import { gatherCodeDeploy } from "./gather-code-deploy.ts";
import { gatherServiceDeployments } from "./gather-service-deployments.ts";

/** A permission that is missing is not asked for with every look. */
const INSTANCES_AGAIN_MS = 60_000;
const STOPPED_KEPT_MS = 60 * 60_000;
/** The API's maxima. */
const TASKS_A_CALL = 100;
const SERVICES_A_CALL = 10;

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
  await Promise.all([
    gatherServiceDeployments(aws, applications, facts, options),
    gatherCodeDeploy(aws, applications, facts, options),
  ]);
}

/**
 * Calls that one round costs of ECS's bucket for tasks or of that for services, whichever is more: both are refilled as fast. What
 * the observer's interval is made from.
 */
export function ecsCallsOf(applications: readonly Application[], facts: Facts): number {
  let ofTasks = 0;
  let ofServices = 0;
  for (const [cluster, here] of Map.groupBy(applications, (application) => application.cluster)) {
    const services = new Set(here.flatMap(({ slots }) => SLOT_COLORS.flatMap((color) => slots[color].service ?? [])));
    const tasks = [...services].flatMap((service) => facts.tasks.find(serviceKey(cluster, service))?.value ?? []);
    const pages = Math.min(services.size, facts.taskPages.get(cluster) ?? 1);
    ofTasks += 2 * pages + 1 + Math.ceil(tasks.length / TASKS_A_CALL);
    ofServices += Math.ceil(services.size / SERVICES_A_CALL);
  }
  return Math.max(ofTasks, ofServices);
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
      else {
        facts.services.record(serviceKey(cluster, name), reading, sentAt);
        facts.registrations.set(serviceKey(cluster, name), reading);
      }
    }
    const arns = [...found.values()].flatMap((r) =>
      r instanceof AwsFailure ? [] : [r.taskDefinition, ...r.taskSets.map((set) => set.taskDefinition)],
    );
    await gatherDefinitions(aws, arns, facts, { priority, now });
  } catch (error) {
    for (const name of services) facts.services.fail(serviceKey(cluster, name), asAwsFailure(error), sentAt);
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
    await gatherInstances(aws, cluster, readings, facts, { priority, now });
    await gatherDefinitions(
      aws,
      readings.map(({ task }) => task.taskDefinition),
      facts,
      { priority, now },
    );
  } catch (error) {
    for (const service of services) facts.tasks.fail(serviceKey(cluster, service), asAwsFailure(error), sentAt);
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

/** Only instances that are not known yet: which EC2 instance one is never changes. What failed is asked again after a while. */
async function gatherInstances(
  aws: Aws,
  cluster: string,
  readings: readonly TaskReading[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const sentAt = now();
  const unknown = new Set(
    readings.flatMap(({ task: { containerInstance: arn, lastStatus } }) =>
      arn !== undefined &&
      lastStatus !== "STOPPED" &&
      !facts.instances.find(arn)?.value &&
      facts.instances.isOlderThan(arn, sentAt - INSTANCES_AGAIN_MS)
        ? [arn]
        : [],
    ),
  );
  if (unknown.size === 0) return;
  try {
    const found = await aws.ecs.describeContainerInstances(cluster, [...unknown], priority);
    for (const arn of unknown) facts.instances.record(arn, { id: found.get(arn) ?? null }, sentAt);
  } catch (error) {
    for (const arn of unknown) facts.instances.fail(arn, asAwsFailure(error), sentAt);
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
  if ((facts.taskPages.get(cluster) ?? 1) <= services.length) {
    const lists = await Promise.all(
      statuses.map((desiredStatus) =>
        aws.ecs.listTasks({ cluster, desiredStatus, maxPages: services.length }, priority),
      ),
    );
    const isComplete = lists.every((list) => list.isComplete);
    const pages = Math.max(...lists.map((list) => Math.ceil(list.arns.length / TASKS_A_CALL)), 1);
    facts.taskPages.set(cluster, isComplete ? pages : services.length + 1);
    if (isComplete) return lists.flatMap((list) => list.arns);
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
    [...unknown].map((arn) => facts.definitions.ask(arn, now(), () => aws.definitions.get(arn, priority))),
  );
}
