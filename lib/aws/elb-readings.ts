import type { Action, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerRef } from "../domain/application/application.ts";
import type { RuleMatch } from "../domain/observation/rule-match.ts";
import type { HealthCheck, TargetHealthState } from "../domain/observation/slot.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { conditionsSaid, transformsSaid } from "./condition-words.ts";
import { type AwsFailure, missingFailure } from "./errors.ts";
import { type ForwardReading, readForward } from "./forward-action.ts";
import { toRuleMatch } from "./rule-conditions.ts";

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

/** What DescribeTargetGroups tells of a group. */
export interface GroupReading {
  healthCheck: HealthCheck;
  /** "instance", "ip", "lambda" or "alb". */
  targetType: string;
  /** The load balancers whose listeners and rules name it. */
  loadBalancerArns: string[];
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
  /** Of its default certificate; left out without TLS. */
  certificateArn?: string;
  /** What its default action forwards to. */
  forward: ForwardReading;
}

export interface RuleReading {
  arn: string;
  /** Null for the default rule. */
  priority: number | null;
  /** The requests it takes, to be compared with other rules'. */
  match: RuleMatch;
  /** What it takes, in words: "path /api/*", "host a.example.com and header X-Preview: green". */
  takes: string;
  /** `takes` in no language yet. */
  takesSaid: Sentence;
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

/** A listener's address, protocol and default action. */
export function toListenerReading(listener: {
  ListenerArn?: string;
  LoadBalancerArn?: string;
  Port?: number;
  Protocol?: string;
  Certificates?: { CertificateArn?: string }[];
  DefaultActions?: Action[];
}): ListenerReading {
  const certificateArn = listener.Certificates?.[0]?.CertificateArn;
  return {
    arn: listener.ListenerArn ?? "",
    loadBalancerArn: listener.LoadBalancerArn ?? "",
    port: listener.Port ?? 0,
    protocol: listener.Protocol ?? "HTTP",
    ...(certificateArn ? { certificateArn } : {}),
    forward: readForward(listener.DefaultActions ?? []),
  };
}

/** A rule with what it takes, in words and to compare. */
export function toRuleReading(rule: Rule): RuleReading {
  const priority = Number(rule.Priority);
  const takesSaid = transformsSaid(conditionsSaid(rule.Conditions ?? []), rule.Transforms ?? []);
  return {
    arn: rule.RuleArn ?? "",
    priority: rule.IsDefault || !Number.isInteger(priority) ? null : priority,
    match: toRuleMatch(rule.Conditions ?? []),
    takes: inEnglish(takesSaid),
    takesSaid,
    forward: readForward(rule.Actions ?? []),
  };
}

/** The failure of a listener or rule that AWS does not know. */
export function missingRef(kind: ListenerRef["kind"], arn: string): AwsFailure {
  const name = kind === "listener" ? "Listener" : "Rule";
  return missingFailure(
    "elasticloadbalancing",
    `Describe${name}s`,
    `${name}NotFound`,
    say(name === "Listener" ? "awsError.noListener" : "awsError.noRule", { name: arn }),
  );
}

/** The failure of a target group, by name or ARN, that AWS does not know. */
export function missingGroup(name: string): AwsFailure {
  return missingFailure(
    "elasticloadbalancing",
    "DescribeTargetGroups",
    "TargetGroupNotFound",
    say("awsError.noTargetGroup", { name }),
  );
}

/** The load balancer that a listener or rule belongs to; AWS's ARNs contain it. */
export function loadBalancerArnOf(listenerOrRuleArn: string): string {
  const [scheme, path = ""] = listenerOrRuleArn.split(/:listener(?:-rule)?\//);
  return `${scheme}:loadbalancer/${path.split("/").slice(0, 3).join("/")}`;
}

/** The listener of a rule; a listener's own ARN stays as it is. */
export function listenerArnOf({ arn, kind }: Pick<ListenerRef, "arn" | "kind">): string {
  return kind === "listener" ? arn : arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "");
}

/** The name inside a load balancer's ARN; the ARN itself when it has another shape. */
export function loadBalancerName(arn: string): string {
  return /:loadbalancer\/(?:app|net|gwy)\/([^/]+)\//.exec(arn)?.[1] ?? arn;
}
