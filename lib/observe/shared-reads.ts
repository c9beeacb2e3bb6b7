import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { ServiceReading } from "../aws/service-reading.ts";

/** What many applications have in common is asked once for all whose names are looked up within this time. */
const KEPT_MS = 10_000;

/**
 * The same AWS, for looking up the names of many applications at once: a load balancer, listener or rule list that several name is
 * read once, and target groups and services are asked for together.
 */
export function shareReads(aws: Aws, now: () => number): Aws {
  const { elb, ecs } = aws;
  const groupArns = createCollector((names, priority) => elb.findTargetGroups(names, priority));
  const groups = createCollector((arns, priority) => elb.describeGroups(arns, priority));
  const services = new Map<string, Collect<Map<string, ServiceReading | AwsFailure>>>();
  return {
    ...aws,
    elb: {
      ...elb,
      findLoadBalancer: keep(elb.findLoadBalancer, now),
      listListeners: keep(elb.listListeners, now),
      getListener: keep(elb.getListener, now),
      describeRules: keep(elb.describeRules, now),
      findTargetGroups: groupArns,
      describeGroups: groups,
    },
    ecs: {
      ...ecs,
      describeServices(cluster, names, priority) {
        const collect =
          services.get(cluster) ?? createCollector((all, first) => ecs.describeServices(cluster, all, first));
        services.set(cluster, collect);
        return collect(names, priority);
      },
    },
  };
}

type Ask<T> = (key: string, priority: Priority) => Promise<T>;

/** Failures are kept for nobody. */
function keep<T>(ask: Ask<T>, now: () => number): Ask<T> {
  const answers = new Map<string, { at: number; answer: Promise<T> }>();
  return (key, priority) => {
    for (const [old, { at }] of answers) if (now() - at > KEPT_MS) answers.delete(old);
    const known = answers.get(key);
    if (known) return known.answer;
    const answer = ask(key, priority);
    answers.set(key, { at: now(), answer });
    answer.catch(() => answers.delete(key));
    return answer;
  };
}

type Collect<T> = (names: readonly string[], priority: Priority) => Promise<T>;

/** Asks for the names of all who ask in the same turn of the event loop. Where one of them is missing, each asks for its own. */
function createCollector<V>(ask: Collect<Map<string, V>>): Collect<Map<string, V>> {
  let open: { names: Set<string>; answer: Promise<Map<string, V>> } | null = null;
  return async (names, priority) => {
    if (!open) {
      const collected = new Set<string>();
      const answer = Promise.resolve().then(() => {
        open = null;
        return ask([...collected], priority);
      });
      open = { names: collected, answer };
    }
    for (const name of names) open.names.add(name);
    const { answer, names: all } = open;
    try {
      const found = await answer;
      return new Map([...found].filter(([name]) => names.includes(name)));
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.kind !== "missing" || all.size === names.length) throw error;
      return ask(names, priority);
    }
  };
}
