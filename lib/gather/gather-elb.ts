import type { Aws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Application, ListenerRef } from "../domain/application/application.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import { targetGroupName } from "../domain/observation/traffic.ts";
import type { Facts, GatherOptions, RulesBefore } from "./facts.ts";

/** Target group attributes and other rules change by a person's hand, not by the minute. */
const SLOW_MS = 60_000;

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
      facts.targets.ask(arn, options.now(), () => aws.elb.describeTargetHealth(arn, options.priority)),
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
    gatherHealthChecks(
      aws,
      [...groups].filter((arn) => facts.healthChecks.isOlderThan(arn, due)),
      facts,
      options,
    ),
    ...[...groups]
      .filter((arn) => facts.attributes.isOlderThan(arn, due))
      .map((arn) =>
        facts.attributes.ask(arn, options.now(), () => aws.elb.describeGroupAttributes(arn, options.priority)),
      ),
    ...applications
      .filter((application) => facts.shadows.isOlderThan(application.listener.arn, due))
      .map((application) =>
        facts.shadows.ask(application.listener.arn, options.now(), () => findShadow(aws, application, options)),
      ),
  ]);
}

/** Calls of ELBv2's read bucket, the tightest of all, that one round costs. */
export function elbCallsOf(applications: readonly Application[]): number {
  const groups = new Set(applications.flatMap((a) => SLOT_COLORS.map((color) => a.slots[color].targetGroupArn)));
  const refs = applications.flatMap((a) => (a.testListener ? [a.listener, a.testListener] : [a.listener]));
  const perKind = (kind: ListenerRef["kind"]) =>
    Math.ceil(new Set(refs.filter((ref) => ref.kind === kind).map((ref) => ref.arn)).size / 20);
  return groups.size + perKind("listener") + perKind("rule");
}

async function gatherHealthChecks(
  aws: Aws,
  arns: readonly string[],
  facts: Facts,
  { priority, now }: GatherOptions,
): Promise<void> {
  const sentAt = now();
  for (const [arn, reading] of await aws.elb.describeHealthChecks(arns, priority)) {
    if (reading instanceof AwsFailure) facts.healthChecks.fail(arn, reading, sentAt);
    else facts.healthChecks.record(arn, reading, sentAt);
  }
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

/** A rule that is looked at earlier and takes every request makes our weights mean nothing; one that takes some is told of. */
async function findShadow(aws: Aws, application: Application, { priority }: GatherOptions): Promise<RulesBefore> {
  const { listener, slots } = application;
  const listenerArn =
    listener.kind === "listener"
      ? listener.arn
      : listener.arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "");
  const rules = await aws.elb.describeRules(listenerArn, priority);
  const own = rules.find((rule) => rule.arn === listener.arn)?.priority ?? Number.POSITIVE_INFINITY;
  const ours = new Set(SLOT_COLORS.map((color) => slots[color].targetGroupArn));
  const before = rules.flatMap(({ priority: place, takes, takesEverything, forward: { groups } }) =>
    place !== null && place < own
      ? [
          {
            takesEverything,
            priority: place,
            takes,
            groups: groups.map((group) => targetGroupName(group.targetGroupArn)),
            isOurs: groups.some((group) => ours.has(group.targetGroupArn)),
          },
        ]
      : [],
  );
  const whole = before.find((rule) => rule.takesEverything);
  const names = whole?.groups.join(", ");
  return {
    whole: whole ? `Rule ${whole.priority} comes first and takes every request${names ? ` to ${names}` : ""}` : null,
    partial: before
      .filter((rule) => !rule.takesEverything)
      .map(({ takesEverything: _, ...rule }) => rule)
      .toSorted((a, b) => a.priority - b.priority),
  };
}
