import { OWN_PAGES } from "../application/own-pages.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Discovery, FoundEntrance, FoundService, Proposal, Undecided } from "./discovery.ts";

/** Ports that people come through. */
const PUBLIC_PORTS = [443, 80];

const NOT_READ = { repository: null, logGroup: null };

/** Which services form applications, and which do not, with the reason. Every service is in exactly one of the two. */
export function propose(discovery: Discovery): { proposals: Proposal[]; undecided: Undecided[] } {
  const proposals: Proposal[] = [];
  const undecided: Undecided[] = [];
  const single: FoundService[] = [];
  for (const service of discovery.services) {
    if (service.deploymentController === "CODE_DEPLOY")
      proposals.push(ofOne(service, "code-deploy", "CodeDeploy", discovery));
    else if (service.native) proposals.push(ofOne(service, "ecs-native", `ECS by ${service.strategy}`, discovery));
    else if (service.deploymentController === "EXTERNAL") ofTaskSets(service, discovery, proposals, undecided);
    else single.push(service);
  }
  pairUp(single, discovery, proposals, undecided);
  return { proposals: withOwnNames(proposals), undecided };
}

function ofOne(
  service: FoundService,
  controller: Proposal["controller"],
  mover: string,
  { definitions }: Discovery,
): Proposal {
  const definition = definitions.get(service.taskDefinition) ?? NOT_READ;
  return {
    ...{ name: applicationName(service.name), cluster: service.cluster, controller, service: service.name },
    ...{ listener: null, testListener: null, sides: null, container: service.groups[0]?.container ?? null },
    ...definition,
    notes: [say("discovery.movedBy", { mover })],
    open: openOf(definition),
  };
}

/** What the task definition would have said. */
function openOf({ repository, logGroup }: Pick<Proposal, "repository" | "logGroup">): Sentence[] {
  return [
    ...(repository === null ? [say("discovery.noRepository")] : []),
    ...(logGroup === null ? [say("discovery.noLogGroup")] : []),
  ];
}

function ofTaskSets(service: FoundService, discovery: Discovery, proposals: Proposal[], undecided: Undecided[]): void {
  const [one, own] = service.groups;
  const other = own ?? (one && otherBehindEntrance(one, discovery));
  if (!one || !other || service.groups.length > 2) {
    undecided.push(leftOut(service, say("discovery.taskSets", { count: service.groups.length })));
    return;
  }
  addPair({ service, groups: [one, other] }, discovery, proposals, undecided);
}

/** Before the first release one side has a task set: the other's group is the one that shares a listener or rule with it. */
function otherBehindEntrance(
  one: FoundService["groups"][number],
  { entrances, services }: Discovery,
): FoundService["groups"][number] | null {
  const isTaken = (arn: string) => services.some(({ groups }) => groups.some((group) => group.arn === arn));
  const others = entrances.flatMap(({ groups }) => {
    const arns = groups.map(({ arn }) => arn);
    return arns.length === 2 && arns.includes(one.arn) ? arns.filter((arn) => arn !== one.arn && !isTaken(arn)) : [];
  });
  const [arn, ...more] = new Set(others);
  return arn !== undefined && more.length === 0 ? { ...one, arn } : null;
}

/** Two services are a pair when each is the only one that fits the other: by a shared entrance, else by their names. */
function pairUp(services: FoundService[], discovery: Discovery, proposals: Proposal[], undecided: Undecided[]): void {
  const done = new Set<FoundService>();
  for (const service of services) {
    if (done.has(service)) continue;
    const twin = onlyTwinOf(service, services, discovery);
    const [group, twinGroup] = [service.groups[0], twin?.groups[0]];
    if (!twin || !group || !twinGroup || onlyTwinOf(twin, services, discovery) !== service) {
      undecided.push(leftOut(service, whyAlone(service)));
      continue;
    }
    done.add(twin);
    addPair({ service, twin, groups: [group, twinGroup] }, discovery, proposals, undecided);
  }
}

