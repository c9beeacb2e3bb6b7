import type { Service } from "@aws-sdk/client-ecs";

/**
 * How requests reach a service's tasks without its load balancer: "Service Connect (library:8080)", "Cloud Map (srv-0abc)",
 * "VPC Lattice (library-blue)"; one of the former generation has neither rules nor weights, "Classic ELB (library-elb)".
 * Empty where none do.
 */
export function entrancesBesides({
  deployments = [],
  loadBalancers = [],
  serviceRegistries = [],
  taskSets = [],
}: Service): string[] {
  const newest = deployments.find(({ status }) => status === "PRIMARY") ?? deployments[0];
  const connect = newest?.serviceConnectConfiguration;
  const connected = (connect?.enabled ? connect.services : undefined) ?? [];
  const registries = [...serviceRegistries, ...taskSets.flatMap((set) => set.serviceRegistries ?? [])];
  const balancers = [...loadBalancers, ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
  const lattice = newest?.vpcLatticeConfigurations ?? [];
  return [
    ...named(
      "Service Connect",
      connected.flatMap(({ clientAliases = [], discoveryName, portName }) => {
        const name = discoveryName ?? portName;
        return clientAliases.length > 0
          ? clientAliases.map(({ dnsName, port }) => `${dnsName ?? name}:${port}`)
          : [name ?? ""];
      }),
    ),
    ...named(
      "Cloud Map",
      registries.map(({ registryArn }) => lastPart(registryArn)),
    ),
    ...named(
      "Classic ELB",
      balancers.flatMap(({ loadBalancerName }) => loadBalancerName || []),
    ),
    ...named(
      "VPC Lattice",
      lattice.map(({ targetGroupArn }) => lastPart(targetGroupArn)),
    ),
  ];
}

function named(by: string, names: readonly string[]): string[] {
  return names.length > 0 ? [`${by} (${[...new Set(names)].join(", ")})`] : [];
}

function lastPart(arn: string | undefined): string {
  return arn?.slice(arn.lastIndexOf("/") + 1) ?? "";
}
