import {
  type Action,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancerFact, TargetGroupFact } from "../domain/readiness/load-balancer-facts.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";
import { type ListenerReading, toListenerReading } from "./elb-readings.ts";
import { AwsFailure } from "./errors.ts";
import { everyPage } from "./networks.ts";

/** A target group without what only its targets say. */
export type FoundGroup = Omit<TargetGroupFact, "deregistrationDelaySeconds" | "healthyTargets" | "targets" | "failing">;

/** What there is of load balancers in an account, whoever made it. */
export interface ElbInventory {
  /** By name or ARN; null when there is none. Its listeners are `listListeners`'. */
  findLoadBalancer(nameOrArn: string, priority: Priority): Promise<Omit<LoadBalancerFact, "listeners"> | null>;
  listLoadBalancers(priority: Priority): Promise<Omit<LoadBalancerFact, "listeners">[]>;
  listListeners(
    loadBalancerArn: string,
    priority: Priority,
  ): Promise<(Pick<BalancerListener, "redirect"> & { reading: ListenerReading; certificates: readonly string[] })[]>;
  /** ARNs of a secure listener's certificates, the default one among them. */
  listCertificates(listenerArn: string, priority: Priority): Promise<string[]>;
  /** By name or ARN; null when there is none. */
  findTargetGroup(nameOrArn: string, priority: Priority): Promise<FoundGroup | null>;
  listTargetGroups(priority: Priority): Promise<FoundGroup[]>;
  /** Those of these ARNs that have all of these tags. */
  findTagged(arns: readonly string[], tags: ReadonlyMap<string, string>, priority: Priority): Promise<string[]>;
}

type BalancerListener = LoadBalancerFact["listeners"][number];

const PAGE = 400;
/** The API's maximum for one question about tags. */
const TAGGED_A_CALL = 20;

/** ELBv2 through the SDK's client. */
export function createElbInventory(client: ElasticLoadBalancingV2Client, call: Caller): ElbInventory {
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "elasticloadbalancing", operation, family: "elb-read", priority, effect: "read" }, send);
  const describeBalancers = (input: object, priority: Priority) =>
    read("DescribeLoadBalancers", priority, (abortSignal) =>
      client.send(new DescribeLoadBalancersCommand(input), { abortSignal }),
    );
  const describeGroups = (input: object, priority: Priority) =>
    read("DescribeTargetGroups", priority, (abortSignal) =>
      client.send(new DescribeTargetGroupsCommand(input), { abortSignal }),
    );

  return {
    findLoadBalancer: (nameOrArn, priority) =>
      orNull(async () => {
        const input = nameOrArn.startsWith("arn:") ? { LoadBalancerArns: [nameOrArn] } : { Names: [nameOrArn] };
        const [found] = (await describeBalancers(input, priority)).LoadBalancers ?? [];
        return found ? toBalancer(found) : null;
      }),

    async findTagged(arns, tags, priority) {
      const answers = await Promise.all(
        chunks(arns, TAGGED_A_CALL).map((ResourceArns) =>
          read("DescribeTags", priority, (abortSignal) =>
            client.send(new DescribeTagsCommand({ ResourceArns }), { abortSignal }),
          ),
        ),
      );
      return answers
        .flatMap(({ TagDescriptions = [] }) => TagDescriptions)
        .filter(({ Tags = [] }) =>
          [...tags].every(([key, value]) => Tags.some((t) => t.Key === key && t.Value === value)),
        )
        .flatMap(({ ResourceArn }) => ResourceArn ?? []);
    },

    async listLoadBalancers(priority) {
      const all = await everyPage(async (Marker) => {
        const output = await describeBalancers({ Marker, PageSize: PAGE }, priority);
        return { items: output.LoadBalancers ?? [], next: output.NextMarker };
      });
      return all.map(toBalancer);
    },

    async listListeners(LoadBalancerArn, priority) {
      const all = await everyPage(async (Marker) => {
        const output = await read("DescribeListeners", priority, (abortSignal) =>
          client.send(new DescribeListenersCommand({ LoadBalancerArn, Marker, PageSize: PAGE }), { abortSignal }),
        );
        return { items: output.Listeners ?? [], next: output.NextMarker };
      });
      return all.map((listener) => ({
        reading: toListenerReading(listener),
        ...redirectOf(listener.DefaultActions),
        certificates: (listener.Certificates ?? []).map(({ CertificateArn = "" }) => CertificateArn),
      }));
    },

    async listCertificates(ListenerArn, priority) {
      const all = await everyPage(async (Marker) => {
        const output = await read("DescribeListenerCertificates", priority, (abortSignal) =>
          client.send(new DescribeListenerCertificatesCommand({ ListenerArn, Marker, PageSize: PAGE }), {
            abortSignal,
          }),
        );
        return { items: output.Certificates ?? [], next: output.NextMarker };
      });
      return [...new Set(all.map(({ CertificateArn = "" }) => CertificateArn))];
    },

    findTargetGroup: (nameOrArn, priority) =>
      orNull(async () => {
        const input = nameOrArn.startsWith("arn:") ? { TargetGroupArns: [nameOrArn] } : { Names: [nameOrArn] };
        const [found] = (await describeGroups(input, priority)).TargetGroups ?? [];
        return found ? toGroup(found) : null;
      }),

    async listTargetGroups(priority) {
      const all = await everyPage(async (Marker) => {
        const output = await describeGroups({ Marker, PageSize: PAGE }, priority);
        return { items: output.TargetGroups ?? [], next: output.NextMarker };
      });
      return all.map(toGroup);
    },
  };
}

/** Null where AWS says that there is none. */
async function orNull<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AwsFailure && error.kind === "missing") return null;
    throw error;
  }
}

function redirectOf(actions: readonly Action[] = []): Pick<BalancerListener, "redirect"> {
  const config = actions.find(({ Type }) => Type === "redirect")?.RedirectConfig;
  if (!config) return {};
  const { Protocol: protocol = "#{protocol}", Port: port = "#{port}", Host: host = "#{host}" } = config;
  return { redirect: { protocol, port, host } };
}

function toBalancer(found: LoadBalancer): Omit<LoadBalancerFact, "listeners"> {
  return {
    arn: found.LoadBalancerArn ?? "",
    name: found.LoadBalancerName ?? "",
    scheme: found.Scheme ?? "",
    state: found.State?.Code ?? "",
    vpcId: found.VpcId ?? "",
    zones: (found.AvailabilityZones ?? []).map(({ ZoneName = "" }) => ZoneName),
    securityGroupIds: found.SecurityGroups ?? [],
  };
}

function toGroup(found: TargetGroup): FoundGroup {
  return {
    arn: found.TargetGroupArn ?? "",
    name: found.TargetGroupName ?? "",
    targetType: found.TargetType ?? "",
    protocol: found.Protocol ?? "",
    port: found.Port ?? 0,
    vpcId: found.VpcId ?? "",
    healthCheckPath: found.HealthCheckPath ?? "/",
    healthCheckPort: found.HealthCheckPort ?? "traffic-port",
    matcher: found.Matcher?.HttpCode ?? found.Matcher?.GrpcCode ?? "200",
    loadBalancerArns: found.LoadBalancerArns ?? [],
  };
}
