import type { CliArgument } from "../manual/cli-command.ts";
import { say } from "../sentence/sentence.ts";
import type { Fix } from "./readiness.ts";
import { byCommands, type Shell, shellFor, variable } from "./shell.ts";
import type { Subject } from "./subject.ts";

const VPC_CIDR = "10.0.0.0/16";
const SUBNET_CIDRS = ["10.0.0.0/24", "10.0.1.0/24"];
const DATABASE_PORT = 3306;
const EVERYBODY = "0.0.0.0/0";

/** The security groups that one application's parts have. */
const groupName = (application: string, part: "alb" | "ecs-task" | "rds") => `${application}-${part}-sg`;

/** Takes the id of the application's network into `VPC`. */
export function takeVpc({ take }: Shell, { application }: Subject): string {
  const filter = `Name=tag:Name,Values=${application}-vpc`;
  return take("VPC", "Vpcs[0].VpcId", "ec2", "describe-vpcs", "--filters", filter);
}

/** Takes the ids of its two public subnets into `SUBNET_1` and `SUBNET_2`; `VPC` is known. */
export function takeSubnets({ take }: Shell, { application }: Subject): string[] {
  return [1, 2].map((number) =>
    take(
      ...([`SUBNET_${number}`, "Subnets[0].SubnetId", "ec2", "describe-subnets", "--filters"] as const),
      ...([["Name=vpc-id,Values=", variable("VPC")], `Name=tag:Name,Values=${application}-public-${number}`] as const),
    ),
  );
}

/** Takes the id of one of its security groups into a variable; `VPC` is known. */
export function takeGroup({ take }: Shell, { application }: Subject, part: "alb" | "ecs-task", into: string): string {
  return take(
    ...([into, "SecurityGroups[0].GroupId", "ec2", "describe-security-groups", "--filters"] as const),
    ...([["Name=vpc-id,Values=", variable("VPC")], `Name=group-name,Values=${groupName(application, part)}`] as const),
  );
}

/** A VPC with two public subnets, and who may reach whom in it. */
export function fixNetwork(subject: Subject): Fix {
  const shell = shellFor(subject.region);
  const words = say("readinessStep.fix.network");
  return byCommands("security-groups.yaml", [...makeVpc(shell, subject), ...makeGroups(shell, subject)], words);
}

function makeVpc({ run, take }: Shell, { application }: Subject): string[] {
  const named = (type: string, name: string) => `ResourceType=${type},Tags=[{Key=Name,Value=${application}-${name}}]`;
  const ofVpc: CliArgument = ["Name=vpc-id,Values=", variable("VPC")];
  const subnets = SUBNET_CIDRS.flatMap((cidr, index) => [
    take(
      ...(["ZONE", `AvailabilityZones[${index}].ZoneName`, "ec2", "describe-availability-zones"] as const),
      ...(["--filters", "Name=zone-type,Values=availability-zone"] as const),
    ),
    run(
      ...["ec2", "create-subnet", "--vpc-id", variable("VPC"), "--cidr-block", cidr, "--availability-zone"],
      ...[variable("ZONE"), "--tag-specifications", named("subnet", `public-${index + 1}`)],
    ),
  ]);
  return [
    take(
      ...(["VPC", "Vpc.VpcId", "ec2", "create-vpc", "--cidr-block", VPC_CIDR] as const),
      ...(["--tag-specifications", named("vpc", "vpc")] as const),
    ),
    ...subnets,
    take("GATEWAY", "InternetGateway.InternetGatewayId", "ec2", "create-internet-gateway"),
    run(
      ...["ec2", "attach-internet-gateway", "--internet-gateway-id", variable("GATEWAY")],
      ...["--vpc-id", variable("VPC")],
    ),
    take(
      ...(["ROUTES", "RouteTables[0].RouteTableId", "ec2", "describe-route-tables", "--filters"] as const),
      ...([ofVpc, "Name=association.main,Values=true"] as const),
    ),
    run(
      ...["ec2", "create-route", "--route-table-id", variable("ROUTES")],
      ...["--destination-cidr-block", EVERYBODY, "--gateway-id", variable("GATEWAY")],
    ),
  ];
}

function makeGroups({ run, take }: Shell, { application, port, listenerPort }: Subject): string[] {
  const create = (into: string, part: "alb" | "ecs-task" | "rds", description: string) =>
    take(
      ...([into, "GroupId", "ec2", "create-security-group", "--vpc-id", variable("VPC")] as const),
      ...(["--group-name", groupName(application, part), "--description", description] as const),
    );
  const allow = (group: string, at: number, source: CliArgument) =>
    run(
      ...["ec2", "authorize-security-group-ingress", "--group-id", variable(group), "--ip-permissions"],
      [`IpProtocol=tcp,FromPort=${at},ToPort=${at},`, ...(Array.isArray(source) ? source : [source])].flat(),
    );
  const from = (group: string): CliArgument => ["UserIdGroupPairs=[{GroupId=", variable(group), "}]"];
  return [
    create("BALANCER_GROUP", "alb", "Load balancer"),
    create("TASK_GROUP", "ecs-task", "Tasks"),
    create("DATABASE_GROUP", "rds", "Database"),
    allow("BALANCER_GROUP", listenerPort ?? 80, `IpRanges=[{CidrIp=${EVERYBODY}}]`),
    allow("TASK_GROUP", port, from("BALANCER_GROUP")),
    allow("DATABASE_GROUP", DATABASE_PORT, from("TASK_GROUP")),
  ];
}
