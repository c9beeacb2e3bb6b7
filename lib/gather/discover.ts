import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import type { Discovery, FoundEntrance, FoundService } from "../domain/discovery/discovery.ts";
import { parseRepository } from "../domain/observation/image-repository.ts";
import type { Look } from "../domain/readiness/look.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { lookAt } from "./look-at.ts";

const PRIORITY: Priority = "question";

/** Every service, listener and rule of the account's Region, read-only, paged and within the budgets. What fails is said. */
export async function discover(aws: Aws): Promise<Discovery> {
  const [services, entrances] = await Promise.all([findServices(aws), findEntrances(aws)]);
  return {
    region: aws.region,
    services: services.found,
    entrances: entrances.found,
    definitions: await findDefinitions(aws, services.found),
    notSeen: [...services.notSeen, ...entrances.notSeen],
  };
}

/** One call each: more of them would take longer than everything else, and what is left out is filled in by hand. */
const MOST_DEFINITIONS = 200;

async function findDefinitions(aws: Aws, services: readonly FoundService[]): Promise<Discovery["definitions"]> {
  const behind = services.filter(({ groups, taskDefinition }) => groups.length > 0 && taskDefinition !== "");
  const asked = new Map(behind.map(({ taskDefinition, groups }) => [taskDefinition, groups[0]]));
  const looks = [...asked].slice(0, MOST_DEFINITIONS).map(async ([name, group]) => {
    const look = await lookAt(() => aws.inventory.ecs.findTaskDefinition(name, group?.container || null, PRIORITY));
    const found = look.state === "seen" ? look.value?.container : null;
    if (!found) return [];
    const repository = repositoryOf(found.image, group?.arn.split(":")[4] ?? "", aws.region);
    return [[name, { repository, logGroup: found.logGroup }] as const];
  });
  return new Map((await Promise.all(looks)).flat());
}

/** By its name in the account's own registry, whole in another account's; null in any other registry. */
function repositoryOf(image: string, accountId: string, region: string): string | null {
  const named = image.split("@")[0] ?? "";
  const whole = named.slice(0, endOfName(named));
  const found = parseRepository(whole);
  if (found.kind !== "ecr") return null;
  return found.accountId === accountId && found.region === region ? found.name : whole;
}

/** Where the name of an image ends and its tag begins; a port of the registry is none. */
function endOfName(image: string): number {
  const colon = image.lastIndexOf(":");
  return colon > image.lastIndexOf("/") ? colon : image.length;
}

interface Part<T> {
  found: T[];
  notSeen: Sentence[];
}

async function findServices(aws: Aws): Promise<Part<FoundService>> {
  const { ecs } = aws.inventory;
  const clusters = await lookAt(() => ecs.listClusters(PRIORITY));
  return each(clusters, say("discovery.clusters"), (cluster) =>
    lookAt(async () => ecs.describeServices(cluster, await ecs.listServices(cluster, PRIORITY), PRIORITY)).then(
      (look) => [say("discovery.servicesOf", { cluster }), look] as const,
    ),
  );
}

async function findEntrances(aws: Aws): Promise<Part<FoundEntrance>> {
  const balancers = await lookAt(() => aws.inventory.elb.listLoadBalancers(PRIORITY));
  return each(balancers, say("discovery.balancers"), async ({ name, arn }) => [
    say("discovery.listenersOf", { balancer: name }),
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
  what: Sentence,
  ask: (one: A) => Promise<readonly [Sentence, Look<readonly T[]>]>,
): Promise<Part<T>> {
  if (all.state !== "seen") return { found: [], notSeen: [unseen(what, all)] };
  const part: Part<T> = { found: [], notSeen: [] };
  for (const [name, look] of await Promise.all(all.value.map(ask)))
    if (look.state === "seen") part.found.push(...look.value);
    else part.notSeen.push(unseen(name, look));
  return part;
}

function unseen(what: Sentence, look: Exclude<Look<unknown>, { state: "seen" }>): Sentence {
  const why =
    look.state === "denied"
      ? say("discovery.denied", { permission: look.permission })
      : say("discovery.plain", { text: look.why });
  return say("discovery.notSeen", { what, why });
}
