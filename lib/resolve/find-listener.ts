import type { Aws } from "../aws/aws.ts";
import type { ListenerReading, LoadBalancerReading } from "../aws/elb-readings.ts";
import { missingFailure } from "../aws/errors.ts";
import type { ApplicationConfig, ListenerConfig } from "../config/application-config.ts";
import type { ListenerRef } from "../domain/application/application.ts";
import type { RuleMatch } from "../domain/observation/rule-match.ts";
import { say } from "../domain/sentence/sentence.ts";
import { readLink } from "./listener-link.ts";
import { invalid, PRIORITY } from "./resolved-traffic.ts";

/** How switchyard.yaml names a rule; null for the listener's default action. */
export type RuleName = ApplicationConfig["rule"];

/** The listener, or the rule of it, by its ARN and where people reach it. @throws AwsFailure where there is none */
export async function resolveListener(
  aws: Aws,
  config: ListenerConfig,
  rule: RuleName,
  url: string | null,
): Promise<ListenerRef> {
  const { loadBalancer, listener } = await findListener(aws, config);
  const name = `${loadBalancer.name} ${listener.protocol}:${listener.port}`;
  const reach = async (match: RuleMatch) =>
    url ?? (aws.endpoint === null ? await readLink(aws, loadBalancer.dnsName, listener, match) : null);
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
  if (found.priority === null)
    return { arn: listener.arn, kind: "listener", defaultRuleArn: found.arn, name, url: await reach([]) };
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

/**
 * Network load balancers have weights as well, but neither rules nor attributes as Switchyard reads them, and its policy changes
 * application load balancers alone. @throws AwsFailure
 */
export function refuseNetworkListener(listenerOrRuleArn: string): void {
  const name = /:listener\/net\/([^/]+)\//.exec(listenerOrRuleArn)?.[1];
  if (name === undefined) return;
  throw invalid(say("resolve.network", { name }));
}
