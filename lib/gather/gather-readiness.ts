import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import type { FoundGroup } from "../aws/inventory-elb.ts";
import type { FoundService } from "../domain/discovery/discovery.ts";
import { GITHUB_ISSUER } from "../domain/readiness/check-preparation.ts";
import { type WantedParameter, wantedParameters } from "../domain/readiness/check-task.ts";
import type { CertificateFact, LoadBalancerFact, TargetGroupFact } from "../domain/readiness/load-balancer-facts.ts";
import type { Look } from "../domain/readiness/look.ts";
import { type ManagedSecretFact, readSecretReference } from "../domain/readiness/managed-secret.ts";
import type { DeploymentFact, GithubFacts, ReadinessFacts } from "../domain/readiness/readiness-facts.ts";
import { seenOf } from "../domain/readiness/seen-of.ts";
import type { ParameterFact, TaskDefinitionFact } from "../domain/readiness/service-facts.ts";
import type { Subject } from "../domain/readiness/subject.ts";
import { say } from "../domain/sentence/sentence.ts";
import { englishOf } from "../domain/sentence/told.ts";
import { findNamed, type TaggedKind } from "../resolve/tagged-names.ts";
import { gatherImages } from "./gather-readiness-images.ts";
import { gatherRights } from "./gather-readiness-rights.ts";
import type { Github } from "./github.ts";
import { lookAt, lookOn, notYet } from "./look-at.ts";

/** Behind everything else: what people watch and what moves traffic comes first. */
const PRIORITY: Priority = "logs";
const MOST_REASONS = 5;
const MOST_CERTIFICATES = 26;

/**
 * Looks at everything that the checks judge, read-only. What hangs together is asked in order, the rest side by side; each look
 * that is refused or fails says so by itself. The subject comes back with the port that AWS knows.
 */
export async function gatherReadiness(
  aws: Aws,
  asked: Subject,
  deployments: Look<readonly DeploymentFact[]>,
  now: () => number,
  /** Null without a token. */
  github: Github | null = null,
  /** AWS of another Region of the same account, where tasks may write their lines to. */
  inRegion: (region: string) => Aws = () => aws,
): Promise<{ subject: Subject; facts: ReadinessFacts }> {
  const at = now();
  const given = await withFoundNames(aws, asked);
  const { inventory, networks, roles } = aws;
  const githubLook = lookAtGithub(github, given);
  const identityLook = lookAt(() => inventory.getIdentity(PRIORITY));
  const [services, cluster, repository, providers] = await Promise.all([
    lookAt(() => describeServices(aws, given)).then(clusterMissing),
    lookAt(() => inventory.ecs.findCluster(given.cluster, PRIORITY)),
    given.repository === null
      ? notYet<null>(say("finding.why.noRepository"))
      : lookAt(() => inventory.findRepository(given.repository ?? "", PRIORITY)),
    lookAt(() => roles.listProviders((url) => url === GITHUB_ISSUER, PRIORITY)),
  ]);
  const found = services.state === "seen" ? services.value : [];
  const groups = await lookOn(namesOfGroups(given, services), (names) => lookAt(() => findGroups(aws, names)));
  const subject = { ...given, port: portOf(found, groups) ?? given.port };
  const reference = found.find(({ taskDefinition }) => taskDefinition !== "")?.taskDefinition ?? given.family;
  const [targetGroups, loadBalancer, taskDefinition] = await Promise.all([
    lookOn(groups, (all) => lookAt(() => Promise.all(all.map((group) => withTargets(aws, group))))),
    findBalancer(aws, given, groups),
    lookAt(() => inventory.ecs.findTaskDefinition(reference, given.container, PRIORITY)),
  ]);
  const vpcId = vpcOf(groups, loadBalancer);
  const container = containerOf(taskDefinition);
  const logGroupName = given.logGroup ?? container?.logGroup ?? null;
  const logRegion = container?.logGroup === logGroupName ? (container?.logRegion ?? aws.region) : aws.region;
  const logs = logRegion === aws.region ? inventory : inRegion(logRegion).inventory;
  const [databases, securityGroups, network, logGroup, images, parameterFacts, managedSecrets, certificates] =
    await Promise.all([
      lookAt(() => aws.databases.list(PRIORITY)),
      lookAt(() => networks.listSecurityGroups(vpcId, PRIORITY)),
      vpcId === null
        ? notYet<never>(say("finding.why.noVpc"))
        : lookAt(() => networks.describeNetwork(vpcId, PRIORITY)),
      logGroupName === null
        ? notYet<null>(say("finding.why.noneNamed"))
        : lookAt(() => logs.findLogGroup(logGroupName, PRIORITY)),
      gatherImages(aws, given, container?.image ?? null, PRIORITY),
      lookAt(() => describeParameters(aws, inRegion, wantedParameters({ taskDefinition }, subject))),
      describeSecrets(aws, inRegion, seenOf(taskDefinition)?.secrets ?? []),
      lookOn(loadBalancer, (found) => lookAt(() => describeCertificates(aws, found))),
    ]);
  const identity = await identityLook;
  const rights = await gatherRights(
    aws,
    { identity, taskDefinition, logGroup, loadBalancer, services, parameters: parameterFacts },
    subject,
    PRIORITY,
  );
  const facts: ReadinessFacts = {
    ...{
      at,
      identity,
      repository,
      cluster,
      targetGroups,
      loadBalancer,
      certificates,
      databases,
      securityGroups,
      network,
      services,
    },
    ...{ taskDefinition, parameters: parameterFacts, managedSecrets, logGroup, providers, deployments },
    github: await githubLook,
    ...images,
    ...rights,
  };
  const named = { logGroup: logGroupName, ...(logRegion === aws.region ? {} : { logRegion }) };
  return { subject: { ...subject, ...named }, facts };
}

