import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import { createEc2 } from "./ec2.ts";

let world: Awaited<ReturnType<typeof startEc2>>;

async function startEc2() {
  const server = await startTestServer({ services: [createEc2(testBase()).service] });
  const client = new EC2Client(server.clientConfig);
  return {
    client,
    url: server.url,
    async close() {
      client.destroy();
      await server.close();
    },
  };
}

beforeEach(async () => {
  world = await startEc2();
});
afterEach(() => world.close());

async function newVpc(): Promise<string> {
  const { Vpc } = await world.client.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  return Vpc?.VpcId ?? "";
}

async function newSubnet(VpcId: string, part: number, zone: string): Promise<string> {
  const input = { VpcId, CidrBlock: `10.0.${part}.0/24`, AvailabilityZone: `ap-northeast-2${zone}` };
  return (await world.client.send(new CreateSubnetCommand(input))).Subnet?.SubnetId ?? "";
}

it("makes a network and reads it back through the SDK's own client", async () => {
  const VpcId = await newVpc();
  const [one, other] = [await newSubnet(VpcId, 1, "a"), await newSubnet(VpcId, 2, "b")];
  const { Subnets } = await world.client.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }),
  );
  expect(Subnets).toMatchObject([
    { SubnetId: one, AvailabilityZone: "ap-northeast-2a", CidrBlock: "10.0.1.0/24", MapPublicIpOnLaunch: false },
    { SubnetId: other, AvailabilityZone: "ap-northeast-2b", AvailableIpAddressCount: 251 },
  ]);
  const table = (await world.client.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId ?? "";
  const made = await world.client.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = made.InternetGateway?.InternetGatewayId ?? "";
  await world.client.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  const route = { RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId };
  await world.client.send(new CreateRouteCommand(route));
  await world.client.send(new AssociateRouteTableCommand({ RouteTableId: table, SubnetId: one }));
  const { RouteTables } = await world.client.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: "association.subnet-id", Values: [one] }] }),
  );
  expect(RouteTables).toMatchObject([
    {
      RouteTableId: table,
      Associations: [{ SubnetId: one, Main: false }],
      Routes: [{ GatewayId: "local" }, { DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId }],
    },
  ]);
  const endpoint = { VpcId, ServiceName: "com.amazonaws.ap-northeast-2.s3", RouteTableIds: [table] };
  await world.client.send(new CreateVpcEndpointCommand(endpoint));
  const { VpcEndpoints } = await world.client.send(new DescribeVpcEndpointsCommand({}));
  expect(VpcEndpoints).toMatchObject([{ VpcEndpointType: "Gateway", State: "available", RouteTableIds: [table] }]);
});

it("keeps rules of security groups, refuses the same one twice and one that is not there", async () => {
  const VpcId = await newVpc();
  const create = (GroupName: string) =>
    world.client.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: GroupName }));
  const balancer = (await create("library-alb-sg")).GroupId ?? "";
  const tasks = (await create("library-ecs-task-sg")).GroupId ?? "";
  const IpPermissions = [
    { IpProtocol: "tcp", FromPort: 8081, ToPort: 8081, UserIdGroupPairs: [{ GroupId: balancer }] },
  ];
  const allow = () => world.client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: tasks, IpPermissions }));
  await allow();
  await expect(allow()).rejects.toMatchObject({ name: "InvalidPermission.Duplicate" });
  const { SecurityGroups } = await world.client.send(new DescribeSecurityGroupsCommand({ GroupIds: [tasks] }));
  expect(SecurityGroups?.[0]).toMatchObject({ GroupName: "library-ecs-task-sg", VpcId, IpPermissions });
  await world.client.send(new RevokeSecurityGroupIngressCommand({ GroupId: tasks, IpPermissions }));
  await expect(
    world.client.send(new RevokeSecurityGroupIngressCommand({ GroupId: tasks, IpPermissions })),
  ).rejects.toMatchObject({ name: "InvalidPermission.NotFound" });
  await expect(create("library-alb-sg")).rejects.toMatchObject({ name: "InvalidGroup.Duplicate" });
});

it("pages, and refuses ids together with a page size, unknown filters and unknown ids", async () => {
  const VpcId = await newVpc();
  for (let part = 1; part <= 7; part += 1) await newSubnet(VpcId, part, "a");
  const first = await world.client.send(new DescribeSubnetsCommand({ MaxResults: 5 }));
  const second = await world.client.send(new DescribeSubnetsCommand({ MaxResults: 5, NextToken: first.NextToken }));
  expect([first.Subnets?.length, second.Subnets?.length, second.NextToken]).toEqual([5, 2, undefined]);
  const refusals = [
    [new DescribeVpcsCommand({ VpcIds: [VpcId], MaxResults: 5 }), "InvalidParameterCombination"],
    [new DescribeVpcsCommand({ Filters: [{ Name: "colour", Values: ["blue"] }] }), "InvalidParameterValue"],
    [new DescribeVpcsCommand({ VpcIds: ["vpc-00000000000000000"] }), "InvalidVpcID.NotFound"],
    [new DescribeVpcsCommand({ MaxResults: 4 }), "InvalidParameterValue"],
  ] as const;
  for (const [command, name] of refusals) await expect(world.client.send(command)).rejects.toMatchObject({ name });
});

it("answers in EC2's own form: no result element, and a missing parameter by its name", async () => {
  const ask = (body: string) =>
    fetch(world.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/ap-northeast-2/ec2/aws4_request, Signature=0",
      },
      body,
    });
  const described = await (await ask("Action=DescribeVpcs&Version=2016-11-15")).text();
  expect(described).toContain('<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>');
  const refused = await ask("Action=CreateSecurityGroup&Version=2016-11-15&GroupDescription=x");
  expect(refused.status).toBe(400);
  expect(await refused.text()).toMatch(
    /<Response[^>]*><Errors><Error><Code>MissingParameter<\/Code><Message>The request must contain the parameter groupName<\/Message><\/Error><\/Errors><RequestID>/,
  );
});

it("answers a dry run with AWS's error and changes nothing", async () => {
  const asked = world.client.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", DryRun: true }));
  await expect(asked).rejects.toMatchObject({ name: "DryRunOperation", $metadata: { httpStatusCode: 412 } });
  expect((await world.client.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
});
