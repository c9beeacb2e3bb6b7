import type {
  Action,
  Certificate,
  FixedResponseActionConfig,
  LoadBalancer,
  RedirectActionConfig,
  RuleCondition,
  Tag,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { NetworkLookup, SandboxBase, TargetKey } from "../service.ts";
import type { RequestMatch } from "./condition-match.ts";
import { assertArn, listenerNotFound, loadBalancerNotFound, ruleNotFound, targetGroupNotFound } from "./errors.ts";
import type { CheckedHealth } from "./target-health.ts";
import { TrafficMeter } from "./traffic-meter.ts";
import type { TargetConnections } from "./upstream.ts";

/** A load balancer with its listeners, in order of creation. */
export interface LoadBalancerRecord {
  arn: string;
  id: string;
  name: string;
  createdAt: number;
  /** As described, without the state, which time decides. */
  description: LoadBalancer;
  attributes: Map<string, string>;
  listeners: Map<string, ListenerRecord>;
}

/** A rule as stored: actions and conditions are normalised; actions still carry their client secrets. */
export interface RuleRecord {
  arn: string;
  listener: ListenerRecord;
  priority: number | "default";
  conditions: RuleCondition[];
  actions: Action[];
}

/** A listener; its default actions live in `defaultRule`, as the API shows them in both places. */
export interface ListenerRecord {
  arn: string;
  id: string;
  loadBalancer: LoadBalancerRecord;
  protocol: "HTTP" | "HTTPS";
  port: number;
  sslPolicy: string | undefined;
  certificates: Certificate[] | undefined;
  attributes: Map<string, string>;
  defaultRule: RuleRecord;
  /** Lowest priority value first. */
  rules: RuleRecord[];
  /** What the proxy goes by; null after a change until the next request compiles it. */
  route: Route | null;
  meter: TrafficMeter;
  /** The real port on 127.0.0.1; 0 until it listens. */
  realPort: number;
}

/** One group of a forward with its share; `credit` is the state of the smooth weighted round robin. */
export interface WeightedGroup {
  group: TargetGroupRecord;
  weight: number;
  credit: number;
}

/** What the proxy does with a request that reached a rule. */
export type RouteAction =
  | { kind: "forward"; groups: WeightedGroup[]; stickySeconds: number | null }
  | { kind: "fixed-response"; config: FixedResponseActionConfig }
  | { kind: "redirect"; config: RedirectActionConfig };

/** A listener's rules compiled for speed: made once after each change. */
export interface Route {
  rules: { matches: RequestMatch; action: RouteAction }[];
  defaultAction: RouteAction;
}

/** A registered target, draining ones included. */
export interface TargetRecord {
  id: string;
  port: number;
  group: TargetGroupRecord;
  availabilityZone: string | undefined;
  health: CheckedHealth;
  /** When the deregistration delay ends; null unless draining. */
  drainsUntil: number | null;
  /** Changes whenever scheduled work for the target becomes outdated. */
  epoch: number;
  /** Null until the proxy first sends it a request. */
  connections: TargetConnections | null;
  requests: number;
  lastRequestAt: number | null;
}

/** A target group; `settings` is what DescribeTargetGroups shows, without the load balancers. */
export interface TargetGroupRecord {
  arn: string;
  name: string;
  settings: TargetGroup & { TargetGroupArn: string };
  attributes: Map<string, string>;
  /** By `targetKey`. */
  targets: Map<string, TargetRecord>;
  /** The one load balancer whose listeners or rules name the group; null while none does. */
  loadBalancer: LoadBalancerRecord | null;
  /** Who may get requests now; null after a change until the next request works it out. */
  candidates: TargetRecord[] | null;
  cursor: number;
  meter: TrafficMeter;
}

/** Where something listens; addresses in 10.0.0.0/8 exist in memory only. */
interface Reach {
  host: string;
  port: number;
  isVirtual: boolean;
}

/** Nothing on this machine has this port. */
const NOWHERE: TargetKey = { id: "127.0.0.1", port: 1 };

/** How targets are keyed in a group. */
export function targetKey(id: string, port: number): string {
  return `${id}:${port}`;
}

/** All that the simulated ELB knows, with the look-ups that refuse in AWS's words. */
export class ElbState {
  readonly base: SandboxBase;
  /** Null where nobody simulates networks: any id of a subnet, group or VPC then goes. */
  readonly network: NetworkLookup | null;
  /** See ElbOptions. */
  readonly dataPlaneLagMs: number;
  readonly loadBalancers = new Map<string, LoadBalancerRecord>();
  readonly targetGroups = new Map<string, TargetGroupRecord>();
  readonly tags = new Map<string, Tag[]>();
  /** ARNs of certificates beside the default one, by listener. */
  readonly certificates = new Map<string, readonly string[]>();
  /** EC2 ids of the instances that can be targets. */
  readonly instances = new Set<string>();
  /** Where requests to ports of instances really go, by `targetKey`. */
  readonly instancePorts = new Map<string, TargetKey>();
  /** What virtual targets answer to health checks and requests where it is not 200, by where they are reached. */
  readonly virtualHealth = new Map<string, number | "hang" | "refused">();

  constructor(base: SandboxBase, network: NetworkLookup | null, dataPlaneLagMs = 0) {
    this.base = base;
    this.network = network;
    this.dataPlaneLagMs = dataPlaneLagMs;
  }

  /** Sixteen hex digits, as ELB ends its ARNs. */
  newId(): string {
    let id = "";
    while (id.length < 16)
      id += Math.floor(this.base.random() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, "0");
    return id;
  }

  /** An ELB ARN of this account and Region. */
  arn(resource: string): string {
    return `arn:aws:elasticloadbalancing:${this.base.place.region}:${this.base.place.accountId}:${resource}`;
  }

  getLoadBalancer(arn: string): LoadBalancerRecord {
    assertArn("load balancer", arn);
    const found = this.loadBalancers.get(arn);
    if (!found) throw loadBalancerNotFound(arn);
    return found;
  }

  /** Where requests to a target really go; a port of an instance or IPv6 address that leads nowhere refuses them. */
  reachOf({ id, port }: TargetKey): Reach {
    const isLed = this.instances.has(id) || id.includes(":");
    const reach = isLed ? (this.instancePorts.get(targetKey(id, port)) ?? NOWHERE) : { id, port };
    return { host: reach.id, port: reach.port, isVirtual: reach.id.startsWith("10.") };
  }

  findListener(arn: string): ListenerRecord | null {
    for (const loadBalancer of this.loadBalancers.values()) {
      const found = loadBalancer.listeners.get(arn);
      if (found) return found;
    }
    return null;
  }

  getListener(arn: string): ListenerRecord {
    assertArn("listener", arn);
    const found = this.findListener(arn);
    if (!found) throw listenerNotFound(arn);
    return found;
  }

  findRule(arn: string): RuleRecord | null {
    const listener = this.findListener(arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]*$/, ""));
    if (!listener) return null;
    if (listener.defaultRule.arn === arn) return listener.defaultRule;
    return listener.rules.find((rule) => rule.arn === arn) ?? null;
  }

  getRule(arn: string): RuleRecord {
    assertArn("listener rule", arn);
    const found = this.findRule(arn);
    if (!found) throw ruleNotFound();
    return found;
  }

  getTargetGroup(arn: string): TargetGroupRecord {
    assertArn("target group", arn);
    const found = this.targetGroups.get(arn);
    if (!found) throw targetGroupNotFound(arn);
    return found;
  }

  findTargetGroupByName(name: string): TargetGroupRecord | null {
    for (const group of this.targetGroups.values()) if (group.name === name) return group;
    return null;
  }

  newMeter(): TrafficMeter {
    return new TrafficMeter();
  }
}

/** Every rule of a listener in the order of evaluation, the default rule last. */
export function rulesOf(listener: ListenerRecord): RuleRecord[] {
  return [...listener.rules, listener.defaultRule];
}

/** ARNs of the target groups that some actions forward to. */
export function targetGroupArnsOf(actions: readonly Action[]): string[] {
  return actions.flatMap((action) =>
    (action.ForwardConfig?.TargetGroups ?? []).flatMap((tuple) => tuple.TargetGroupArn ?? []),
  );
}
