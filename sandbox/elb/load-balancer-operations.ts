import type {
  AvailabilityZone,
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
  DeleteLoadBalancerInput,
  DeleteLoadBalancerOutput,
  DescribeAccountLimitsInput,
  DescribeAccountLimitsOutput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  LoadBalancer,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type Handler } from "../service.ts";
import type { AlbProxy } from "./alb-proxy.ts";
import { associate } from "./associations.ts";
import { defaultAttributes, LOAD_BALANCER_ATTRIBUTES, listAttributes, modifiedAttributes } from "./attributes.ts";
import type { ElbState, LoadBalancerRecord } from "./elb-state.ts";
import { assertRange, loadBalancerNotFound, validationError } from "./errors.ts";
import type { HealthChecker } from "./health-checker.ts";
import { page } from "./paging.ts";
import { dropTags, putTags } from "./tag-operations.ts";

const PROVISIONING_MS = 1000;
const MAX_LOAD_BALANCERS = 50;
const MAX_NAMED = 20;

const LIMITS: Readonly<Record<string, number>> = {
  "target-groups": 3000,
  "targets-per-application-load-balancer": 1000,
  "listeners-per-application-load-balancer": 50,
  "rules-per-application-load-balancer": 100,
  "network-load-balancers": 50,
  "targets-per-network-load-balancer": 3000,
  "targets-per-availability-zone-per-network-load-balancer": 500,
  "listeners-per-network-load-balancer": 50,
  "condition-values-per-alb-rule": 5,
  "condition-wildcards-per-alb-rule": 5,
  "target-groups-per-action-on-application-load-balancer": 5,
  "target-groups-per-action-on-network-load-balancer": 1,
  "certificates-per-application-load-balancer": 25,
  "certificates-per-network-load-balancer": 25,
  "targets-per-target-group": 1000,
  "target-id-registrations-per-application-load-balancer": 1000,
  "target-groups-per-application-load-balancer": 100,
  "application-load-balancers": MAX_LOAD_BALANCERS,
};

/** Operations on load balancers and the account's limits. */
export function loadBalancerOperations(
  state: ElbState,
  health: HealthChecker,
  proxy: AlbProxy,
): Readonly<Record<string, Handler>> {
  return {
    CreateLoadBalancer(input: CreateLoadBalancerInput): CreateLoadBalancerOutput {
      const description = newDescription(state, input);
      const existing = [...state.loadBalancers.values()].find((one) => one.name === input.Name);
      if (existing) {
        if (isSame(existing.description, description))
          return { LoadBalancers: [describeLoadBalancer(state, existing)] };
        throw new AwsError(
          "DuplicateLoadBalancerName",
          `A load balancer with the same name '${input.Name}' exists, but with different settings`,
        );
      }
      if (state.loadBalancers.size >= MAX_LOAD_BALANCERS) {
        throw new AwsError(
          "TooManyLoadBalancers",
          `The maximum number of load balancers has been reached: '${MAX_LOAD_BALANCERS}'`,
        );
      }
      const id = state.newId();
      const arn = state.arn(`loadbalancer/app/${input.Name}/${id}`);
      if (input.Tags) putTags(state, arn, input.Tags);
      const record: LoadBalancerRecord = {
        arn,
        id,
        name: input.Name ?? "",
        createdAt: state.base.clock.now(),
        description: { LoadBalancerArn: arn, ...description },
        attributes: defaultAttributes(LOAD_BALANCER_ATTRIBUTES),
        listeners: new Map(),
      };
      state.loadBalancers.set(arn, record);
      return { LoadBalancers: [describeLoadBalancer(state, record)] };
    },

    DescribeLoadBalancers(input: DescribeLoadBalancersInput): DescribeLoadBalancersOutput {
      const { LoadBalancerArns: arns, Names: names } = input;
      if (arns?.length && names?.length)
        throw validationError("Load balancer names and ARNs cannot be specified at the same time");
      const asked = arns?.length ? arns : names;
      if ((asked?.length ?? 0) > MAX_NAMED)
        throw validationError(`A maximum of ${MAX_NAMED} load balancers can be specified`);
      const all = [...state.loadBalancers.values()];
      const found = asked?.length
        ? asked.map((key) => {
            const one = all.find((record) => (arns?.length ? record.arn : record.name) === key);
            if (!one) throw loadBalancerNotFound(key);
            return one;
          })
        : all;
      const { items, NextMarker } = page(found, input);
      return { LoadBalancers: items.map((record) => describeLoadBalancer(state, record)), NextMarker };
    },

    async DeleteLoadBalancer(input: DeleteLoadBalancerInput): Promise<DeleteLoadBalancerOutput> {
      const record = state.loadBalancers.get(input.LoadBalancerArn ?? "");
      if (!record) return {};
      if (record.attributes.get("deletion_protection.enabled") === "true") {
        throw new AwsError(
          "OperationNotPermitted",
          `Load balancer '${record.arn}' cannot be deleted because deletion protection is enabled`,
        );
      }
      for (const listener of record.listeners.values()) {
        proxy.shut(listener);
        for (const arn of [listener.arn, ...listener.rules.map((rule) => rule.arn)]) dropTags(state, arn);
      }
      record.listeners.clear();
      associate(state, health, record);
      state.loadBalancers.delete(record.arn);
      dropTags(state, record.arn);
      return {};
    },

    DescribeLoadBalancerAttributes(input: DescribeLoadBalancerAttributesInput): DescribeLoadBalancerAttributesOutput {
      return { Attributes: listAttributes(state.getLoadBalancer(input.LoadBalancerArn ?? "").attributes) };
    },

    ModifyLoadBalancerAttributes(input: ModifyLoadBalancerAttributesInput): ModifyLoadBalancerAttributesOutput {
      const record = state.getLoadBalancer(input.LoadBalancerArn ?? "");
      record.attributes = modifiedAttributes(
        LOAD_BALANCER_ATTRIBUTES,
        record.attributes,
        input.Attributes ?? [],
        "Load balancer",
      );
      return { Attributes: listAttributes(record.attributes) };
    },

    DescribeAccountLimits(input: DescribeAccountLimitsInput): DescribeAccountLimitsOutput {
      const { items, NextMarker } = page(Object.entries(LIMITS), input);
      return { Limits: items.map(([Name, max]) => ({ Name, Max: String(max) })), NextMarker };
    },
  };
}

