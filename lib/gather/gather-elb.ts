import type { Aws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import { forwardBatches } from "../aws/forward-batches.ts";
import { type Application, type ListenerRef, productionRefs } from "../domain/application/application.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import type { Facts, GatherOptions } from "./facts.ts";

/** Target group attributes change by a person's hand, not by the minute. */
const SETTINGS_MS = 60_000;
/** One call of listeners and one of rules, both full. */
const MOST_IN_COMPANY = 40;

/** Reads listeners, rules and target health of all these applications into the tables. */
export async function gatherElb(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
): Promise<void> {
  await Promise.all([
    gatherForwards(aws, applications, facts, options),
    gatherTargets(aws, groupsOf(applications), facts, options),
  ]);
}

/** Reads what listeners and rules of all these applications forward to: hundreds in few calls. */
export async function gatherForwards(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const sentAt = now();
  for (const [arn, reading] of await aws.elb.describeForwards(applications.flatMap(refsOf), priority)) {
    if (reading instanceof AwsFailure) facts.forwards.fail(arn, reading, sentAt);
    else facts.forwards.record(arn, reading, sentAt);
  }
}

/** Reads target health, for which AWS takes one group a call. */
export async function gatherTargets(
  aws: Aws,
  groups: Iterable<string>,
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  await Promise.all(
    [...groups].map((arn) => facts.targets.ask(arn, now(), () => aws.elb.describeTargetHealth(arn, priority), now)),
  );
}

/** Reads the target groups' attributes, `most` of them, where they were not read within `maxAgeMs`; what may wait is not asked twice. */
export async function gatherElbSettings(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
  maxAgeMs: number = SETTINGS_MS,
  most: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const due = now() - maxAgeMs;
  const mayWait = priority === "idle";
  await Promise.all(
    [...groupsOf(applications)]
      .filter((arn) => facts.attributes.isOlderThan(arn, due) && !(mayWait && facts.attributes.isAsked(arn)))
      .slice(0, most)
      .map((arn) => facts.attributes.ask(arn, now(), () => aws.elb.describeGroupAttributes(arn, priority))),
  );
}

/** Calls of ELBv2's read bucket, the tightest of all, that reading all their weights costs. */
export function forwardCallsOf(applications: readonly Application[]): number {
  return forwardBatches(applications.flatMap(refsOf)).length;
}

/** Of `others`, in their order, those whose weights come along with those of `applications` in the same calls. */
export function forwardCompany(applications: readonly Application[], others: readonly Application[]): Application[] {
  let refs = applications.flatMap(refsOf);
  const calls = forwardBatches(refs).length;
  return others.filter((other) => {
    const more = [...refs, ...refsOf(other)];
    if (more.length > MOST_IN_COMPANY || forwardBatches(more).length > calls) return false;
    refs = more;
    return true;
  });
}

/** Both target groups of each, none twice. */
export function groupsOf(applications: readonly Application[]): Set<string> {
  return new Set(applications.flatMap((a) => SLOT_COLORS.map((color) => a.slots[color].targetGroupArn)));
}

/** Whose weights are read in every round. */
function refsOf(application: Application): ListenerRef[] {
  const { testListener } = application;
  return [...productionRefs(application), ...(testListener ? [testListener] : [])];
}
