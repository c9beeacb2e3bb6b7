import type { Action, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerRef } from "../domain/application/application.ts";
import type { HealthCheck, TargetHealthState } from "../domain/observation/slot.ts";
import { type AwsFailure, missingFailure } from "./errors.ts";
import { type ForwardReading, readForward } from "./forward-action.ts";

/** One target as DescribeTargetHealth tells it. */
export interface TargetReading {
  id: string;
  port: number;
  state: TargetHealthState;
  reason?: string;
  description?: string;
}

/** What changes slowly about a target group. */
export interface GroupAttributes {
  stickinessSeconds: number | null;
  deregistrationDelaySeconds: number;
}

/** How a group checks its targets, with ELBv2's defaults where it does not say. */
export function toHealthCheck(group: { HealthCheckPath?: string; HealthCheckIntervalSeconds?: number }): HealthCheck {
  return { path: group.HealthCheckPath ?? "/", intervalSeconds: group.HealthCheckIntervalSeconds ?? 30 };
}

export interface LoadBalancerReading {
  arn: string;
  name: string;
  dnsName: string;
}

export interface ListenerReading {
  arn: string;
  loadBalancerArn: string;
  port: number;
  protocol: string;
}

export interface RuleReading {
  arn: string;
  /** Null for the default rule. */
  priority: number | null;
  /** True when it takes every request whatever its host, path or method. */
  takesEverything: boolean;
  /** What it takes, in words: "path /api/*", "host a.example.com and path /b". */
  takes: string;
  forward: ForwardReading;
}

/** The whole action list as it was read; opaque outside lib/aws, to be sent back with other weights. */
export interface ActionList {
  readonly actions: readonly Action[];
  readonly forward: ForwardReading;
}

/** The list with what it forwards to. */
export function toActionList(actions: readonly Action[] | undefined): ActionList {
  return { actions: actions ?? [], forward: readForward(actions ?? []) };
}

/** A listener's address and protocol. */
export function toListenerReading(listener: {
  ListenerArn?: string;
  LoadBalancerArn?: string;
  Port?: number;
  Protocol?: string;
}): ListenerReading {
  return {
    arn: listener.ListenerArn ?? "",
    loadBalancerArn: listener.LoadBalancerArn ?? "",
    port: listener.Port ?? 0,
    protocol: listener.Protocol ?? "HTTP",
  };
}

/** A rule, with whether anything can come after it. */
export function toRuleReading(rule: Rule): RuleReading {
  const priority = Number(rule.Priority);
  return {
    arn: rule.RuleArn ?? "",
    priority: rule.IsDefault || !Number.isInteger(priority) ? null : priority,
    takesEverything: (rule.Conditions ?? []).every((condition) => {
      const values =
        condition.PathPatternConfig?.Values ?? condition.HostHeaderConfig?.Values ?? condition.Values ?? [];
      const isPathOrHost = condition.Field === "path-pattern" || condition.Field === "host-header";
      return isPathOrHost && values.some((value) => value === "*" || value === "/*");
    }),
    takes: (rule.Conditions ?? []).map(conditionWords).join(" and ") || "every request",
    forward: readForward(rule.Actions ?? []),
  };
}

function conditionWords(condition: RuleCondition): string {
  const { Field, PathPatternConfig, HostHeaderConfig, HttpRequestMethodConfig, SourceIpConfig, Values } = condition;
  const values = [PathPatternConfig, HostHeaderConfig, HttpRequestMethodConfig, SourceIpConfig].flatMap(
    (config) => config?.Values ?? [],
  );
  const name = (Field ?? "condition").replace("path-pattern", "path").replace("host-header", "host");
  const all = values.length > 0 ? values : (Values ?? []);
  return all.length > 0 ? `${name} ${all.join(" or ")}` : name;
}

/** The failure of a listener or rule that AWS does not know. */
export function missingRef(kind: ListenerRef["kind"], arn: string): AwsFailure {
  const name = kind === "listener" ? "Listener" : "Rule";
  return missingFailure(
    "elasticloadbalancing",
    `Describe${name}s`,
    `${name}NotFound`,
    `There is no ${name.toLowerCase()} ${arn}`,
  );
}

/** The failure of a target group, by name or ARN, that AWS does not know. */
export function missingGroup(name: string): AwsFailure {
  return missingFailure(
    "elasticloadbalancing",
    "DescribeTargetGroups",
    "TargetGroupNotFound",
    `There is no target group ${name}`,
  );
}
