import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import type { Discovery, FoundEntrance, FoundService } from "../domain/discovery/discovery.ts";
import type { Look } from "../domain/readiness/readiness-facts.ts";
import { lookAt } from "./look-at.ts";

const PRIORITY: Priority = "question";

/** Every service, listener and rule of the account's Region, read-only, paged and within the budgets. What fails is said. */
export async function discover(aws: Aws): Promise<Discovery> {
  const [services, entrances] = await Promise.all([findServices(aws), findEntrances(aws)]);
  return {
    region: aws.region,
    services: services.found,
    entrances: entrances.found,
    notSeen: [...services.notSeen, ...entrances.notSeen],
  };
}

interface Part<T> {
  found: T[];
  notSeen: string[];
}

async function findServices(aws: Aws): Promise<Part<FoundService>> {
  const { ecs } = aws.inventory;
  const clusters = await lookAt(() => ecs.listClusters(PRIORITY));
  return each(clusters, "clusters", (cluster) =>
    lookAt(async () => ecs.describeServices(cluster, await ecs.listServices(cluster, PRIORITY), PRIORITY)).then(
      (look) => [`services of ${cluster}`, look] as const,
    ),
  );
}

async function findEntrances(aws: Aws): Promise<Part<FoundEntrance>> {
  const balancers = await lookAt(() => aws.inventory.elb.listLoadBalancers(PRIORITY));
  return each(balancers, "load balancers", async ({ name, arn }) => [
    `listeners of ${name}`,
    await lookAt(async () => {
      const listeners = await aws.inventory.elb.listListeners(arn, PRIORITY);
      const found = await Promise.all(
        listeners.map(async ({ reading: { arn: listenerArn, port } }) => {
          const rules = await aws.elb.describeRules(listenerArn, PRIORITY);
          return rules.map(({ priority, forward }) => ({
            loadBalancer: name,
            port,
            priority,
            groups: forward.groups.map(({ targetGroupArn, weight }) => ({ arn: targetGroupArn, weight })),
          }));
        }),
      );
      return found.flat();
    }),
  ]);
}

async function each<A, T>(
  all: Look<readonly A[]>,
  what: string,
  ask: (one: A) => Promise<readonly [string, Look<readonly T[]>]>,
): Promise<Part<T>> {
  if (all.state !== "seen") return { found: [], notSeen: [`${what}: ${whyOf(all)}`] };
  const part: Part<T> = { found: [], notSeen: [] };
  for (const [name, look] of await Promise.all(all.value.map(ask)))
    if (look.state === "seen") part.found.push(...look.value);
    else part.notSeen.push(`${name}: ${whyOf(look)}`);
  return part;
}

function whyOf(look: Exclude<Look<unknown>, { state: "seen" }>): string {
  return look.state === "denied" ? `denied ${look.permission}` : look.why;
}
