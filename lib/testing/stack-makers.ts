import type { Made, Maker } from "./stack.ts";

/** One call of an AWS service by the operation's name, with the SDK's input. */
export type Call = (service: string, operation: string, input: object) => Promise<Record<string, unknown>>;

type Properties = Readonly<Record<string, unknown>>;

/** What is not simulated: its templates are read and checked, and nothing of it is made. */
const NOT_SIMULATED = [
  "AWS::CloudWatch::Alarm",
  "AWS::Events::Rule",
  "AWS::SQS::Queue",
  "AWS::SQS::QueuePolicy",
  "AWS::SNS::Topic",
  "AWS::RDS::DBInstance",
  "AWS::RDS::DBSubnetGroup",
  "AWS::SecretsManager::Secret",
  "AWS::SecretsManager::SecretTargetAttachment",
];

/** For every type of the templates in deploy/aws, through the SDK's own calls. For tests. */
export function createMakers(call: Call): Readonly<Record<string, Maker>> {
  const tags = (kind: string, { Tags }: Properties) =>
    Tags ? { TagSpecifications: [{ ResourceType: kind, Tags }] } : {};
  let roles = 0;
  const nextRole = () => `made-by-stack-${++roles}-${Math.random().toString(36).slice(2, 8)}`;
  const ecs = (operation: string, properties: Properties) => call("ecs", operation, lowered(properties) as object);
  return {
    ...Object.fromEntries(
      NOT_SIMULATED.map((type): [string, Maker] => [
        type,
        async () => made(type, { Arn: type, "Endpoint.Address": "db", "Endpoint.Port": "1" }),
      ]),
    ),
    "AWS::EC2::VPC": async (given) => {
      const { CidrBlock } = given;
      return made(idOf(await call("ec2", "CreateVpc", { CidrBlock, ...tags("vpc", given) }), "Vpc", "VpcId"));
    },
    "AWS::EC2::InternetGateway": async () =>
      made(idOf(await call("ec2", "CreateInternetGateway", {}), "InternetGateway", "InternetGatewayId")),
    "AWS::EC2::VPCGatewayAttachment": async (given) => {
      await call("ec2", "AttachInternetGateway", given);
      return made("attached");
    },
    "AWS::EC2::Subnet": async ({ Tags, ...given }) =>
      made(idOf(await call("ec2", "CreateSubnet", { ...given, ...tags("subnet", { Tags }) }), "Subnet", "SubnetId")),
    "AWS::EC2::RouteTable": async ({ VpcId }) =>
      made(idOf(await call("ec2", "CreateRouteTable", { VpcId }), "RouteTable", "RouteTableId")),
    "AWS::EC2::Route": async (given) => {
      await call("ec2", "CreateRoute", given);
      return made("route");
    },
    "AWS::EC2::SubnetRouteTableAssociation": async (given) =>
      made(String((await call("ec2", "AssociateRouteTable", given)).AssociationId)),
    "AWS::EC2::VPCEndpoint": async (given) =>
      made(idOf(await call("ec2", "CreateVpcEndpoint", given), "VpcEndpoint", "VpcEndpointId")),
    "AWS::EC2::SecurityGroup": async ({
      GroupDescription: Description,
      GroupName = "made",
      VpcId,
      SecurityGroupIngress = [],
    }) => {
      const { GroupId } = await call("ec2", "CreateSecurityGroup", { Description, GroupName, VpcId });
      for (const rule of SecurityGroupIngress as { CidrIp?: string; SourceSecurityGroupId?: string }[]) {
        const { CidrIp, SourceSecurityGroupId, ...ports } = rule;
        const from = CidrIp ? { IpRanges: [{ CidrIp }] } : { UserIdGroupPairs: [{ GroupId: SourceSecurityGroupId }] };
        const IpPermissions = [{ ...(numbered(ports) as object), ...from }];
        await call("ec2", "AuthorizeSecurityGroupIngress", { GroupId, IpPermissions });
      }
      return made(String(GroupId), { GroupId: String(GroupId) });
    },
    "AWS::ECR::Repository": async ({ RepositoryName, ImageTagMutability, ImageScanningConfiguration }) => {
      const { ScanOnPush } = ImageScanningConfiguration as { ScanOnPush: boolean };
      const input = { repositoryName: RepositoryName, imageTagMutability: ImageTagMutability };
      const answer = await call("ecr", "CreateRepository", {
        ...input,
        imageScanningConfiguration: { scanOnPush: ScanOnPush },
      });
      return made(String(RepositoryName), { RepositoryUri: idOf(answer, "repository", "repositoryUri") });
    },
    "AWS::ECS::Cluster": async ({ ClusterName }) => {
      const answer = await call("ecs", "CreateCluster", { clusterName: ClusterName });
      return made(String(ClusterName), { Arn: idOf(answer, "cluster", "clusterArn") });
    },
    "AWS::ECS::Service": async (given) => {
      const answer = await ecs("CreateService", given);
      return made(idOf(answer, "service", "serviceArn"), { Name: idOf(answer, "service", "serviceName") });
    },
    "AWS::ECS::TaskSet": async (given) => {
      const id = idOf(await ecs("CreateTaskSet", given), "taskSet", "id");
      return made(id, { Id: id });
    },
    "AWS::ECS::PrimaryTaskSet": async ({ TaskSetId, ...given }) => {
      await ecs("UpdateServicePrimaryTaskSet", { ...given, PrimaryTaskSet: TaskSetId });
      return made("primary");
    },
    "AWS::ElasticLoadBalancingV2::LoadBalancer": async ({ LoadBalancerAttributes: _attributes, ...given }) => {
      const { LoadBalancers } = await call("elbv2", "CreateLoadBalancer", given);
      const [one] = LoadBalancers as [{ LoadBalancerArn: string; DNSName: string }];
      return made(one.LoadBalancerArn, {
        DNSName: one.DNSName,
        LoadBalancerFullName: one.LoadBalancerArn.split("loadbalancer/")[1] ?? "",
      });
    },
    "AWS::ElasticLoadBalancingV2::TargetGroup": async ({ TargetGroupAttributes, ...given }) => {
      const { TargetGroups } = await call("elbv2", "CreateTargetGroup", numbered(given));
      const [{ TargetGroupArn }] = TargetGroups as [{ TargetGroupArn: string }];
      await call("elbv2", "ModifyTargetGroupAttributes", { TargetGroupArn, Attributes: TargetGroupAttributes });
      return made(TargetGroupArn, { TargetGroupFullName: TargetGroupArn.split(":").at(-1) ?? "" });
    },
    "AWS::ElasticLoadBalancingV2::Listener": async (given) => {
      const { Listeners } = await call("elbv2", "CreateListener", numbered(given));
      const [{ ListenerArn }] = Listeners as [{ ListenerArn: string }];
      return made(ListenerArn, { ListenerArn });
    },
    "AWS::IAM::Role": async ({
      RoleName = nextRole(),
      AssumeRolePolicyDocument,
      ManagedPolicyArns = [],
      Policies = [],
    }) => {
      const answer = await call("iam", "CreateRole", {
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
      });
      for (const PolicyArn of ManagedPolicyArns as string[])
        await call("iam", "AttachRolePolicy", { RoleName, PolicyArn });
      for (const { PolicyName, PolicyDocument } of Policies as { PolicyName: string; PolicyDocument: object }[])
        await call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
      return made(String(RoleName), { Arn: idOf(answer, "Role", "Arn") });
    },
    "AWS::IAM::RolePolicy": async ({ PolicyDocument, ...given }) => {
      await call("iam", "PutRolePolicy", { ...given, PolicyDocument: JSON.stringify(PolicyDocument) });
      return made("policy");
    },
    "AWS::IAM::OIDCProvider": async ({ Url, ClientIdList }) =>
      made(
        String(
          (await call("iam", "CreateOpenIDConnectProvider", { Url, ClientIDList: ClientIdList }))
            .OpenIDConnectProviderArn,
        ),
      ),
    "AWS::Logs::LogGroup": async ({ LogGroupName, RetentionInDays }) => {
      await call("logs", "CreateLogGroup", { logGroupName: LogGroupName });
      await call("logs", "PutRetentionPolicy", {
        logGroupName: LogGroupName,
        retentionInDays: Number(RetentionInDays),
      });
      return made(String(LogGroupName), { Arn: String(LogGroupName) });
    },
    "AWS::CodeDeploy::Application": async ({ ApplicationName, ComputePlatform }) => {
      await call("deploy", "CreateApplication", { applicationName: ApplicationName, computePlatform: ComputePlatform });
      return made(String(ApplicationName));
    },
    "AWS::CodeDeploy::DeploymentGroup": async (given) => {
      const { eCSServices: ecsServices, ...rest } = lowered(given) as Record<string, unknown>;
      await call("deploy", "CreateDeploymentGroup", { ...rest, ecsServices });
      return made(String(given.DeploymentGroupName));
    },
  };
}

