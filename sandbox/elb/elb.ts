import type {
  NetworkLookup,
  SandboxBase,
  SimulatedService,
  TargetRegistry,
  TrafficReports,
  TrafficRules,
} from "../service.ts";
import { AlbProxy } from "./alb-proxy.ts";
import { certificateOperations } from "./certificate-operations.ts";
import { createControls, type ElbControls } from "./controls.ts";
import { ElbState, targetKey } from "./elb-state.ts";
import { HealthChecker } from "./health-checker.ts";
import { createProbe } from "./health-probe.ts";
import { listenerOperations } from "./listener-operations.ts";
import { loadBalancerOperations } from "./load-balancer-operations.ts";
import { ruleOperations } from "./rule-operations.ts";
import { tagOperations } from "./tag-operations.ts";
import { targetGroupOperations } from "./target-group-operations.ts";
import { targetOperations, zoneOf } from "./target-operations.ts";
import { createTrafficReports } from "./traffic-report.ts";
import { createTrafficRules } from "./traffic-rules.ts";

/** Where listeners open their real ports. */
export interface ElbOptions {
  /** The port on 127.0.0.1 for a listener's AWS port; 0 takes a free one. */
  listenerPort: (loadBalancerName: string, port: number) => number;
  /** The account's networks; without them any subnet, security group and VPC goes. */
  network?: NetworkLookup;
  /** The longest that requests take to follow a changed listener or rule, ms; each change takes a random part of it. At once when left out. */
  dataPlaneLagMs?: number;
}

/** Simulated Elastic Load Balancing: the API, what ECS asks of it, and a data plane that really proxies. */
export interface Elb {
  service: SimulatedService;
  targets: TargetRegistry;
  rules: TrafficRules;
  /** The ARN of a target group by its name; null when there is none. */
  findTargetGroup(name: string): string | null;
  traffic: TrafficReports;
  controls: ElbControls;
  /** Empties the world; resolves when every port is free. */
  reset(): Promise<void>;
  /** As `reset`, for good. */
  close(): Promise<void>;
}

/** Starts an empty ELB. Nothing listens before the first CreateListener. */
export function createElb(base: SandboxBase, options: ElbOptions): Elb {
  const state = new ElbState(base, options.network ?? null, options.dataPlaneLagMs);
  const proxy = new AlbProxy(state, options.listenerPort);
  const health = new HealthChecker(state, createProbe(state), proxy);

  const forget = () => {
    health.clear();
    state.loadBalancers.clear();
    state.targetGroups.clear();
    state.tags.clear();
    state.virtualHealth.clear();
    state.instances.clear();
    state.instancePorts.clear();
  };
  return {
    service: {
      name: "elbv2",
      operations: {
        ...loadBalancerOperations(state, health, proxy),
        ...listenerOperations(state, health, proxy),
        ...ruleOperations(state, health),
        ...targetGroupOperations(state, health),
        ...targetOperations(state, health),
        ...certificateOperations(state),
        ...tagOperations(state),
      },
    },
    targets: {
      register(arn, { id, port }) {
        health.register(state.getTargetGroup(arn), id, port, zoneOf(state, id));
      },
      deregister(arn, { id, port }) {
        const group = state.targetGroups.get(arn);
        if (group) health.deregister(group, id, port);
      },
      targetState(arn, { id, port }) {
        const target = state.targetGroups.get(arn)?.targets.get(targetKey(id, port));
        return target ? health.report(target) : null;
      },
      findTargetGroup(arn) {
        const group = state.targetGroups.get(arn);
        return group
          ? {
              name: group.name,
              isAssociated: group.loadBalancer !== null,
              targetType: group.settings.TargetType ?? "instance",
              ...(group.settings.IpAddressType === "ipv6" ? { isIpv6: true } : {}),
            }
          : null;
      },
      addInstance: (id) => void state.instances.add(id),
      bindPort({ id, port }, reach) {
        if (reach) state.instancePorts.set(targetKey(id, port), reach);
        else state.instancePorts.delete(targetKey(id, port));
      },
      setVirtualHealth: (id, status) => void state.virtualHealth.set(id, status),
    },
    rules: createTrafficRules(state, health),
    findTargetGroup: (name) => state.findTargetGroupByName(name)?.arn ?? null,
    traffic: createTrafficReports(state, health),
    controls: createControls(state, health),
    async reset() {
      await proxy.clear();
      forget();
    },
    async close() {
      health.close();
      await proxy.close();
      forget();
    },
  };
}
