import type { ApplicationConfig, ListenerConfig, PairConfig } from "../config/application-config.ts";
import { logSettingsOf } from "../config/logs-config.ts";
import { maintenanceWindowOf } from "../config/maintenance-windows.ts";
import type { Application, ListenerRef, SlotRef } from "../domain/application/application.ts";
import type { RuleMatch } from "../domain/observation/rule-match.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { findTestRequest } from "../domain/observation/test-request.ts";
import { targetGroupName } from "../domain/observation/traffic.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Aws } from "./aws.ts";
import type { ServiceReading } from "./ecs.ts";
import { type ListenerReading, type LoadBalancerReading, listenerArnOf } from "./elb-readings.ts";
import { AwsFailure, missingFailure } from "./errors.ts";
import { readLink } from "./listener-link.ts";
import { balancedContainer, refuseMisfit, refuseTargetType } from "./service-fit.ts";
import { withTaggedNames } from "./tagged-names.ts";

const PRIORITY = "fleet";
/**
 * Finds the ARN behind every name and checks that the services exist. @throws AwsFailure that names what is missing.
 */
export async function resolveApplication(aws: Aws, written: ApplicationConfig): Promise<Application> {
  const config = withServiceNames(await withTaggedNames(aws, written));
  if (config.region !== null && config.region !== aws.region)
    throw invalid(say("resolve.otherRegion", { name: config.name, region: config.region, here: aws.region }));
  const [accountId, { together = [], services, ...resolved }] = await Promise.all([
    aws.sts.getAccountId(PRIORITY),
    resolveTraffic(aws, config),
  ]);
  await refuseTargetTypes(aws, resolved.slots);
  const maintenanceWindow = maintenanceWindowOf(config);
  const logs = logSettingsOf(config.logs);
  return {
    name: config.name,
    region: aws.region,
    accountId,
    ...(config.team === null ? {} : { team: config.team }),
    cluster: clusterName(config.cluster),
    controller: config.controller,
    ...resolved,
    ...(together.length > 0 ? { together } : {}),
    container: config.container ?? balancedContainer({ ...config, slots: resolved.slots }, services),
    ...(config.containers.length > 0 ? { containers: config.containers } : {}),
    repository: config.repository,
    imageRepositories: config.imageRepositories,
    taskDefinitionFamilies: config.taskDefinitionFamilies,
    logGroup: config.logGroup,
    ...(logs ? { logs } : {}),
    minimumHealthy: config.minimumHealthy,
    stableChecks: config.stableChecks,
    bakeMinutes: config.bakeMinutes,
    windowMinutes: config.windowMinutes,
    afterWindow: config.afterWindow,
    ...(config.suspendScaleIn ? { suspendScaleIn: true } : {}),
    rollout: config.rollout,
    smoke: config.smoke,
    timeouts: config.timeouts,
    requestLine: config.requestLine,
    ...(config.healthCheckPaths.length > 0 ? { healthCheckPaths: config.healthCheckPaths } : {}),
    alarms: config.alarms,
    checks: config.checks,
    metricPeriodSeconds: config.metricPeriodSeconds,
    ...(config.approvals.release || config.approvals.switch ? { approvals: config.approvals } : {}),
    ...(maintenanceWindow ? { maintenanceWindow } : {}),
  };
}

/** Where traffic is decided, and between what. */
type Resolved = Pick<Application, "listener" | "together" | "testListener" | "testRequest" | "slots" | "codeDeploy"> & {
  services: ServiceReading[];
};

async function resolveTraffic(aws: Aws, config: ApplicationConfig): Promise<Resolved> {
  if (config.controller === "ecs-native") return resolveNative(aws, config);
  if (config.controller === "code-deploy") return resolveCodeDeploy(aws, config);
  return resolvePair(aws, pairOf(config));
}

async function resolvePair(aws: Aws, config: PairConfig): Promise<Resolved> {
  for (const { listener } of productionNames(config)) if (typeof listener === "string") refuseNetworkListener(listener);
  const [[listener, ...together], test, slots] = await Promise.all([
    resolveProduction(aws, config),
    resolveTest(aws, config),
    resolveSlots(aws, config),
  ]);
  for (const { arn } of [listener, ...together]) refuseNetworkListener(arn);
  const moving = [listener, ...together].find(({ arn }) => arn === test.testListener?.arn);
  if (moving) throw invalid(say("resolve.testMoves", { name: config.name, way: moving.name }));
  const services = await checkServices(aws, config, slots);
  return { listener, together, ...test, slots, services };
}