function made(ref: string, attributes: Readonly<Record<string, string>> = {}): Made {
  return { ref, attributes };
}

function idOf(answer: Record<string, unknown>, member: string, id: string): string {
  // Safe because the sandbox answers with AWS's own shapes; anything else shows as "undefined" in what comes next.
  return String((answer[member] as Record<string, unknown>)[id]);
}

const NUMBERS = /^(?:Port|FromPort|ToPort|Weight|\w*Count|\w*Seconds|\w*Minutes|containerPort|desiredCount|value)$/i;

/** CloudFormation takes numbers as text; the SDK does not. */
function numbered(value: object): object {
  // Safe because an object stays one.
  return mapped(value, (key) => key) as object;
}

/** Members as ECS and CodeDeploy call them. */
function lowered(value: unknown): unknown {
  // The one member that CloudFormation's task sets write otherwise than its services.
  return mapped(value, (key) =>
    key === "AwsVpcConfiguration" ? "awsvpcConfiguration" : key.slice(0, 1).toLowerCase() + key.slice(1),
  );
}

function mapped(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => mapped(one, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      rename(key),
      NUMBERS.test(key) && typeof inner === "string" && /^[\d.]+$/.test(inner) ? Number(inner) : mapped(inner, rename),
    ]),
  );
}
