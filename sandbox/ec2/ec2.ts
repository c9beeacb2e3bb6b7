import { AwsError, type Handler, type NetworkLookup, type SandboxBase, type SimulatedService } from "../service.ts";
import { Ec2State } from "./ec2-state.ts";
import { routeOperations } from "./route-operations.ts";
import { addSecurityGroup, securityGroupOperations } from "./security-group-operations.ts";
import { addSubnet, addVpc, vpcOperations } from "./vpc-operations.ts";

/** A network with ids that are known beforehand. */
interface SeedNetwork {
  vpcId: string;
  cidr: string;
  subnets: readonly { id: string; cidr: string; zone: string }[];
  securityGroups: readonly { id: string; name: string; description: string }[];
}

/** The simulated networks: what is there and what may reach what, without any packets. */
export interface Ec2Simulator {
  service: SimulatedService;
  /** Adds a network that was made earlier. */
  addNetwork(network: SeedNetwork): void;
  /** What load balancers stand in. */
  network: NetworkLookup & {
    /** Null when there is no such security group. */
    vpcOfGroup(id: string): string | null;
  };
  reset(): void;
}

/** What only asks whether it may is answered with an error, as AWS does, and changes nothing. */
function withDryRun(operations: Readonly<Record<string, Handler>>): Record<string, Handler> {
  const asked = Object.entries(operations).map(([name, handler]): [string, Handler] => [
    name,
    (input: { DryRun?: boolean }, call) => {
      if (input.DryRun)
        throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
      return handler(input, call);
    },
  ]);
  return Object.fromEntries(asked);
}

/** An account without any network. `hasTasks` says what cannot be deleted. */
export function createEc2(base: SandboxBase, hasTasks?: (id: string) => boolean): Ec2Simulator {
  const state = new Ec2State(base, hasTasks);
  return {
    service: {
      name: "ec2",
      operations: withDryRun({
        ...vpcOperations(state),
        ...routeOperations(state),
        ...securityGroupOperations(state),
      }),
    },
    addNetwork({ vpcId, cidr, subnets, securityGroups }) {
      addVpc(state, { VpcId: vpcId, CidrBlock: cidr, Tags: [{ Key: "Name", Value: "library-vpc" }] });
      for (const subnet of subnets)
        addSubnet(state, { SubnetId: subnet.id, VpcId: vpcId, CidrBlock: subnet.cidr, AvailabilityZone: subnet.zone });
      for (const { id, name, description } of securityGroups)
        addSecurityGroup(state, { GroupId: id, GroupName: name, Description: description, VpcId: vpcId, Tags: [] });
    },
    network: {
      findSubnet(id) {
        const subnet = state.subnets.get(id);
        if (!subnet) return null;
        const { VpcId: vpcId = "", AvailabilityZone: zone = "" } = subnet;
        const hasInternetGateway = [...state.internetGateways.values()].some(({ Attachments }) =>
          Attachments?.some((one) => one.VpcId === vpcId),
        );
        return { vpcId, zone, hasInternetGateway };
      },
      vpcOfGroup: (id) => state.securityGroups.get(id)?.VpcId ?? null,
      hasVpc: (id) => state.vpcs.has(id),
      hasSecurityGroup: (id) => state.securityGroups.has(id),
    },
    reset: () => state.clear(),
  };
}
