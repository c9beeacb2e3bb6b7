import type { Aws } from "../aws/aws.ts";
import { asAwsFailure } from "../aws/errors.ts";
import { resourceIdOf, type ScalableTargetReading } from "../aws/scaling.ts";
import type { Application } from "../domain/application/application.ts";
import type { SideScaling } from "../domain/observation/side-scaling.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import { type Facts, type GatherOptions, serviceKey } from "./facts.ts";

/** Calls of auto scaling's bucket for one service that is scaled: policies, scheduled actions and activities. */
const CALLS_A_SERVICE = 3;
const SERVICES_A_CALL = 50;

/** Reads what scales the services of these applications into the table; a service that nothing scales is null there. */
export async function gatherScaling(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const services = servicesOf(applications);
  if (services.size === 0) return;
  const sentAt = now();
  let targets: ReadonlyMap<string, ScalableTargetReading>;
  try {
    const ids = [...services.values()].map(({ cluster, service }) => resourceIdOf(cluster, service));
    targets = await aws.scaling.describeTargets(ids, priority);
  } catch (error) {
    const failure = asAwsFailure(error);
    for (const key of services.keys()) facts.scalings.fail(key, failure, sentAt);
    return;
  }
  await Promise.all(
    [...services].map(([key, { cluster, service }]) => {
      const target = targets.get(resourceIdOf(cluster, service));
      return facts.scalings.ask(key, sentAt, async () => ({
        scaling: target ? await readScaling(aws, facts, key, target, priority) : null,
      }));
    }),
  );
}

/** Calls that one round costs, by what is known of the services. */
export function scalingCallsOf(applications: readonly Application[], facts: Facts): number {
  const services = servicesOf(applications);
  const scaled = [...services.keys()].filter((key) => facts.scalings.find(key)?.value?.scaling);
  return Math.ceil(services.size / SERVICES_A_CALL) + CALLS_A_SERVICE * scaled.length;
}

/** Whether a count has changed since it was asked what scales it: auto scaling may have done that, or somebody else. */
export function hasCountMoved(application: Application, facts: Facts): boolean {
  return [...servicesOf([application]).keys()].some((key) => {
    const fact = facts.scalings.find(key);
    const scaling = fact?.failure ? null : fact?.value?.scaling;
    const desired = facts.services.find(key)?.value?.desired;
    return scaling != null && desired !== undefined && desired !== scaling.countWhenRead;
  });
}

async function readScaling(
  aws: Aws,
  facts: Facts,
  key: string,
  target: ScalableTargetReading,
  priority: GatherOptions["priority"],
): Promise<Omit<SideScaling, "count">> {
  // Before the activities are asked for, so that what changes meanwhile is asked about again.
  const countWhenRead = facts.services.find(key)?.value?.desired ?? 0;
  const { policies, scheduled, newest } = await aws.scaling.describeDetails(`service/${key}`, priority);
  const names = policies.flatMap(({ alarmName }) => alarmName ?? []);
  // Without CloudWatch's word it is only not known whether they are on.
  const alarms = await aws.cloudwatch.describeAlarms(names, priority).catch(() => new Map());
  return {
    ...target,
    policies: policies.map(({ alarmName, ...policy }) => ({
      ...policy,
      alarm: alarmName === null ? null : (alarms.get(alarmName) ?? null),
    })),
    scheduled,
    newest,
    countWhenRead,
  };
}

function servicesOf(applications: readonly Application[]): Map<string, { cluster: string; service: string }> {
  const found = applications.flatMap(({ cluster, slots }) =>
    SLOT_COLORS.flatMap((color) => {
      const { service } = slots[color];
      return service === null ? [] : [[serviceKey(cluster, service), { cluster, service }] as const];
    }),
  );
  return new Map(found);
}