/** Where test traffic comes in, and what a request needs to come to a rule. */
async function resolveTest(aws: Aws, config: PairConfig): Promise<Pick<Resolved, "testListener" | "testRequest">> {
  const { testListener, testRule, testUrl, smoke } = config;
  if (testRule === null)
    return { testListener: testListener ? await resolveListener(aws, testListener, null, testUrl) : null };
  const listener =
    typeof testRule === "string"
      ? listenerArnOf({ arn: testRule, kind: "rule" })
      : "loadBalancer" in testRule
        ? { loadBalancer: testRule.loadBalancer, port: testRule.port }
        : (testListener ?? config.listener);
  const rule = typeof testRule === "string" ? testRule : { priority: testRule.priority };
  const ref = await resolveListener(aws, listener, rule, testUrl);
  if (ref.kind !== "rule") throw invalid(say("resolve.testRuleDefault", { name: config.name, listener: ref.name }));
  if (ref.url === null) return { testListener: ref };
  const rules = await aws.elb.describeRules(listenerArnOf(ref), PRIORITY);
  const { match = [], takes = "" } = rules.find(({ arn }) => arn === ref.arn) ?? {};
  const testRequest = findTestRequest(match, new URL(smoke?.path ?? "", ref.url), takes);
  if (!("problem" in testRequest)) return { testListener: ref, testRequest };
  if (smoke === null) return { testListener: ref };
  throw invalid(say("resolve.smokeElsewhere", { name: config.name, way: ref.name, why: testRequest.problem }));
}

/** The configuration has been checked: where Switchyard moves the traffic, all three are there. */
function pairOf(config: ApplicationConfig): PairConfig {
  const { listener, blue, green } = config;
  if (!listener || !blue || !green) throw invalid(say("resolve.incomplete", { name: config.name }));
  return { ...config, listener, blue, green };
}

/** Everything comes from the service: the pair of target groups, and the rules that ECS writes. */
async function resolveNative(aws: Aws, config: ApplicationConfig): Promise<Resolved> {
  const name = config.service ?? "";
  const reading = await readService(aws, config);
  const { pair, strategy, deploymentController } = reading;
  if (deploymentController !== "ECS" || strategy === "ROLLING")
    throw invalid(say("resolve.notNative", { service: name, controller: deploymentController, strategy }));
  if (!pair) throw invalid(say("resolve.noPair", { service: name }));
  const slot = (targetGroupArn: string): SlotRef => ({
    targetGroupArn,
    targetGroupName: targetGroupName(targetGroupArn),
    service: name,
  });
  const [listener, testListener] = await Promise.all([
    resolveRule(aws, pair.productionRule, config.url),
    pair.testRule === null ? null : resolveRule(aws, pair.testRule, config.testUrl),
  ]);
  return {
    listener,
    testListener,
    services: [reading],
    slots: { blue: slot(pair.targetGroupArn), green: slot(pair.alternateTargetGroupArn) },
  };
}

async function readService(aws: Aws, config: ApplicationConfig): Promise<ServiceReading> {
  const name = config.service ?? "";
  const reading = (await aws.ecs.describeServices(clusterName(config.cluster), [name], PRIORITY)).get(name);
  if (!reading || reading instanceof AwsFailure)
    throw reading ?? invalid(say("resolve.notAnswered", { service: name }));
  return reading;
}

/** Everything comes from the deployment group: the pair of target groups, and the listeners that CodeDeploy writes. */
async function resolveCodeDeploy(aws: Aws, config: ApplicationConfig): Promise<Resolved> {
  const name = config.service ?? "";
  const cluster = clusterName(config.cluster);
  const service = await readService(aws, config);
  const { deploymentController } = service;
  if (deploymentController !== "CODE_DEPLOY")
    throw invalid(say("resolve.notCodeDeploy", { service: name, controller: deploymentController }));
  const group = config.codeDeploy
    ? await aws.codeDeploy.getGroup(config.codeDeploy, PRIORITY)
    : await aws.codeDeploy.findGroupOf(cluster, name, PRIORITY);
  if (!group) throw invalid(say("resolve.noGroup", { service: name, cluster }));
  const called = `${group.application}/${group.group}`;
  if (group.service?.cluster !== cluster || group.service.name !== name)
    throw invalid(
      group.service
        ? say("resolve.groupDeploysOther", {
            ...{ group: called, other: group.service.name, otherCluster: group.service.cluster },
            ...{ service: name, cluster },
          })
        : say("resolve.groupDeploysNothing", { group: called, service: name, cluster }),
    );
  const [blue, green] = group.targetGroups;
  if (!blue || !green || !group.productionListener) throw invalid(say("resolve.groupWithoutPair", { group: called }));
  const [arns, listener, testListener] = await Promise.all([
    aws.elb.findTargetGroups([blue, green], PRIORITY),
    resolveListener(aws, group.productionListener, config.rule, config.url),
    group.testListener === null ? null : resolveListener(aws, group.testListener, null, config.testUrl),
  ]);
  const slot = (groupName: string): SlotRef => {
    const targetGroupArn = arns.get(groupName);
    if (!targetGroupArn) throw invalid(say("resolve.groupNamesMissing", { group: called, targetGroup: groupName }));
    return { targetGroupArn, targetGroupName: groupName, service: name };
  };
  return {
    listener,
    testListener,
    slots: { blue: slot(blue), green: slot(green) },
    codeDeploy: { application: group.application, group: group.group },
    services: [service],
  };
}