/** Services; one of CodeDeploy's with what its deployment group waits for, where that may be read. */
async function describeServices(aws: Aws, { cluster, services, codeDeploy }: Subject): Promise<FoundService[]> {
  const found = await aws.inventory.ecs.describeServices(cluster, services, PRIORITY);
  const group = codeDeploy && (await lookAt(() => aws.codeDeploy.getGroup(codeDeploy, PRIORITY)));
  if (group?.state !== "seen") return found;
  return found.map((service) => ({ ...service, pauses: group.value.pauses }));
}

/** Each where it is: a task definition may name parameters of other Regions by their ARN. */
async function describeParameters(
  aws: Aws,
  inRegion: (region: string) => Aws,
  wanted: readonly WantedParameter[],
): Promise<ParameterFact[]> {
  const found = [...Map.groupBy(wanted, ({ region }) => region ?? aws.region)].map(async ([region, there]) => {
    const { parameters } = region === aws.region ? aws : inRegion(region);
    const facts = await parameters.describe(
      there.map(({ name }) => name),
      PRIORITY,
    );
    return region === aws.region ? facts : facts.map((one) => ({ ...one, region }));
  });
  return (await Promise.all(found)).flat();
}

/** Each of Secrets Manager's by a look of its own: one that may not be looked at hides no other. */
async function describeSecrets(
  aws: Aws,
  inRegion: (region: string) => Aws,
  wanted: readonly string[],
): Promise<ManagedSecretFact[]> {
  const looks = wanted.map(async (from) => {
    const reference = readSecretReference(from);
    if (reference === null) return [];
    const { managedSecrets } = reference.region === aws.region ? aws : inRegion(reference.region);
    return [{ from, look: await lookAt(() => managedSecrets.describe(reference.arn, PRIORITY)) }];
  });
  return (await Promise.all(looks)).flat();
}

function lookAtGithub(github: Github | null, { github: of }: Subject): Promise<Look<GithubFacts>> {
  return github && of ? lookAt(() => github.look(of)) : notYet(say("finding.why.noGithubToken"));
}

/** Those of switchyard.yaml, or where ECS moves the traffic those of the service. */
function namesOfGroups({ targetGroups }: Subject, services: Look<readonly FoundService[]>): Look<readonly string[]> {
  if (targetGroups.length > 0) return { state: "seen", value: targetGroups };
  if (services.state !== "seen") return services;
  const ofServices = services.value.flatMap(({ groups, native }) => [
    ...groups.map(({ arn }) => arn),
    ...(native ? [native.alternateGroupArn] : []),
  ]);
  return { state: "seen", value: [...new Set(ofServices)] };
}

async function findGroups(aws: Aws, names: readonly string[]): Promise<FoundGroup[]> {
  const found = await Promise.all(names.map((name) => aws.inventory.elb.findTargetGroup(name, PRIORITY)));
  return found.filter((group) => group !== null);
}

