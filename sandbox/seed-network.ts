/** The network of every seeded world. */
export const SEED_VPC = "vpc-0a1b2c3d4e5f60001";
/** Of the seeded load balancers and tasks, one in each zone. */
export const SEED_SUBNETS = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
/** Who may reach whom: everybody the load balancer, that the tasks, these the database. */
export const SEED_SECURITY_GROUPS = {
  loadBalancer: "sg-0a1b2c3d4e5f60001",
  tasks: "sg-0a1b2c3d4e5f60002",
  database: "sg-0a1b2c3d4e5f60003",
};

/** A seeded subnet, also before its network is there. */
export function findSeedSubnet(id: string, region: string) {
  const index = SEED_SUBNETS.indexOf(id);
  return index < 0 ? null : { vpcId: SEED_VPC, zone: `${region}${"ab"[index]}`, hasInternetGateway: true };
}
