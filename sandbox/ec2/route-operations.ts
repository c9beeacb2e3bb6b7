import type * as Ec2 from "@aws-sdk/client-ec2";
import { AwsError, type Handler } from "../service.ts";
import { type Ec2State, tagsFor } from "./ec2-state.ts";
import { select } from "./select.ts";

/** Operations on route tables and VPC endpoints. */
export function routeOperations(state: Ec2State): Readonly<Record<string, Handler>> {
  const { accountId, region } = state.base.place;
  return {
    CreateRouteTable(input: Ec2.CreateRouteTableRequest): Ec2.CreateRouteTableResult {
      const { VpcId, CidrBlock } = state.getVpc(input.VpcId);
      const RouteTable: Ec2.RouteTable = {
        RouteTableId: state.newId("rtb"),
        VpcId,
        OwnerId: accountId,
        Associations: [],
        Routes: [{ DestinationCidrBlock: CidrBlock, GatewayId: "local", State: "active", Origin: "CreateRouteTable" }],
        Tags: tagsFor(input.TagSpecifications, "route-table"),
      };
      state.routeTables.set(RouteTable.RouteTableId ?? "", RouteTable);
      return { RouteTable };
    },

    CreateRoute(input: Ec2.CreateRouteRequest): Ec2.CreateRouteResult {
      const table = state.getRouteTable(input.RouteTableId);
      const target = input.GatewayId ?? input.NatGatewayId;
      if (input.DestinationCidrBlock === undefined || target === undefined)
        throw new AwsError("MissingParameter", "The request must contain a destination and a target");
      if (table.Routes?.some(({ DestinationCidrBlock }) => DestinationCidrBlock === input.DestinationCidrBlock))
        throw new AwsError(
          "RouteAlreadyExists",
          `The route identified by ${input.DestinationCidrBlock} already exists.`,
        );
      if (input.GatewayId?.startsWith("igw-")) state.getInternetGateway(input.GatewayId);
      table.Routes?.push({
        DestinationCidrBlock: input.DestinationCidrBlock,
        GatewayId: input.GatewayId,
        NatGatewayId: input.NatGatewayId,
        State: "active",
        Origin: "CreateRoute",
      });
      return { Return: true };
    },

    AssociateRouteTable(input: Ec2.AssociateRouteTableRequest): Ec2.AssociateRouteTableResult {
      const table = state.getRouteTable(input.RouteTableId);
      const { SubnetId } = state.getSubnet(input.SubnetId);
      for (const other of state.routeTables.values())
        if (other.Associations?.some((one) => one.SubnetId === SubnetId))
          throw new AwsError(
            "Resource.AlreadyAssociated",
            `The specified association for subnet ${SubnetId} conflicts with an existing association`,
          );
      const AssociationId = state.newId("rtbassoc");
      const AssociationState = { State: "associated" as const };
      const { RouteTableId } = table;
      table.Associations?.push({
        Main: false,
        RouteTableId,
        SubnetId,
        RouteTableAssociationId: AssociationId,
        AssociationState,
      });
      return { AssociationId, AssociationState };
    },

    DescribeRouteTables(input: Ec2.DescribeRouteTablesRequest): Ec2.DescribeRouteTablesResult {
      const filters = {
        "vpc-id": (table: Ec2.RouteTable) => table.VpcId,
        "association.subnet-id": (table: Ec2.RouteTable) => table.Associations?.map(({ SubnetId }) => SubnetId) ?? [],
        "association.main": (table: Ec2.RouteTable) => table.Associations?.map(({ Main }) => String(Main)) ?? [],
      };
      const find = (id: string) => state.getRouteTable(id);
      const { items, NextToken } = select(state.routeTables, input.RouteTableIds, input, filters, find);
      return { RouteTables: items, NextToken };
    },

    CreateVpcEndpoint(input: Ec2.CreateVpcEndpointRequest): Ec2.CreateVpcEndpointResult {
      const { VpcId } = state.getVpc(input.VpcId);
      const ServiceName = input.ServiceName ?? "";
      if (!ServiceName.startsWith(`com.amazonaws.${region}.`))
        throw new AwsError("InvalidServiceName", `The Vpc Endpoint Service '${ServiceName}' does not exist`);
      for (const id of input.SubnetIds ?? []) state.getSubnet(id);
      for (const id of input.RouteTableIds ?? []) state.getRouteTable(id);
      for (const id of input.SecurityGroupIds ?? []) state.getSecurityGroup(id);
      const VpcEndpoint: Ec2.VpcEndpoint = {
        VpcEndpointId: state.newId("vpce"),
        VpcEndpointType: input.VpcEndpointType ?? "Gateway",
        VpcId,
        ServiceName,
        State: "available" as Ec2.State,
        OwnerId: accountId,
        SubnetIds: input.SubnetIds ?? [],
        RouteTableIds: input.RouteTableIds ?? [],
        Groups: (input.SecurityGroupIds ?? []).map((GroupId) => ({ GroupId })),
        PrivateDnsEnabled: input.PrivateDnsEnabled ?? input.VpcEndpointType === "Interface",
        Tags: tagsFor(input.TagSpecifications, "vpc-endpoint"),
      };
      state.endpoints.set(VpcEndpoint.VpcEndpointId ?? "", VpcEndpoint);
      return { VpcEndpoint };
    },

    DescribeVpcEndpoints(input: Ec2.DescribeVpcEndpointsRequest): Ec2.DescribeVpcEndpointsResult {
      const filters = {
        "vpc-id": (endpoint: Ec2.VpcEndpoint) => endpoint.VpcId,
        "service-name": (endpoint: Ec2.VpcEndpoint) => endpoint.ServiceName,
        "vpc-endpoint-type": (endpoint: Ec2.VpcEndpoint) => endpoint.VpcEndpointType,
      };
      const find = (id: string): Ec2.VpcEndpoint => {
        const found = state.endpoints.get(id);
        if (found) return found;
        throw new AwsError("InvalidVpcEndpointId.NotFound", `The VpcEndPoint ID '${id}' does not exist`);
      };
      const { items, NextToken } = select(state.endpoints, input.VpcEndpointIds, input, filters, find);
      return { VpcEndpoints: items, NextToken };
    },
  };
}