/** A rule that ECS writes; for a network load balancer, a listener. */
async function resolveRule(aws: Aws, arn: string, url: string | null): Promise<ListenerRef> {
  const isRule = arn.includes(":listener-rule/");
  const listenerArn = isRule ? arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "") : arn;
  return resolveListener(aws, listenerArn, isRule ? arn : null, url);
}

/** Every listener and rule that moves with a switch, the one that names the traffic first; none of them twice. */
async function resolveProduction(aws: Aws, config: PairConfig): Promise<[ListenerRef, ...ListenerRef[]]> {
  const named = productionNames(config);
  const refs = await Promise.all(
    named.map(({ listener, rule }, index) => resolveListener(aws, listener, rule, index === 0 ? config.url : null)),
  );
  const [first, ...others] = refs.filter((ref, index) => refs.findIndex(({ arn }) => arn === ref.arn) === index);
  if (!first) throw invalid(say("resolve.noListener", { name: config.name }));
  return [first, ...others];
}

type RuleName = ApplicationConfig["rule"];

/** A listener with the rule of it that moves; null for its default action. */
interface ProductionName {
  listener: ListenerConfig;
  rule: RuleName;
}

/** With rules by priority alone, those of each listener move; `listener` with any rule is but the place of it. */
function productionNames(config: PairConfig): ProductionName[] {
  const listeners = config.listeners.length > 0 ? config.listeners : [config.listener];
  const rules: ApplicationConfig["rules"] = [...(config.rule === null ? [] : [config.rule]), ...config.rules];
  const byPriority = rules.flatMap((rule) => (typeof rule !== "string" && !("loadBalancer" in rule) ? [rule] : []));
  const elsewhere = rules.flatMap((rule): ProductionName[] => {
    if (typeof rule === "string") return [{ listener: listenerArnOf({ arn: rule, kind: "rule" }), rule }];
    if (!("loadBalancer" in rule)) return [];
    const { loadBalancer, port, priority } = rule;
    return [{ listener: { loadBalancer, port }, rule: { priority } }];
  });
  if (byPriority.length > 0)
    return [...listeners.flatMap((listener) => byPriority.map((rule) => ({ listener, rule }))), ...elsewhere];
  const isPlaceOnly = config.listeners.length === 0 && elsewhere.length > 0;
  return [...(isPlaceOnly ? [] : listeners.map((listener) => ({ listener, rule: null }))), ...elsewhere];
}

async function resolveListener(
  aws: Aws,
  config: ListenerConfig,
  rule: RuleName,
  url: string | null,
): Promise<ListenerRef> {
  const { loadBalancer, listener } = await findListener(aws, config);
  const name = `${loadBalancer.name} ${listener.protocol}:${listener.port}`;
  const reach = async (match: RuleMatch) =>
    url ?? (aws.endpoint === null ? await readLink(aws.certificates, loadBalancer.dnsName, listener, match) : null);
  if (rule === null) return { arn: listener.arn, kind: "listener", name, url: await reach([]) };
  const rules = await aws.elb.describeRules(listener.arn, PRIORITY);
  const found = rules.find((candidate) =>
    typeof rule === "string" ? candidate.arn === rule : candidate.priority === rule.priority,
  );
  if (!found)
    throw missingFailure(
      "elasticloadbalancing",
      "DescribeRules",
      "RuleNotFound",
      typeof rule === "string"
        ? say("resolve.noRule", { listener: name, rule })
        : say("resolve.noPriority", { listener: name, priority: rule.priority }),
    );
  // AWS refuses ModifyRule on a default rule: its actions are the listener's own.
  if (found.priority === null) return { arn: listener.arn, kind: "listener", name, url: await reach([]) };
  return { arn: found.arn, kind: "rule", name: `${name} rule ${found.priority}`, url: await reach(found.match) };
}

