import type * as Ec2 from "@aws-sdk/client-ec2";
import { AwsError, type Handler } from "../service.ts";
import { type Ec2State, tagsFor } from "./ec2-state.ts";
import { newDefaultGroup } from "./security-group-operations.ts";
import { select } from "./select.ts";

const CIDR = /^(?:\d{1,3}\.){3}\d{1,3}\/(?:1[6-9]|2[0-8])$/;

/** Operations on VPCs and their subnets. */
export function vpcOperations(state: Ec2State): Readonly<Record<string, Handler>> {
  const { accountId, region } = state.base.place;
  return {
    CreateVpc(input: Ec2.CreateVpcRequest): Ec2.CreateVpcResult {
      const Tags = tagsFor(input.TagSpecifications, "vpc");
      return { Vpc: addVpc(state, { VpcId: state.newId("vpc"), CidrBlock: cidrOf(input.CidrBlock), Tags }) };
    },

    DescribeVpcs(input: Ec2.DescribeVpcsRequest): Ec2.DescribeVpcsResult {
      const filters = { "vpc-id": (vpc: Ec2.Vpc) => vpc.VpcId, cidr: (vpc: Ec2.Vpc) => vpc.CidrBlock };
      const { items, NextToken } = select(state.vpcs, input.VpcIds, input, filters, (id) => state.getVpc(id));
      return { Vpcs: items, NextToken };
    },

    DescribeAvailabilityZones(input: Ec2.DescribeAvailabilityZonesRequest): Ec2.DescribeAvailabilityZonesResult {
      type Zone = Ec2.AvailabilityZone & { Tags?: Ec2.Tag[] };
      const zones = ["a", "b", "c", "d"].map((letter): [string, Zone] => [
        `${region}${letter}`,
        { ZoneName: `${region}${letter}`, RegionName: region, State: "available", ZoneType: "availability-zone" },
      ]);
      const filters = {
        "zone-type": (zone: Zone) => zone.ZoneType,
        "zone-name": (zone: Zone) => zone.ZoneName,
        state: (zone: Zone) => zone.State,
      };
      const find = (name: string): Zone => {
        const found = new Map(zones).get(name);
        if (found) return found;
        throw new AwsError("InvalidParameterValue", `Invalid availability zone: [${name}]`);
      };
      return { AvailabilityZones: select(new Map(zones), input.ZoneNames, input, filters, find).items };
    },

    CreateSubnet(input: Ec2.CreateSubnetRequest): Ec2.CreateSubnetResult {
      const { VpcId } = state.getVpc(input.VpcId);
      const CidrBlock = cidrOf(input.CidrBlock);
      for (const other of state.subnets.values())
        if (other.VpcId === VpcId && other.CidrBlock === CidrBlock)
          throw new AwsError("InvalidSubnet.Conflict", `The CIDR '${CidrBlock}' conflicts with another subnet`);
      const zone = input.AvailabilityZone ?? `${region}a`;
      if (!new RegExp(`^${region}[a-d]$`).test(zone))
        throw new AwsError("InvalidParameterValue", `Value (${zone}) for parameter availabilityZone is invalid.`);
      const SubnetId = state.newId("subnet");
      const Tags = tagsFor(input.TagSpecifications, "subnet");
      return { Subnet: addSubnet(state, { SubnetId, VpcId, CidrBlock, AvailabilityZone: zone, Tags }) };
    },

    DeleteSubnet(input: Ec2.DeleteSubnetRequest): object {
      const { SubnetId = "" } = state.getSubnet(input.SubnetId);
      if (state.isUsed(SubnetId))
        throw new AwsError("DependencyViolation", `The subnet '${SubnetId}' has dependencies and cannot be deleted.`);
      state.subnets.delete(SubnetId);
      return {};
    },

    DescribeSubnets(input: Ec2.DescribeSubnetsRequest): Ec2.DescribeSubnetsResult {
      const filters = {
        "vpc-id": (subnet: Ec2.Subnet) => subnet.VpcId,
        "subnet-id": (subnet: Ec2.Subnet) => subnet.SubnetId,
        "availability-zone": (subnet: Ec2.Subnet) => subnet.AvailabilityZone,
      };
      const { items, NextToken } = select(state.subnets, input.SubnetIds, input, filters, (id) => state.getSubnet(id));
      return { Subnets: items, NextToken };
    },

    CreateInternetGateway(input: Ec2.CreateInternetGatewayRequest): Ec2.CreateInternetGatewayResult {
      const InternetGateway: Ec2.InternetGateway = {
        InternetGatewayId: state.newId("igw"),
        OwnerId: accountId,
        Attachments: [],
        Tags: tagsFor(input.TagSpecifications, "internet-gateway"),
      };
      state.internetGateways.set(InternetGateway.InternetGatewayId ?? "", InternetGateway);
      return { InternetGateway };
    },

    AttachInternetGateway(input: Ec2.AttachInternetGatewayRequest): object {
      const gateway = state.getInternetGateway(input.InternetGatewayId);
      const { VpcId } = state.getVpc(input.VpcId);
      if (gateway.Attachments?.length)
        throw new AwsError("Resource.AlreadyAssociated", `resource ${gateway.InternetGatewayId} is already attached`);
      gateway.Attachments = [{ State: "available" as Ec2.AttachmentStatus, VpcId }];
      return {};
    },
  };
}

/** A VPC with what AWS makes beside each: its main route table and its default security group. */
export function addVpc(state: Ec2State, given: { VpcId: string; CidrBlock: string; Tags?: Ec2.Tag[] }): Ec2.Vpc {
  const OwnerId = state.base.place.accountId;
  const vpc: Ec2.Vpc = { ...given, OwnerId, State: "available", IsDefault: false, InstanceTenancy: "default" };
  state.vpcs.set(given.VpcId, vpc);
  const RouteTableId = state.newId("rtb");
  const RouteTableAssociationId = state.newId("rtbassoc");
  state.routeTables.set(RouteTableId, {
    RouteTableId,
    VpcId: given.VpcId,
    OwnerId,
    Associations: [{ Main: true, RouteTableId, RouteTableAssociationId, AssociationState: { State: "associated" } }],
    Routes: [
      { DestinationCidrBlock: given.CidrBlock, GatewayId: "local", State: "active", Origin: "CreateRouteTable" },
    ],
    Tags: [],
  });
  newDefaultGroup(state, given.VpcId);
  return vpc;
}

/** A subnet of a VPC that is there. */
export function addSubnet(
  state: Ec2State,
  given: { SubnetId: string; VpcId: string | undefined; CidrBlock: string; AvailabilityZone: string; Tags?: Ec2.Tag[] },
): Ec2.Subnet {
  const { accountId, region } = state.base.place;
  const subnet: Ec2.Subnet = {
    ...given,
    OwnerId: accountId,
    State: "available",
    AvailableIpAddressCount: 251,
    MapPublicIpOnLaunch: false,
    SubnetArn: `arn:aws:ec2:${region}:${accountId}:subnet/${given.SubnetId}`,
  };
  state.subnets.set(given.SubnetId, subnet);
  return subnet;
}

function cidrOf(cidr: string | undefined): string {
  if (cidr === undefined)
    throw new AwsError("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.");
  if (!CIDR.test(cidr))
    throw new AwsError(
      "InvalidParameterValue",
      `Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    );
  return cidr;
}
