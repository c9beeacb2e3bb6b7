import type { Aws } from "../aws/aws.ts";
import { listenerArnOf } from "../aws/elb-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import type { ApplicationConfig, ListenerConfig, PairConfig } from "../config/application-config.ts";
import type { ListenerRef, SlotRef } from "../domain/application/application.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { findTestRequest } from "../domain/observation/test-request.ts";
import { targetGroupName } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";
import { type RuleName, refuseNetworkListener, resolveListener } from "./find-listener.ts";
import { invalid, PRIORITY, type ResolvedTraffic } from "./resolved-traffic.ts";
import { refuseMisfit } from "./service-fit.ts";

/** Listeners and target groups are named in switchyard.yaml: Switchyard moves the traffic. @throws AwsFailure */
export async function resolvePair(aws: Aws, written: ApplicationConfig): Promise<ResolvedTraffic> {
  const config = pairOf(written);
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
async function resolveTest(
  aws: Aws,
  config: PairConfig,
): Promise<Pick<ResolvedTraffic, "testListener" | "testRequest">> {
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
  const { match = [], takes = "", takesSaid } = rules.find(({ arn }) => arn === ref.arn) ?? {};
  const testRequest = findTestRequest(match, new URL(smoke?.path ?? "", ref.url), takes);
  if (!("problem" in testRequest))
    return { testListener: ref, testRequest: { ...testRequest, ...(takesSaid ? { takesSaid } : {}) } };
  if (smoke === null) return { testListener: ref };
  throw invalid(say("resolve.smokeElsewhere", { name: config.name, way: ref.name, why: testRequest.problem }));
}

/** The configuration has been checked: where Switchyard moves the traffic, all three are there. */
function pairOf(config: ApplicationConfig): PairConfig {
  const { listener, blue, green } = config;
  if (!listener || !blue || !green) throw invalid(say("resolve.incomplete", { name: config.name }));
  return { ...config, listener, blue, green };
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

async function resolveSlots(aws: Aws, config: PairConfig): Promise<Record<SlotColor, SlotRef>> {
  const names = [config.blue.targetGroup, config.green.targetGroup].filter((group) => !group.startsWith("arn:"));
  const arns = names.length > 0 ? await aws.elb.findTargetGroups(names, PRIORITY) : new Map<string, string>();
  const slot = (color: SlotColor): SlotRef => {
    const targetGroupArn = arns.get(config[color].targetGroup) ?? config[color].targetGroup;
    return {
      targetGroupArn,
      targetGroupName: targetGroupName(targetGroupArn),
      service: config[color].service ?? config.service,
    };
  };
  return { blue: slot("blue"), green: slot("green") };
}

async function checkServices(
  aws: Aws,
  { name, cluster, controller }: ApplicationConfig,
  slots: Record<SlotColor, SlotRef>,
): Promise<ServiceReading[]> {
  const names = [slots.blue.service, slots.green.service].filter((service) => service !== null);
  if (names.length === 0) return [];
  const found = await aws.ecs.describeServices(shortName(cluster), [...new Set(names)], PRIORITY);
  for (const color of SLOT_COLORS) {
    const reading = found.get(slots[color].service ?? "");
    if (reading instanceof AwsFailure) throw reading;
    if (reading) refuseMisfit({ name, controller, slots }, color, reading);
  }
  return [...found.values()].flatMap((reading) => (reading instanceof AwsFailure ? [] : [reading]));
}
