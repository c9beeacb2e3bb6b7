import type * as Ec2 from "@aws-sdk/client-ec2";
import { AwsError, type SandboxBase } from "../service.ts";

/** Everything that simulated EC2 knows, by id. */
export class Ec2State {
  readonly base: SandboxBase;
  readonly vpcs = new Map<string, Ec2.Vpc>();
  readonly subnets = new Map<string, Ec2.Subnet>();
  readonly routeTables = new Map<string, Ec2.RouteTable>();
  readonly endpoints = new Map<string, Ec2.VpcEndpoint>();
  readonly securityGroups = new Map<string, Ec2.SecurityGroup>();
  readonly internetGateways = new Map<string, Ec2.InternetGateway>();

  private readonly hasTasks: (id: string) => boolean;

  /** `hasTasks` says whether a task stands in the subnet or security group of this id. */
  constructor(base: SandboxBase, hasTasks: (id: string) => boolean = () => false) {
    this.base = base;
    this.hasTasks = hasTasks;
  }

  /** Whether a task or an endpoint stands in it. Load balancers are not looked at. */
  isUsed(id: string): boolean {
    const endpoints = [...this.endpoints.values()];
    return (
      this.hasTasks(id) ||
      endpoints.some(({ SubnetIds, Groups }) => SubnetIds?.includes(id) || Groups?.some((one) => one.GroupId === id))
    );
  }

  /** An id as EC2 makes them: the kind and 17 hexadecimal digits. */
  newId(kind: string): string {
    let digits = "0";
    while (digits.length < 17) digits += Math.floor(this.base.random() * 16).toString(16);
    return `${kind}-${digits}`;
  }

  getVpc(id: string | undefined): Ec2.Vpc {
    return get(this.vpcs, id, "InvalidVpcID.NotFound", "vpc ID");
  }

  getSubnet(id: string | undefined): Ec2.Subnet {
    return get(this.subnets, id, "InvalidSubnetID.NotFound", "subnet ID");
  }

  getRouteTable(id: string | undefined): Ec2.RouteTable {
    return get(this.routeTables, id, "InvalidRouteTableID.NotFound", "routeTable ID");
  }

  getInternetGateway(id: string | undefined): Ec2.InternetGateway {
    return get(this.internetGateways, id, "InvalidInternetGatewayID.NotFound", "internetGateway ID");
  }

  getSecurityGroup(id: string | undefined): Ec2.SecurityGroup {
    const found = this.securityGroups.get(id ?? "");
    if (found) return found;
    throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
  }

  clear(): void {
    for (const map of [
      this.vpcs,
      this.subnets,
      this.routeTables,
      this.endpoints,
      this.securityGroups,
      this.internetGateways,
    ])
      map.clear();
  }
}

function get<T>(map: ReadonlyMap<string, T>, id: string | undefined, code: string, what: string): T {
  const found = map.get(id ?? "");
  if (found) return found;
  throw new AwsError(code, `The ${what} '${id}' does not exist`);
}

/** The tags that a create asks for its kind of resource. */
export function tagsFor(specifications: readonly Ec2.TagSpecification[] | undefined, kind: string): Ec2.Tag[] {
  for (const { ResourceType } of specifications ?? [])
    if (ResourceType !== kind)
      throw new AwsError(
        "InvalidParameterValue",
        `'${ResourceType}' is not a valid taggable resource type for this operation`,
      );
  return (specifications ?? []).flatMap(({ Tags }) => Tags ?? []);
}
