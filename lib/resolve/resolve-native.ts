import type { Aws } from "../aws/aws.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { ListenerRef } from "../domain/application/application.ts";
import { say } from "../domain/sentence/sentence.ts";
import { resolveListener } from "./find-listener.ts";
import { invalid, type ResolvedTraffic, readService, sharedSlot } from "./resolved-traffic.ts";

/** Everything comes from the service: the pair of target groups, and the rules that ECS writes. */
export async function resolveNative(aws: Aws, config: ApplicationConfig): Promise<ResolvedTraffic> {
  const name = config.service ?? "";
  const reading = await readService(aws, config);
  const { pair, strategy, deploymentController } = reading;
  if (deploymentController !== "ECS" || strategy === "ROLLING")
    throw invalid(say("resolve.notNative", { service: name, controller: deploymentController, strategy }));
  if (!pair) throw invalid(say("resolve.noPair", { service: name }));
  const [listener, testListener] = await Promise.all([
    resolveRule(aws, pair.productionRule, config.url),
    pair.testRule === null ? null : resolveRule(aws, pair.testRule, config.testUrl),
  ]);
  return {
    listener,
    testListener,
    services: [reading],
    slots: { blue: sharedSlot(pair.targetGroupArn, name), green: sharedSlot(pair.alternateTargetGroupArn, name) },
  };
}

/** A rule that ECS writes; for a network load balancer, a listener. */
async function resolveRule(aws: Aws, arn: string, url: string | null): Promise<ListenerRef> {
  const isRule = arn.includes(":listener-rule/");
  const listenerArn = isRule ? arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "") : arn;
  return resolveListener(aws, listenerArn, isRule ? arn : null, url);
}
