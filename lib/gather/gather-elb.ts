import type { Aws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import { type Application, type ListenerRef, productionRefs } from "../domain/application/application.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import type { Facts, GatherOptions } from "./facts.ts";

/** Target group attributes change by a person's hand, not by the minute. */
const SLOW_MS = 60_000;

/** Reads listeners, rules and target health of all these applications into the tables. */
export async function gatherElb(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  const refs = applications.flatMap(refsOf);
  const groups = new Set(applications.flatMap((a) => SLOT_COLORS.map((color) => a.slots[color].targetGroupArn)));
  await Promise.all([
    gatherForwards(aws, refs, facts, options),
    ...[...groups].map((arn) =>
      facts.targets.ask(arn, options.now(), () => aws.elb.describeTargetHealth(arn, options.priority)),
    ),
  ]);
}

/** Reads the target groups' attributes, when they were not read within the last minute. */
export async function gatherElbSettings(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  const groups = new Set(applications.flatMap((a) => SLOT_COLORS.map((color) => a.slots[color].targetGroupArn)));
  const due = options.now() - SLOW_MS;
  await Promise.all(
    [...groups]
      .filter((arn) => facts.attributes.isOlderThan(arn, due))
      .map((arn) =>
        facts.attributes.ask(arn, options.now(), () => aws.elb.describeGroupAttributes(arn, options.priority)),
      ),
  );
}

/** Calls of ELBv2's read bucket, the tightest of all, that one round costs. */
export function elbCallsOf(applications: readonly Application[]): number {
  const groups = new Set(applications.flatMap((a) => SLOT_COLORS.map((color) => a.slots[color].targetGroupArn)));
  const refs = applications.flatMap(refsOf);
  const perKind = (kind: ListenerRef["kind"]) =>
    Math.ceil(new Set(refs.filter((ref) => ref.kind === kind).map((ref) => ref.arn)).size / 20);
  return groups.size + perKind("listener") + perKind("rule");
}

/** Whose weights are read in every round. */
function refsOf(application: Application): ListenerRef[] {
  const { testListener } = application;
  return [...productionRefs(application), ...(testListener ? [testListener] : [])];
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
