import type { Aws } from "../aws/aws.ts";
import type { CodeDeployReading, GroupReading } from "../aws/code-deploy-readings.ts";
import { asAwsFailure } from "../aws/errors.ts";
import type { Application } from "../domain/application/application.ts";
import type { AwsDeployment, AwsPause } from "../domain/observation/aws-deployment.ts";
import type { Revision, SlotColor } from "../domain/observation/slot.ts";
import { ROLLBACK_TOLD_MS, toAwsDeployment } from "./code-deploy-mapping.ts";
import {
  type CodeDeployFacts,
  type Fact,
  type Facts,
  type GatherOptions,
  serviceKey,
  sharedCodeDeploy,
} from "./facts.ts";
import { sidesOf } from "./task-set-sides.ts";

const LIST_AGAIN_MS = 15_000;
/** And with many applications, so that lists take no more than a call in this time. */
const MS_A_LIST = 2_000;
/** A group's settings change seldom, and a start looks at them itself. */
const GROUP_AGAIN_MS = 60_000;
const MS_A_GROUP = 5_000;
/** An action looks at lists that are newer than this. */
const FRESH_MS = 2_000;
const FOLLOWED = 3;
const OVER: ReadonlySet<CodeDeployReading["status"]> = new Set(["Succeeded", "Failed", "Stopped"]);

/**
 * Reads CodeDeploy's deployments of these applications, 25 in a call, and the targets of those that change. Called after the
 * services were read. Never throws for AWS: failures are facts too.
 */
export async function gatherCodeDeploy(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  const driven = applications.filter(({ codeDeploy }) => codeDeploy != null);
  if (driven.length === 0) return;
  const interval = Math.max(LIST_AGAIN_MS, driven.length * MS_A_LIST);
  const groupInterval = Math.max(GROUP_AGAIN_MS, driven.length * MS_A_GROUP);
  await Promise.all(
    driven.flatMap((application) => [
      listDeployments(aws, application, facts, options, interval),
      readGroup(aws, application, facts, options, groupInterval),
    ]),
  );
  await describeDeployments(aws, driven, facts, options);
  // A rollback is told of by what it undoes, and the other way round.
  await describeDeployments(aws, driven, facts, options, "unread");
  await Promise.all(driven.map((application) => describeTargets(aws, application, facts, options)));
  await gatherDefinitions(aws, driven, facts, options);
}

/** A deployment that was started here: the list is known to hold it before it is read again. */
export function tellStarted(aws: Aws, application: Application, id: string, now: number): void {
  const { lists } = sharedCodeDeploy(aws);
  const key = keyOf(application);
  lists.record(key, [id, ...(lists.find(key)?.value ?? [])], now);
}

/** The newest deployments, newest first; those that only roll another one back are part of that one. */
export function codeDeploymentsOf(
  application: Application,
  facts: Facts,
  revisionOf: (taskDefinition: string) => Revision | null,
  now: number,
): AwsDeployment[] {
  const { readings, targets } = facts.codeDeploy;
  const groups = { blue: application.slots.blue.targetGroupName, green: application.slots.green.targetGroupName };
  const find = (id: string | null) => {
    const reading = id === null ? null : readings.find(id)?.value;
    return reading ? { reading, target: targets.find(reading.id)?.value ?? null } : null;
  };
  return followed(application, facts)
    .filter(({ rollsBack, creator }) => rollsBack === null && creator !== "codeDeployRollback")
    .map((reading) => {
      const taskDefinition = facts.codeDeploy.revisions.get(reading.id);
      const rollback = find(reading.rolledBackBy);
      const revision = taskDefinition === undefined ? null : revisionOf(taskDefinition);
      const target = targets.find(reading.id)?.value ?? null;
      return toAwsDeployment({ reading, target, rollback, revision, groups, now });
    });
}

/** Where the deployment group has its deployments wait for a person; null until it was read. */
export function groupPauses(application: Application, facts: Facts): AwsPause[] | null {
  return groupOf(application, facts)?.pauses ?? null;
}

/** The application's deployment group, as it was read last; null before. */
export function groupOf(application: Application, facts: Facts): GroupReading | null {
  return facts.codeDeploy.deploymentGroups.find(keyOf(application))?.value ?? null;
}

/** The side of the primary task set, on which CodeDeploy rests; null where there is none. */
export function primarySide(application: Application, facts: Facts): SlotColor | null {
  const service = facts.services.find(serviceKeyOf(application))?.value;
  const primary = service?.taskSets.find(({ status }) => status === "PRIMARY");
  return (primary && sidesOf(application, primary)[0]) ?? null;
}

/** What was asked of CodeDeploy for this application. */
export function codeDeployFactsOf(application: Application, facts: Facts): (Fact<unknown> | null)[] {
  if (!application.codeDeploy) return [];
  const { lists, readings, targets } = facts.codeDeploy;
  const [newest] = followed(application, facts);
  return [lists.find(keyOf(application)), ...(newest ? [readings.find(newest.id), targets.find(newest.id)] : [])];
}

function keyOf({ codeDeploy }: Application): string {
  return `${codeDeploy?.application}/${codeDeploy?.group}`;
}

function serviceKeyOf({ cluster, slots }: Application): string {
  return serviceKey(cluster, slots.blue.service ?? "");
}

async function listDeployments(
  aws: Aws,
  application: Application,
  facts: Facts,
  { priority, now }: GatherOptions,
  interval: number,
): Promise<void> {
  const { codeDeploy } = application;
  if (!codeDeploy) return;
  const key = keyOf(application);
  const { lists, taskSets } = facts.codeDeploy;
  const sentAt = now();
  // A task set that comes or goes is a deployment's doing.
  const sets = (facts.services.find(serviceKeyOf(application))?.value?.taskSets ?? []).map(({ id }) => id).join();
  const isSame = taskSets.get(key) === sets;
  const maxAge = priority === "observer" || priority === "engine" ? interval : Math.min(interval, FRESH_MS);
  if (isSame && !lists.isOlderThan(key, sentAt - maxAge)) return;
  taskSets.set(key, sets);
  await lists.ask(key, sentAt, () => aws.codeDeploy.list(codeDeploy, priority));
}