function onlyTwinOf(service: FoundService, services: readonly FoundService[], { entrances }: Discovery) {
  const [group, ...more] = service.groups;
  if (!group || more.length > 0) return null;
  const others = services.filter(
    (other) => other !== service && other.cluster === service.cluster && other.groups.length === 1,
  );
  const shared = others.filter((other) =>
    entrances.some(({ groups }) => {
      const arns = groups.map(({ arn }) => arn);
      return arns.length === 2 && arns.includes(group.arn) && arns.includes(other.groups[0]?.arn ?? "");
    }),
  );
  const fitting = shared.length > 0 ? shared : others.filter((other) => isTwinName(service.name, other.name));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

function whyAlone({ groups }: FoundService): Sentence {
  if (groups.length === 0) return say("discovery.noBalancer");
  if (groups.length > 1) return say("discovery.manyGroups", { count: groups.length });
  return say("discovery.noTwin");
}

function leftOut({ name, cluster }: FoundService, why: Sentence): Undecided {
  return { service: name, cluster, why };
}

interface Pair {
  service: FoundService;
  /** The other side's, where each side has a service. */
  twin?: FoundService;
  groups: readonly [FoundService["groups"][number], FoundService["groups"][number]];
}

function addPair({ service, twin, groups }: Pair, discovery: Discovery, proposals: Proposal[], undecided: Undecided[]) {
  const arns = groups.map(({ arn }) => arn);
  const entrances = discovery.entrances.filter((entrance) => entrance.groups.some(({ arn }) => arns.includes(arn)));
  const production = [...entrances].sort((a, b) => rank(a) - rank(b))[0];
  if (!production) {
    for (const one of [service, twin]) if (one) undecided.push(leftOut(one, say("discovery.noWay")));
    return;
  }
  const test = entrances.find((one) => one.loadBalancer === production.loadBalancer && one.port !== production.port);
  const { firstIsBlue, areNamed } = colourOf(groups, production);
  const [blue, green] = firstIsBlue ? groups : [groups[1], groups[0]];
  const [blueService, greenService] = firstIsBlue ? [service, twin] : [twin, service];
  const count = entrances.length;
  const listener = `${production.loadBalancer}:${production.port}`;
  const definition = discovery.definitions.get(service.taskDefinition) ?? NOT_READ;
  proposals.push({
    name: applicationName(service.name),
    cluster: service.cluster,
    controller: twin ? "paired-services" : "task-set",
    service: twin ? null : service.name,
    listener: production,
    testListener: test && test.priority === null ? test : null,
    sides: {
      blue: { service: twin ? (blueService?.name ?? null) : null, targetGroup: groupName(blue.arn) },
      green: { service: twin ? (greenService?.name ?? null) : null, targetGroup: groupName(green.arn) },
    },
    container: blue.container || null,
    ...definition,
    notes: [
      ...(count === 1 ? [say("discovery.oneWay", { listener })] : []),
      ...(areNamed ? [say("discovery.namedColours")] : []),
    ],
    open: [
      ...(count === 1 ? [] : [say("discovery.manyWays", { count, listener })]),
      ...(areNamed ? [] : [say("discovery.servingColours")]),
      ...openOf(definition),
    ],
  });
}

/** People's ports first, then the lowest one; a rule before the default action, which it overrides. */
function rank({ port, priority }: FoundEntrance): number {
  const place = PUBLIC_PORTS.indexOf(port);
  return (place < 0 ? 10 + port : place) * 2 + (priority === null ? 1 : 0);
}

function colourOf(
  groups: Pair["groups"],
  { groups: weights }: FoundEntrance,
): { firstIsBlue: boolean; areNamed: boolean } {
  const [first, second] = groups.map(({ arn }) => groupName(arn).toLowerCase());
  if (first?.includes("blue") || second?.includes("green")) return { firstIsBlue: true, areNamed: true };
  if (first?.includes("green") || second?.includes("blue")) return { firstIsBlue: false, areNamed: true };
  const weightOf = (arn: string) => weights.find((one) => one.arn === arn)?.weight ?? 0;
  return { firstIsBlue: weightOf(groups[0].arn) >= weightOf(groups[1].arn), areNamed: false };
}

function isTwinName(one: string, other: string): boolean {
  return one !== other && one.replace(/blue|green/i, "*") === other.replace(/blue|green/i, "*");
}

/** As switchyard.yaml takes names: lower-case letters, digits and single hyphens. */
function applicationName(service: string): string {
  const plain = service
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-(?:blue|green)(?=-|$)/, "")
    .replace(/-(?:service|svc)$/, "")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return plain || "application";
}

/** Addresses of the console's own pages, and names that two clusters share, get a number. */
function withOwnNames(proposals: readonly Proposal[]): Proposal[] {
  const taken = new Set(OWN_PAGES);
  return proposals.map((proposal) => {
    let { name } = proposal;
    for (let number = 2; taken.has(name); number += 1) name = `${proposal.name}-${number}`;
    taken.add(name);
    return name === proposal.name ? proposal : { ...proposal, name };
  });
}

function groupName(arn: string): string {
  return arn.split("/")[1] ?? arn;
}