async function findListener(
  aws: Aws,
  config: ListenerConfig,
): Promise<{ loadBalancer: LoadBalancerReading; listener: ListenerReading }> {
  if (typeof config === "string") {
    const listener = await aws.elb.getListener(config, PRIORITY);
    return { listener, loadBalancer: await aws.elb.findLoadBalancer(listener.loadBalancerArn, PRIORITY) };
  }
  const loadBalancer = await aws.elb.findLoadBalancer(config.loadBalancer, PRIORITY);
  const listeners = await aws.elb.listListeners(loadBalancer.arn, PRIORITY);
  const listener = listeners.find((candidate) => candidate.port === config.port);
  if (!listener)
    throw missingFailure(
      "elasticloadbalancing",
      "DescribeListeners",
      "ListenerNotFound",
      say("resolve.noPort", {
        loadBalancer: config.loadBalancer,
        port: String(config.port),
        ports: listeners.map((l) => l.port).join(", ") || say("resolve.none"),
      }),
    );
  return { loadBalancer, listener };
}

async function resolveSlots(aws: Aws, config: PairConfig): Promise<Record<SlotColor, SlotRef>> {
  const names = [config.blue.targetGroup, config.green.targetGroup].filter((group) => !group.startsWith("arn:"));
  const arns = names.length > 0 ? await aws.elb.findTargetGroups(names, PRIORITY) : new Map<string, string>();
  const slot = (color: SlotColor): SlotRef => {
    const targetGroupArn = arns.get(config[color].targetGroup) ?? config[color].targetGroup;
    return {
      targetGroupArn,
      targetGroupName: targetGroupName(targetGroupArn),
      service: config.controller === "task-set" ? config.service : config[color].service,
    };
  };
  return { blue: slot("blue"), green: slot("green") };
}

/** ECS registers tasks by address or by instance; a group that is missing has its own refusal. */
async function refuseTargetTypes(aws: Aws, slots: Record<SlotColor, SlotRef>): Promise<void> {
  const refs = SLOT_COLORS.map((color) => slots[color]);
  const arns = refs.map(({ targetGroupArn }) => targetGroupArn);
  const groups = await aws.elb.describeGroups(arns, PRIORITY);
  for (const { targetGroupArn, targetGroupName: name } of refs) {
    const group = groups.get(targetGroupArn);
    if (group instanceof AwsFailure || !group) continue;
    refuseTargetType(name, group.targetType);
  }
}

async function checkServices(
  aws: Aws,
  { name, cluster, controller }: ApplicationConfig,
  slots: Record<SlotColor, SlotRef>,
): Promise<ServiceReading[]> {
  const names = [slots.blue.service, slots.green.service].filter((service) => service !== null);
  if (names.length === 0) return [];
  const found = await aws.ecs.describeServices(clusterName(cluster), [...new Set(names)], PRIORITY);
  for (const color of SLOT_COLORS) {
    const reading = found.get(slots[color].service ?? "");
    if (reading instanceof AwsFailure) throw reading;
    if (reading) refuseMisfit({ name, controller, slots }, color, reading);
  }
  return [...found.values()].flatMap((reading) => (reading instanceof AwsFailure ? [] : [reading]));
}

/** With every service by its name, which is what ECS answers with. @throws AwsFailure for an ARN of another cluster */
function withServiceNames(config: ApplicationConfig): ApplicationConfig {
  const named = <T extends { service: string | null }>(part: T): T => ({
    ...part,
    service: part.service === null ? null : serviceName(part.service, config.cluster),
  });
  const { blue, green } = config;
  return { ...named(config), blue: blue && named(blue), green: green && named(green) };
}

/** Older ARNs of services do not say which cluster they are in. */
function serviceName(nameOrArn: string, cluster: string): string {
  const arn = /^arn:[\w-]+:ecs:[\w-]+:\d{12}:service\/(?:([^/]+)\/)?([^/]+)$/.exec(nameOrArn);
  if (!arn?.[2]) return nameOrArn;
  if (arn[1] !== undefined && arn[1] !== clusterName(cluster))
    throw invalid(say("resolve.otherCluster", { service: nameOrArn, cluster: arn[1], own: clusterName(cluster) }));
  return arn[2];
}

/**
 * Network load balancers have weights as well, but neither rules nor attributes as Switchyard reads them, and its policy changes
 * application load balancers alone. @throws AwsFailure
 */
function refuseNetworkListener(listenerOrRuleArn: string): void {
  const name = /:listener\/net\/([^/]+)\//.exec(listenerOrRuleArn)?.[1];
  if (name === undefined) return;
  throw invalid(say("resolve.network", { name }));
}

/** AWS takes names and ARNs alike; names read better. */
function clusterName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

function invalid(message: Sentence): AwsFailure {
  return new AwsFailure({
    code: "InvalidConfiguration",
    message,
    kind: "invalid",
    retryable: false,
    requestId: null,
    service: "sts",
    operation: "GetCallerIdentity",
    isOutcomeUnknown: false,
  });
}