/** Whether people can approve before traffic moves, and what it deploys. Where it cannot be read nothing is refused before the start. */
async function readGroup(
  aws: Aws,
  application: Application,
  facts: Facts,
  { priority, now }: GatherOptions,
  interval: number,
): Promise<void> {
  const { codeDeploy } = application;
  const { deploymentGroups } = facts.codeDeploy;
  const key = keyOf(application);
  const sentAt = now();
  if (!codeDeploy || !deploymentGroups.isOlderThan(key, sentAt - interval)) return;
  await deploymentGroups.ask(key, sentAt, () => aws.codeDeploy.getGroup(codeDeploy, priority));
}

/** Whether nothing about it changes any more, and what rolls it back is known. */
function isSettled(reading: CodeDeployReading, { readings }: CodeDeployFacts, now: number): boolean {
  if (!OVER.has(reading.status)) return false;
  if (reading.status === "Succeeded" || reading.rollsBack !== null) return true;
  if (reading.rolledBackBy !== null) return OVER.has(readings.find(reading.rolledBackBy)?.value?.status ?? "Created");
  // It is read once more after that time, so that a rollback which was told late is not missed.
  const { readAt = 0 } = readings.find(reading.id) ?? {};
  const finishedAt = reading.finishedAt ?? now;
  return readAt - finishedAt > ROLLBACK_TOLD_MS;
}

async function describeDeployments(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
  which: "changing" | "unread" = "changing",
): Promise<void> {
  const { lists, readings } = facts.codeDeploy;
  const sentAt = now();
  const ids = applications.flatMap((application) => {
    const listed = lists.find(keyOf(application))?.value ?? [];
    const linked = listed.flatMap((id) => {
      const { rolledBackBy = null, rollsBack = null } = readings.find(id)?.value ?? {};
      return [rolledBackBy, rollsBack].filter((one) => one !== null);
    });
    return [...listed, ...linked];
  });
  const due = [...new Set(ids)].filter((id) => {
    const reading = readings.find(id)?.value;
    if (!reading) return true;
    return which === "changing" && !isSettled(reading, facts.codeDeploy, sentAt);
  });
  if (due.length === 0) return;
  try {
    for (const reading of await aws.codeDeploy.describe(due, priority)) readings.record(reading.id, reading, sentAt);
  } catch (error) {
    for (const id of due) readings.fail(id, asAwsFailure(error), sentAt);
  }
}

async function describeTargets(
  aws: Aws,
  application: Application,
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const { readings, targets } = facts.codeDeploy;
  const targetId = `${application.cluster}:${application.slots.blue.service}`;
  const newest = followed(application, facts);
  const rollbacks = newest.flatMap(({ rolledBackBy }) => readings.find(rolledBackBy ?? "")?.value ?? []);
  const due = [...newest, ...rollbacks].filter((reading) => {
    const known = targets.find(reading.id);
    // Once more after its end, for its last events.
    return !known?.value || !OVER.has(reading.status) || known.readAt <= (reading.finishedAt ?? 0);
  });
  await Promise.all(
    [...new Map(due.map((one) => [one.id, one])).values()].map(async ({ id }) => {
      const sentAt = now();
      try {
        const target = await aws.codeDeploy.describeTarget(id, targetId, priority);
        if (target) targets.record(id, target, sentAt);
      } catch (error) {
        targets.fail(id, asAwsFailure(error), sentAt);
      }
    }),
  );
}

/** What each deployment is about: by its task set while that is there, else as its AppSpec says. */
async function gatherDefinitions(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const { revisions, targets } = facts.codeDeploy;
  for (const application of applications) {
    const sets = facts.services.find(serviceKeyOf(application))?.value?.taskSets ?? [];
    for (const { id, appSpec } of followed(application, facts)) {
      const green = targets.find(id)?.value?.taskSets.find(({ label }) => label === "Green");
      const set = sets.find((one) => one.id === green?.id);
      const named = set?.taskDefinition ?? revisions.get(id) ?? appSpec?.taskDefinition;
      if (named !== undefined) revisions.set(id, arnOf(application, named));
    }
  }
  const wanted = applications.flatMap((application) =>
    followed(application, facts).flatMap(({ id }) => revisions.get(id) ?? []),
  );
  const unknown = [...new Set(wanted)].filter((arn) => !facts.definitions.find(arn)?.value);
  await Promise.all(unknown.map((arn) => facts.definitions.ask(arn, now(), () => aws.definitions.get(arn, priority))));
}

/** An AppSpec may name family and revision alone. */
function arnOf({ region, accountId, listener }: Application, taskDefinition: string): string {
  if (taskDefinition.startsWith("arn:")) return taskDefinition;
  const partition = listener.arn.split(":")[1] ?? "aws";
  return `arn:${partition}:ecs:${region}:${accountId}:task-definition/${taskDefinition}`;
}

function followed(application: Application, facts: Facts): CodeDeployReading[] {
  const { lists, readings } = facts.codeDeploy;
  const listed = (lists.find(keyOf(application))?.value ?? []).flatMap((id) => readings.find(id)?.value ?? []);
  const undone = listed.flatMap(({ rollsBack }) => readings.find(rollsBack ?? "")?.value ?? []);
  return [...new Map([...listed, ...undone].map((one) => [one.id, one])).values()]
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .slice(0, FOLLOWED * 2);
}