async function withTargets(aws: Aws, group: FoundGroup): Promise<TargetGroupFact> {
  const [targets, { deregistrationDelaySeconds }] = await Promise.all([
    aws.elb.describeTargetHealth(group.arn, PRIORITY),
    aws.elb.describeGroupAttributes(group.arn, PRIORITY),
  ]);
  const healthyTargets = targets.filter(({ state }) => state === "healthy").length;
  const failing = new Map(
    targets
      .filter(({ state, reason }) => state === "unhealthy" && reason)
      .map(({ reason = "", description = reason }) => [`${reason} ${description}`, { reason, description }]),
  );
  return {
    ...{ ...group, deregistrationDelaySeconds, targets: targets.length, healthyTargets },
    failing: [...failing.values()].slice(0, MOST_REASONS),
  };
}

/** By the name in switchyard.yaml, else the one that leads to the groups. */
async function findBalancer(
  aws: Aws,
  { loadBalancer }: Subject,
  groups: Look<readonly FoundGroup[]>,
): Promise<Look<LoadBalancerFact | null>> {
  if (loadBalancer === null && groups.state !== "seen") return groups;
  const behind = groups.state === "seen" ? groups.value.flatMap(({ loadBalancerArns }) => loadBalancerArns)[0] : null;
  const name = loadBalancer ?? behind ?? null;
  if (name === null) return { state: "seen", value: null };
  return lookAt(async () => {
    const found = await aws.inventory.elb.findLoadBalancer(name, PRIORITY);
    if (!found) return null;
    const listeners = await aws.inventory.elb.listListeners(found.arn, PRIORITY);
    const secured = listeners.map(
      async ({ reading: { arn, port, protocol, forward }, certificates: own, redirect }) => {
        // Those that clients get by the host that they name; where nobody may look at them the default one is left.
        const all = own.length > 0 ? await lookAt(() => aws.inventory.elb.listCertificates(arn, PRIORITY)) : null;
        const certificates = all?.state === "seen" ? all.value : own;
        const isForwarding = forward.groups.length > 0;
        const does = { isForwarding, ...(redirect ? { redirect } : {}) };
        return { arn, port, protocol, certificates, ...does, ...(all && all.state !== "seen" ? { unread: all } : {}) };
      },
    );
    return { ...found, listeners: await Promise.all(secured) };
  });
}

/** ACM's own, as far as a bound that no listener in order reaches. */
async function describeCertificates(aws: Aws, balancer: LoadBalancerFact | null): Promise<CertificateFact[]> {
  const arns = (balancer?.listeners ?? []).flatMap(({ certificates }) => certificates);
  const ofAcm = [...new Set(arns)].filter((arn) => arn.includes(":acm:")).slice(0, MOST_CERTIFICATES);
  return Promise.all(ofAcm.map((arn) => aws.certificates.describe(arn, PRIORITY)));
}

/** Of a cluster that does not exist there are no services. */
function clusterMissing(look: Look<FoundService[]>): Look<FoundService[]> {
  const isMissing = look.state === "not seen" && englishOf(look.why).includes("ClusterNotFound");
  return isMissing ? { state: "seen", value: [] } : look;
}

function portOf(services: readonly FoundService[], groups: Look<readonly FoundGroup[]>): number | null {
  const ofService = services.flatMap((service) => service.groups)[0]?.port;
  return ofService ?? (groups.state === "seen" ? (groups.value[0]?.port ?? null) : null);
}

function vpcOf(groups: Look<readonly FoundGroup[]>, loadBalancer: Look<LoadBalancerFact | null>): string | null {
  const ofGroups = groups.state === "seen" ? groups.value[0]?.vpcId : undefined;
  return ofGroups ?? (loadBalancer.state === "seen" ? (loadBalancer.value?.vpcId ?? null) : null);
}

function containerOf(look: Look<TaskDefinitionFact | null>) {
  return look.state === "seen" ? (look.value?.container ?? null) : null;
}

/** With what has its tags in place of each name that stands for tags; what is not found keeps it, and is missing by it. */
async function withFoundNames(aws: Aws, subject: Subject): Promise<Subject> {
  const find = (kind: TaggedKind, name: string) =>
    findNamed(aws, kind, name, subject.cluster, PRIORITY).catch(() => name);
  const [services, targetGroups, loadBalancer] = await Promise.all([
    Promise.all(subject.services.map((name) => find("service", name))),
    Promise.all(subject.targetGroups.map((name) => find("target group", name))),
    subject.loadBalancer && find("load balancer", subject.loadBalancer),
  ]);
  return { ...subject, services, targetGroups, loadBalancer };
}
