import { CreateSubnetCommand, CreateVpcCommand, EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  type ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

/** For tests: what a service with two sides stands behind. */
export interface Pair {
  vpcId: string;
  loadBalancerArn: string;
  /** The sides' target groups. */
  blue: string;
  green: string;
}

/** For tests: a load balancer "web" with the groups "web-blue" and "web-green", which no listener names yet. */
export async function createPair(config: EC2ClientConfig, elb: ElasticLoadBalancingV2Client): Promise<Pair> {
  const { vpcId, subnets } = await createNetwork(new EC2Client(config));
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: "web", Subnets: subnets, Scheme: "internal" }),
  );
  const blue = await createGroup(elb, "web-blue", vpcId);
  const green = await createGroup(elb, "web-green", vpcId);
  return { vpcId, loadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn ?? "", blue, green };
}

async function createNetwork(ec2: EC2Client): Promise<{ vpcId: string; subnets: string[] }> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const vpcId = Vpc?.VpcId ?? "";
  const subnets: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `10.0.${index}.0/24`,
        AvailabilityZone: `${await ec2.config.region()}${zone}`,
      }),
    );
    subnets.push(Subnet?.SubnetId ?? "");
  }
  ec2.destroy();
  return { vpcId, subnets };
}

async function createGroup(elb: ElasticLoadBalancingV2Client, Name: string, VpcId: string): Promise<string> {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name,
      VpcId,
      Protocol: "HTTP",
      Port: 8081,
      TargetType: "ip",
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
    }),
  );
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? "";
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "5" }];
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  return TargetGroupArn;
}
