import type { Aws } from "../aws/aws.ts";
import { asAwsFailure } from "../aws/errors.ts";
import type { ServiceDeploymentReading, ServiceRevisionReading } from "../aws/service-deployments.ts";
import type { Application } from "../domain/application/application.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import { type Facts, type GatherOptions, serviceKey } from "./facts.ts";

/** The lists show a new deployment some seconds late, so they are asked again while the service names one they lack. */
const LIST_AGAIN_MS = 30_000;
/** With many applications seldomer: what is being deployed their services say themselves. */
const MS_A_LIST = 1_000;
const FOLLOWED = 3;

/**
 * Reads ECS's own deployments of these applications' services, 20 in a call, with the revisions that they are about. Called
 * after the services were read. Never throws for AWS: failures are facts too.
 */
export async function gatherServiceDeployments(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  const native = applications.filter(({ controller }) => CAPABILITIES[controller].moves === "ECS");
  if (native.length === 0) return;
  const interval = Math.max(LIST_AGAIN_MS, native.length * MS_A_LIST);
  await Promise.all(native.map((application) => listDeployments(aws, application, facts, options, interval)));
  await describeDeployments(aws, native, facts, options);
  await describeRevisions(aws, native, facts, options);
}

/** The service whose deployments are ECS's own; null where none is configured. */
function keyOf(application: Application): string | null {
  const { service } = application.slots.blue;
  return service === null ? null : serviceKey(application.cluster, service);
}

async function listDeployments(
  aws: Aws,
  application: Application,
  facts: Facts,
  { priority, now }: GatherOptions,
  interval: number,
): Promise<void> {
  const key = keyOf(application);
  const { service } = application.slots.blue;
  const named = key === null ? null : facts.services.find(key)?.value?.serviceDeployment;
  if (key === null || service === null) return;
  const known = facts.deploymentLists.find(key)?.value ?? [];
  const isComplete = named === undefined || named === null || known.includes(named);
  if (isComplete && !facts.deploymentLists.isOlderThan(key, now() - interval)) return;
  const sentAt = now();
  await facts.deploymentLists.ask(key, sentAt, async () => {
    const listed = await aws.serviceDeployments.list(application.cluster, service, priority);
    // The service tells of a new one before the list does.
    return named && !listed.includes(named) ? [named, ...listed] : listed;
  });
}

async function describeDeployments(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const arns = applications.flatMap((application) => followed(application, facts));
  const changing = [...new Set(arns)].filter((arn) => {
    const known = facts.serviceDeployments.find(arn)?.value;
    return !known || known.finishedAt === null;
  });
  if (changing.length === 0) return;
  const sentAt = now();
  try {
    for (const reading of await aws.serviceDeployments.describe(changing, priority))
      facts.serviceDeployments.record(reading.arn, reading, sentAt);
  } catch (error) {
    for (const arn of changing) facts.serviceDeployments.fail(arn, asAwsFailure(error), sentAt);
  }
}

/** A revision never changes but for the group it serves from, which is told while it is active only. */
async function describeRevisions(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const wanted = applications.flatMap((application) => {
    const service = facts.services.find(keyOf(application) ?? "")?.value;
    const shares = newestDeployments(application, facts).flatMap((d) => [
      ...(d.target ? [d.target] : []),
      ...d.sources,
    ]);
    return [...(service?.serviceRevisions ?? []), ...shares.map(({ arn }) => arn)];
  });
  const unknown = [...new Set(wanted)].filter(
    (arn) => arn !== "" && !facts.serviceRevisions.find(arn)?.value?.servesFrom.length,
  );
  const active = new Set(
    applications.flatMap((application) => facts.services.find(keyOf(application) ?? "")?.value?.serviceRevisions ?? []),
  );
  const due = unknown.filter((arn) => active.has(arn) || !facts.serviceRevisions.find(arn)?.value);
  if (due.length === 0) return;
  const sentAt = now();
  try {
    const readings = await aws.serviceDeployments.describeRevisions(due, priority);
    for (const reading of readings) facts.serviceRevisions.record(reading.arn, reading, sentAt);
    await Promise.all(
      readings
        .map(({ taskDefinition }) => taskDefinition)
        .filter((arn) => arn !== "" && !facts.definitions.find(arn)?.value)
        .map((arn) => facts.definitions.ask(arn, sentAt, () => aws.definitions.get(arn, priority))),
    );
  } catch (error) {
    for (const arn of due) facts.serviceRevisions.fail(arn, asAwsFailure(error), sentAt);
  }
}

function followed(application: Application, facts: Facts): string[] {
  return (facts.deploymentLists.find(keyOf(application) ?? "")?.value ?? []).slice(0, FOLLOWED);
}

/** The newest of the application's service deployments that are known, newest first. */
export function newestDeployments(application: Application, facts: Facts): ServiceDeploymentReading[] {
  return followed(application, facts)
    .flatMap((arn) => facts.serviceDeployments.find(arn)?.value ?? [])
    .toSorted((a, b) => b.createdAt - a.createdAt);
}

/** A revision as last read; null before that. */
export function revisionReading(arn: string | undefined, facts: Facts): ServiceRevisionReading | null {
  return arn === undefined ? null : (facts.serviceRevisions.find(arn)?.value ?? null);
}
