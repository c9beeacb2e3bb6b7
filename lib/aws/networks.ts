import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  type EC2Client,
  type IpPermission,
  type RouteTable,
  type Subnet,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import type { EndpointFact, IngressFact, NetworkFact, SecurityGroupFact } from "../domain/readiness/network-facts.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";

/** EC2's networks in our words; nothing of them is ever changed. */
export interface Networks {
  /** A VPC's subnets with their way out, and what its endpoints lead to. */
  describeNetwork(vpcId: string, priority: Priority): Promise<NetworkFact>;
  /** Every security group of a VPC; with null those of all VPCs. */
  listSecurityGroups(vpcId: string | null, priority: Priority): Promise<SecurityGroupFact[]>;
  /** Which of these ids there are no subnets of; an id that is none of EC2's is one that there is none of. */
  missingSubnets(ids: readonly string[], priority: Priority): Promise<string[]>;
  /** The same of security groups. */
  missingSecurityGroups(ids: readonly string[], priority: Priority): Promise<string[]>;
}

const MOST_PAGES = 10;

/** EC2 through the SDK's client. */
export function createNetworks(client: EC2Client, call: Caller): Networks {
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "ec2", operation, family: "ec2-read", priority, effect: "read" }, send);

  return {
    // By a filter: of ids that are named outright, EC2 refuses all when one is gone.
    async missingSubnets(ids, priority) {
      const Filters = [{ Name: "subnet-id", Values: [...ids] }];
      const output = await read("DescribeSubnets", priority, (abortSignal) =>
        client.send(new DescribeSubnetsCommand({ Filters }), { abortSignal }),
      );
      return ids.filter((id) => !output.Subnets?.some(({ SubnetId }) => SubnetId === id));
    },

    async missingSecurityGroups(ids, priority) {
      const Filters = [{ Name: "group-id", Values: [...ids] }];
      const output = await read("DescribeSecurityGroups", priority, (abortSignal) =>
        client.send(new DescribeSecurityGroupsCommand({ Filters }), { abortSignal }),
      );
      return ids.filter((id) => !output.SecurityGroups?.some(({ GroupId }) => GroupId === id));
    },

    async describeNetwork(vpcId, priority) {
      const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
      const [subnets, tables, endpoints] = await Promise.all([
        everyPage(async (NextToken) => {
          const output = await read("DescribeSubnets", priority, (abortSignal) =>
            client.send(new DescribeSubnetsCommand({ Filters, MaxResults: 1000, NextToken }), { abortSignal }),
          );
          return { items: output.Subnets ?? [], next: output.NextToken };
        }),
        everyPage(async (NextToken) => {
          const output = await read("DescribeRouteTables", priority, (abortSignal) =>
            client.send(new DescribeRouteTablesCommand({ Filters, MaxResults: 100, NextToken }), { abortSignal }),
          );
          return { items: output.RouteTables ?? [], next: output.NextToken };
        }),
        everyPage(async (NextToken) => {
          const output = await read("DescribeVpcEndpoints", priority, (abortSignal) =>
            client.send(new DescribeVpcEndpointsCommand({ Filters, MaxResults: 1000, NextToken }), { abortSignal }),
          );
          return { items: output.VpcEndpoints ?? [], next: output.NextToken };
        }),
      ]);
      return {
        subnets: subnets.map(({ SubnetId = "", VpcId = "", AvailabilityZone = "", CidrBlock = "" }) => ({
          id: SubnetId,
          vpcId: VpcId,
          zone: AvailabilityZone,
          cidr: CidrBlock,
          ...wayOutOf(SubnetId, tables),
        })),
        endpoints: endpoints
          .filter(({ State }) => State?.toLowerCase() === "available")
          .map((endpoint) => toEndpoint(endpoint, subnets, tables)),
      };
    },

    async listSecurityGroups(vpcId, priority) {
      const Filters = vpcId === null ? undefined : [{ Name: "vpc-id", Values: [vpcId] }];
      const groups = await everyPage(async (NextToken) => {
        const output = await read("DescribeSecurityGroups", priority, (abortSignal) =>
          client.send(new DescribeSecurityGroupsCommand({ Filters, MaxResults: 1000, NextToken }), { abortSignal }),
        );
        return { items: output.SecurityGroups ?? [], next: output.NextToken };
      });
      return groups.map(
        ({ GroupId = "", GroupName = "", VpcId = "", IpPermissions = [], IpPermissionsEgress = [] }) => ({
          id: GroupId,
          name: GroupName,
          vpcId: VpcId,
          ingress: IpPermissions.map(toIngress),
          egress: IpPermissionsEgress.map(toIngress),
        }),
      );
    },
  };
}

/** Items of every page, up to a bound that no account in order reaches. */
export async function everyPage<T>(
  ask: (token: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
  mostPages = MOST_PAGES,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, next } = await ask(token);
    all.push(...items);
    if (!next) break;
    token = next;
  }
  return all;
}

/** A subnet without a route table of its own uses the VPC's main one. */
function tableOf(subnetId: string, tables: readonly RouteTable[]): RouteTable | undefined {
  const own = tables.find(({ Associations }) => Associations?.some((one) => one.SubnetId === subnetId));
  return own ?? tables.find(({ Associations }) => Associations?.some((one) => one.Main));
}

function toEndpoint(
  { ServiceName = "", VpcEndpointType, Groups, SubnetIds, RouteTableIds, PrivateDnsEnabled }: VpcEndpoint,
  subnets: readonly Subnet[],
  tables: readonly RouteTable[],
): EndpointFact {
  const isGateway = VpcEndpointType === "Gateway";
  const routed = subnets.flatMap(({ SubnetId = "" }) =>
    RouteTableIds?.includes(tableOf(SubnetId, tables)?.RouteTableId ?? "") ? [SubnetId] : [],
  );
  return {
    name: ServiceName.replace(/^(?:com|cn\.com)\.amazonaws\.[\w-]+\./, ""),
    groupIds: isGateway ? null : (Groups ?? []).map(({ GroupId = "" }) => GroupId),
    subnetIds: isGateway ? routed : (SubnetIds ?? []),
    hasPrivateDns: isGateway || PrivateDnsEnabled === true,
  };
}

function wayOutOf(subnetId: string, tables: readonly RouteTable[]): { hasInternet: boolean; hasNat: boolean } {
  const out = (tableOf(subnetId, tables)?.Routes ?? []).filter(
    ({ DestinationCidrBlock, State }) => DestinationCidrBlock === "0.0.0.0/0" && State === "active",
  );
  return {
    hasInternet: out.some(({ GatewayId }) => GatewayId?.startsWith("igw-")),
    // A transit gateway or an instance may lead out as well: whatever is no internet gateway counts as one.
    hasNat: out.some((route) => !route.GatewayId?.startsWith("igw-")),
  };
}

function toIngress(permission: IpPermission): IngressFact {
  const { IpProtocol = "-1", FromPort, ToPort, IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds } = permission;
  return {
    protocol: IpProtocol,
    fromPort: FromPort ?? 0,
    toPort: ToPort ?? 65_535,
    cidrs: [
      ...(IpRanges ?? []).map(({ CidrIp = "" }) => CidrIp),
      ...(Ipv6Ranges ?? []).map(({ CidrIpv6 = "" }) => CidrIpv6),
    ],
    groupIds: (UserIdGroupPairs ?? []).map(({ GroupId = "" }) => GroupId),
    prefixLists: (PrefixListIds ?? []).map(({ PrefixListId = "" }) => PrefixListId),
  };
}