function describeLoadBalancer(state: ElbState, record: LoadBalancerRecord): LoadBalancer {
  const isActive = state.base.clock.now() - record.createdAt >= PROVISIONING_MS;
  return { ...record.description, State: { Code: isActive ? "active" : "provisioning" } };
}

function newDescription(state: ElbState, input: CreateLoadBalancerInput): LoadBalancer {
  const name = input.Name ?? "";
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name) || name.startsWith("internal-")) {
    throw validationError(
      `The load balancer name '${name}' can only contain up to 32 alphanumeric characters or hyphens, and cannot begin or end with a hyphen or begin with 'internal-'`,
    );
  }
  if (input.Type !== undefined && input.Type !== "application") {
    throw validationError(`Load balancer type '${input.Type}' is not supported by this sandbox: use 'application'`);
  }
  const { region } = state.base.place;
  const scheme = input.Scheme ?? "internet-facing";
  const { zones, VpcId } = placeOf(state, input, region);
  for (const group of input.SecurityGroups ?? [])
    if (state.network?.hasSecurityGroup(group) === false)
      throw new AwsError("InvalidSecurityGroup", `One or more security groups are invalid: ${group}`);
  const number = Math.floor(state.base.random() * 1e10);
  return {
    DNSName: `${scheme === "internal" ? "internal-" : ""}${name}-${number}.${region}.elb.amazonaws.com`,
    CanonicalHostedZoneId: "ZWKZPGTI48KDX",
    CreatedTime: new Date(state.base.clock.now()),
    LoadBalancerName: name,
    Scheme: scheme,
    VpcId,
    Type: "application",
    AvailabilityZones: zones,
    SecurityGroups: input.SecurityGroups ?? ["sg-0123456789abcdef0"],
    IpAddressType: input.IpAddressType ?? "ipv4",
  };
}

/** The zones and the VPC of the subnets that it stands in. */
function placeOf(state: ElbState, input: CreateLoadBalancerInput, region: string) {
  const subnets = input.Subnets ?? (input.SubnetMappings ?? []).map((mapping) => mapping.SubnetId ?? "");
  for (const subnet of subnets) {
    if (!/^subnet-[0-9a-z-]+$/.test(subnet)) {
      throw new AwsError("InvalidSubnet", `The subnet ID '${subnet}' is not valid`);
    }
  }
  if (new Set(subnets).size < 2) {
    throw validationError("At least two subnets in two different Availability Zones must be specified");
  }
  const places = subnets.map((id, index) => {
    const found = state.network
      ? state.network.findSubnet(id)
      : { vpcId: "vpc-0a1b2c3d4e5f60001", zone: `${region}${"abcdef"[index % 6]}`, hasInternetGateway: true };
    if (!found) throw new AwsError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
    return { id, ...found };
  });
  const [{ vpcId = "", hasInternetGateway = true } = {}] = places;
  if (new Set(places.map((place) => place.vpcId)).size > 1)
    throw new AwsError("InvalidConfigurationRequest", "All subnets must belong to the same VPC");
  if (new Set(places.map(({ zone }) => zone)).size < places.length)
    throw new AwsError(
      "InvalidConfigurationRequest",
      "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    );
  if ((input.Scheme ?? "internet-facing") === "internet-facing" && !hasInternetGateway)
    throw new AwsError("InvalidSubnet", `VPC ${vpcId} has no internet gateway`);
  const zones = places.map(
    ({ id, zone }): AvailabilityZone => ({ ZoneName: zone, SubnetId: id, LoadBalancerAddresses: [] }),
  );
  return { zones, VpcId: vpcId };
}

function isSame(one: LoadBalancer, other: LoadBalancer): boolean {
  const settings = ({ Scheme, Type, IpAddressType, SecurityGroups, AvailabilityZones }: LoadBalancer) =>
    JSON.stringify({ Scheme, Type, IpAddressType, SecurityGroups, AvailabilityZones });
  return settings(one) === settings(other);
}

/** Refuses a port outside 1-65535. */
export function assertPort(port: number | undefined): void {
  if (port === undefined) throw validationError("A port must be specified");
  assertRange(port, "port", 1, 65_535);
}
