import type { Ec2Simulator } from "./ec2/ec2.ts";
import { createCaller } from "./seed-caller.ts";
import { findSeedSubnet, SEED_SECURITY_GROUPS, SEED_SUBNETS, SEED_VPC } from "./seed-network.ts";
import { PASSWORDS_AS_SECRETS } from "./seed-task-definition.ts";
import type { SandboxBase, SimulatedService } from "./service.ts";

/** What stands around the seeded applications. */
export interface SurroundingPorts {
  ec2: Ec2Simulator;
  ssm: SimulatedService;
  secretsmanager: SimulatedService;
  iam: SimulatedService;
  rds: SimulatedService;
}

/** Everything that tasks without a way to the internet need: S3 holds the layers of ECR's images. */
const INTERFACE_ENDPOINTS = ["ecr.api", "ecr.dkr", "logs", "ssm"];
const MANAGED = "arn:aws:iam::aws:policy";
const GITHUB = "token.actions.githubusercontent.com";

/** The network, the parameters and the roles of these applications, and what pipelines at GitHub sign in with. */
export async function seedSurroundings(
  { place }: SandboxBase,
  { ec2, ssm, secretsmanager, iam, rds }: SurroundingPorts,
  applications: readonly string[],
): Promise<void> {
  const call = createCaller();
  const { loadBalancer, tasks, database } = SEED_SECURITY_GROUPS;
  ec2.addNetwork({
    vpcId: SEED_VPC,
    cidr: "10.0.0.0/16",
    subnets: SEED_SUBNETS.map((id, index) => ({
      id,
      cidr: `10.0.${index + 1}.0/24`,
      zone: findSeedSubnet(id, place.region)?.zone ?? "",
    })),
    securityGroups: [
      { id: loadBalancer, name: "library-alb-sg", description: "Load balancers" },
      { id: tasks, name: "library-ecs-task-sg", description: "Tasks" },
      { id: database, name: "library-rds-sg", description: "Database" },
    ],
  });
  const allow = (GroupId: string, FromPort: number, ToPort: number, source: string) => {
    const isGroup = source.startsWith("sg-");
    const IpRanges = isGroup ? [] : [{ CidrIp: source }];
    const UserIdGroupPairs = isGroup ? [{ GroupId: source }] : [];
    const IpPermissions = [{ IpProtocol: "tcp", FromPort, ToPort, IpRanges, UserIdGroupPairs }];
    return call(ec2.service, "AuthorizeSecurityGroupIngress", { GroupId, IpPermissions });
  };
  await allow(loadBalancer, 80, 81, "0.0.0.0/0");
  for (let port = 8081; port <= 8085; port += 1) await allow(tasks, port, port, loadBalancer);
  await allow(tasks, 443, 443, tasks);
  await allow(database, 3306, 3306, tasks);
  await call(rds, "CreateDBInstance", {
    ...{ DBInstanceIdentifier: "library-db", DBInstanceClass: "db.t4g.micro", Engine: "mysql" },
    ...{ MasterUsername: "library", ManageMasterUserPassword: true, AllocatedStorage: 20, StorageEncrypted: true },
    VpcSecurityGroupIds: [database],
  });
  const tables = await call<{ RouteTables: { RouteTableId: string }[] }>(ec2.service, "DescribeRouteTables", {});
  const RouteTableId = tables.RouteTables[0]?.RouteTableId ?? "";
  const made = await call<{ InternetGateway: { InternetGatewayId: string } }>(ec2.service, "CreateInternetGateway", {});
  const { InternetGatewayId } = made.InternetGateway;
  await call(ec2.service, "AttachInternetGateway", { InternetGatewayId, VpcId: SEED_VPC });
  const everywhere = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId };
  await call(ec2.service, "CreateRoute", everywhere);
  for (const name of INTERFACE_ENDPOINTS)
    await call(ec2.service, "CreateVpcEndpoint", {
      VpcId: SEED_VPC,
      VpcEndpointType: "Interface",
      ServiceName: `com.amazonaws.${place.region}.${name}`,
      SubnetIds: SEED_SUBNETS,
      SecurityGroupIds: [tasks],
      PrivateDnsEnabled: true,
    });
  await call(ec2.service, "CreateVpcEndpoint", {
    VpcId: SEED_VPC,
    ServiceName: `com.amazonaws.${place.region}.s3`,
    RouteTableIds: [RouteTableId],
  });

  for (const name of applications) {
    for (const [key, Value] of Object.entries({
      url: "jdbc:mysql://library-db:3306/app",
      username: "app",
      password: "made-up",
    }))
      if (key === "password" && PASSWORDS_AS_SECRETS.has(name))
        await call(secretsmanager, "CreateSecret", { Name: `${name}/db/password`, SecretString: Value });
      else await call(ssm, "PutParameter", { Name: `/${name}/db/${key}`, Type: "SecureString", Value });
    await role(`${name}-task-execution`, "ecs-tasks.amazonaws.com", "service-role/AmazonECSTaskExecutionRolePolicy");
    const Resource = `arn:aws:ssm:${place.region}:${place.accountId}:parameter/${name}/*`;
    const secret = `arn:aws:secretsmanager:${place.region}:${place.accountId}:secret:${name}/*`;
    const Statement = [
      { Effect: "Allow", Action: ["ssm:GetParameters"], Resource },
      ...(PASSWORDS_AS_SECRETS.has(name)
        ? [{ Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: secret }]
        : []),
    ];
    await call(iam, "PutRolePolicy", {
      RoleName: `${name}-task-execution`,
      PolicyName: "parameters",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
    });
    await role(`${name}-task`, "ecs-tasks.amazonaws.com", null);
  }
  await role("ecs-infrastructure", "ecs.amazonaws.com", "AmazonECSInfrastructureRolePolicyForLoadBalancers");
  await role("codedeploy", "codedeploy.amazonaws.com", "AWSCodeDeployRoleForECS");
  await call(iam, "CreateOpenIDConnectProvider", { Url: `https://${GITHUB}`, ClientIDList: ["sts.amazonaws.com"] });

  async function role(RoleName: string, Service: string, managed: string | null): Promise<void> {
    const trust = { Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    await call(iam, "CreateRole", { RoleName, AssumeRolePolicyDocument });
    if (managed) await call(iam, "AttachRolePolicy", { RoleName, PolicyArn: `${MANAGED}/${managed}` });
  }
}
