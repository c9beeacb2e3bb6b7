import type { Aws } from "../aws/aws.ts";
import { chunks } from "../aws/chunks.ts";
import { ALARMS_A_CALL, METRICS_A_CALL } from "../aws/cloudwatch.ts";
import { asAwsFailure } from "../aws/errors.ts";
import type { Application } from "../domain/application/application.ts";
import type { Facts, GatherOptions } from "./facts.ts";

/** Reads metrics and alarms of all these applications into the tables, by application name. */
export async function gatherMetrics(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  await Promise.all([
    ...chunks(applications, METRICS_A_CALL).map((part) => gatherSides(aws, part, facts, options)),
    gatherAlarms(aws, applications, facts, options),
  ]);
}

/** Calls of CloudWatch's tightest bucket that one round costs. */
export function metricsCallsOf(applications: readonly Application[]): number {
  const alarms = new Set(applications.flatMap((application) => application.alarms)).size;
  return Math.ceil(applications.length / METRICS_A_CALL) + Math.ceil(alarms / ALARMS_A_CALL);
}

async function gatherSides(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const sentAt = now();
  try {
    const metrics = await aws.cloudwatch.readSideMetrics(applications, sentAt, priority);
    for (const [name, sides] of metrics) facts.metrics.record(name, sides, sentAt);
  } catch (error) {
    const failure = asAwsFailure(error);
    for (const { name } of applications) facts.metrics.fail(name, failure, sentAt);
  }
}

async function gatherAlarms(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const watching = applications.filter((application) => application.alarms.length > 0);
  const names = watching.flatMap((application) => application.alarms);
  if (names.length === 0) return;
  const sentAt = now();
  try {
    const found = await aws.cloudwatch.describeAlarms(names, priority);
    for (const { name, alarms } of watching)
      facts.alarms.record(
        name,
        alarms.flatMap((alarm) => found.get(alarm) ?? []),
        sentAt,
      );
  } catch (error) {
    const failure = asAwsFailure(error);
    for (const { name } of watching) facts.alarms.fail(name, failure, sentAt);
  }
}
