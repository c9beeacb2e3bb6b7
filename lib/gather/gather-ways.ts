import type { Aws } from "../aws/aws.ts";
import { listenerArnOf, loadBalancerArnOf } from "../aws/elb-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import { type Application, productionRefs } from "../domain/application/application.ts";
import type { Facts, GatherOptions } from "./facts.ts";
import { sidesByGroup } from "./side-groups.ts";

/** Applications whose two target groups fit into one call. */
const APPLICATIONS_A_CALL = 10;

/**
 * Reads every listener and every rule of the load balancers that an application's listeners and target groups belong to,
 * when they were not read since `since`: one call for the groups of all (which tells their health checks, too), one for each load balancer, one for each listener.
 */
export async function gatherWaysIn(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  options: GatherOptions,
  since: number,
): Promise<void> {
  const { priority, now } = options;
  const mayWait = priority === "idle";
  const readListeners = (balancers: Iterable<string>) =>
    Promise.all(
      [...balancers]
        .filter((arn) => facts.listeners.isOlderThan(arn, since) && !(mayWait && facts.listeners.isAsked(arn)))
        .map((arn) => facts.listeners.ask(arn, now(), () => aws.elb.listListeners(arn, priority))),
    );
  const readRules = (listeners: Iterable<string>) =>
    Promise.all(
      [...listeners]
        .filter((arn) => facts.rules.isOlderThan(arn, since) && !(mayWait && facts.rules.isAsked(arn)))
        .map((arn) => facts.rules.ask(arn, now(), () => aws.elb.describeRules(arn, priority))),
    );
  const listenersOf = (balancers: Iterable<string>) => new Set([...balancers].flatMap((arn) => rulesKeys(arn, facts)));
  // What was there before is asked about in one round; a click waits for a second one only where something is new.
  const known = loadBalancersOf(applications, facts);
  const knownListeners = listenersOf(known);
  await Promise.all([
    gatherGroups(aws, applications, facts, options, since),
    readListeners(known),
    readRules(knownListeners),
  ]);
  const all = loadBalancersOf(applications, facts);
  await readListeners(all.difference(known));
  await readRules(listenersOf(all).difference(knownListeners));
}

/** Calls that reading the ways in of these applications costs, as far as their load balancers are known. */
export function waysCallsOf(applications: readonly Application[], facts: Facts): number {
  const balancers = loadBalancersOf(applications, facts);
  const listeners = [...balancers].flatMap((arn) => rulesKeys(arn, facts));
  return Math.ceil(applications.length / APPLICATIONS_A_CALL) + balancers.size + listeners.length;
}

/** Load balancers of the applications' own listeners, and of others that a target group belongs to as far as is known. */
export function loadBalancersOf(applications: readonly Application[], facts: Facts): Set<string> {
  const used = groupsOf(applications, facts).flatMap((arn) => facts.groups.find(arn)?.value?.loadBalancerArns ?? []);
  return ownLoadBalancers(applications).union(new Set(used));
}

/** Listeners of a load balancer whose rules are read. Only an Application Load Balancer's have any besides the default. */
export function rulesKeys(loadBalancerArn: string, facts: Facts): string[] {
  const listeners = facts.listeners.find(loadBalancerArn)?.value ?? [];
  return listeners.map(({ arn }) => arn).filter((arn) => arn.includes(":listener/app/"));
}

function ownLoadBalancers(applications: readonly Application[]): Set<string> {
  return new Set(applications.flatMap(productionRefs).map((ref) => loadBalancerArnOf(listenerArnOf(ref))));
}

/** Every target group that gets tasks of these applications. */
function groupsOf(applications: readonly Application[], facts: Facts): string[] {
  return [...new Set(applications.flatMap((application) => [...sidesByGroup(application, facts).keys()]))];
}

async function gatherGroups(
  aws: Aws,
  applications: readonly Application[],
  facts: Facts,
  { priority, now }: GatherOptions,
  since: number,
): Promise<void> {
  const due = groupsOf(applications, facts).filter((arn) => facts.groups.isOlderThan(arn, since));
  if (due.length === 0) return;
  const sentAt = now();
  for (const [arn, reading] of await aws.elb.describeGroups(due, priority)) {
    if (reading instanceof AwsFailure) facts.groups.fail(arn, reading, sentAt);
    else facts.groups.record(arn, reading, sentAt);
  }
}
