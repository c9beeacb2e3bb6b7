import { createAws } from "../lib/aws/aws.ts";
import { propose } from "../lib/domain/discovery/propose.ts";
import { discover } from "../lib/gather/discover.ts";
import { gatherReadiness } from "../lib/gather/gather-readiness.ts";
import { subjectOf } from "../lib/gather/readiness-subject.ts";
import { libraryConfig } from "../lib/testing/library-world.ts";
import { createSandbox, type Sandbox } from "../sandbox/sandbox.ts";
import { createCaller } from "../sandbox/seed-caller.ts";
import type { Figure } from "./figure.ts";

const REGION = "ap-northeast-2";
const PAIRS = 250;
const PAIRS_A_BALANCER = 25;
const LOOKS_AT_50 = 50;

/** Readiness of one application and of fifty, and discovery over 500 services: with AWS's throttles and the product's budgets. */
export async function measureReadiness(): Promise<Figure[]> {
  process.env.AWS_ACCESS_KEY_ID ??= "bench";
  process.env.AWS_SECRET_ACCESS_KEY ??= "bench";
  return [...(await measureLooks()), ...(await measureDiscovery())];
}

async function measureLooks(): Promise<Figure[]> {
  const sandbox = await createSandbox({ seed: "paired", ecs: { virtual: true } });
  const aws = createAws({ region: REGION, endpoint: sandbox.url });
  const subject = subjectOf(libraryConfig(), REGION);
  const look = () => gatherReadiness(aws, subject, { state: "seen", value: [] }, Date.now);
  try {
    // The first call of a process loads the SDK's clients.
    await aws.inventory.getIdentity("logs");
    const [seconds, calls] = await timed(sandbox, look);
    const [all, , throttled] = await timed(sandbox, async () => {
      for (let turn = 0; turn < LOOKS_AT_50; turn += 1) await look();
    });
    return [
      { name: "readiness of one application", value: seconds, unit: "s", target: { kind: "<=", value: 3 } },
      { name: "calls of one readiness", value: calls, unit: "calls", target: { kind: "<=", value: 40 } },
      { name: `readiness of ${LOOKS_AT_50} applications, one after another`, value: all, unit: "s", target: null },
      { name: "calls that AWS throttled meanwhile", value: throttled, unit: "calls", target: { kind: "=", value: 0 } },
    ];
  } finally {
    aws.destroy();
    await sandbox.close();
  }
}

async function measureDiscovery(): Promise<Figure[]> {
  const sandbox = await createSandbox({ seed: "empty", ecs: { virtual: true } });
  const aws = createAws({ region: REGION, endpoint: sandbox.url });
  try {
    await buildPairs(sandbox);
    let found = 0;
    const [seconds, calls, throttled] = await timed(sandbox, async () => {
      found = propose(await discover(aws)).proposals.length;
    });
    const note = `${calls} calls, ${throttled} throttled, ${found} applications proposed`;
    return [
      { name: `init over ${2 * PAIRS} services`, value: seconds, unit: "s", target: { kind: "<=", value: 60 }, note },
    ];
  } finally {
    aws.destroy();
    await sandbox.close();
  }
}

/** Seconds, calls and throttled calls of some work. */
async function timed(sandbox: Sandbox, work: () => Promise<unknown>): Promise<[number, number, number]> {
  const sum = () =>
    Object.values(sandbox.calls.counts()).reduce(
      (total, { count, throttled }) => ({ count: total.count + count, throttled: total.throttled + throttled }),
      { count: 0, throttled: 0 },
    );
  const before = sum();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const after = sum();
  return [seconds, after.count - before.count, after.throttled - before.throttled];
}

/** Paired services without tasks behind rules of shared load balancers, straight through the sandbox's handlers. */
async function buildPairs(sandbox: Sandbox): Promise<void> {
  const call = createCaller();
  const vpc = await call<{ Vpc: { VpcId: string } }>(sandbox.ec2, "CreateVpc", { CidrBlock: "10.0.0.0/16" });
  const { VpcId } = vpc.Vpc;
  const gateway = await call<{ InternetGateway: { InternetGatewayId: string } }>(
    sandbox.ec2,
    "CreateInternetGateway",
    {},
  );
  await call(sandbox.ec2, "AttachInternetGateway", { ...gateway.InternetGateway, VpcId });
  const Subnets: string[] = [];
  for (const zone of ["a", "b"]) {
    const input = { VpcId, CidrBlock: `10.0.${Subnets.length}.0/24`, AvailabilityZone: `${REGION}${zone}` };
    Subnets.push((await call<{ Subnet: { SubnetId: string } }>(sandbox.ec2, "CreateSubnet", input)).Subnet.SubnetId);
  }
  const ecs = sandbox.ecs.service;
  const elb = sandbox.elb.service;
  await call(ecs, "CreateCluster", { clusterName: "bench" });
  await call(ecs, "RegisterTaskDefinition", {
    ...{ family: "bench", networkMode: "awsvpc", cpu: "256", memory: "512" },
    requiresCompatibilities: ["FARGATE"],
    containerDefinitions: [{ name: "app", image: "bench:1", portMappings: [{ containerPort: 8081 }] }],
  });
  let ListenerArn = "";
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const groups: { TargetGroupArn: string; Weight: number }[] = [];
    for (const color of ["blue", "green"]) {
      const input = { Name: `app-${pair}-${color}`, VpcId, Protocol: "HTTP", Port: 8081, TargetType: "ip" };
      const made = await call<{ TargetGroups: [{ TargetGroupArn: string }] }>(elb, "CreateTargetGroup", input);
      groups.push({ TargetGroupArn: made.TargetGroups[0].TargetGroupArn, Weight: color === "blue" ? 100 : 0 });
    }
    const forward = [{ Type: "forward", ForwardConfig: { TargetGroups: groups } }];
    if (pair % PAIRS_A_BALANCER === 0) {
      const input = { Name: `bench-${pair}`, Subnets };
      const balancer = await call<{ LoadBalancers: [{ LoadBalancerArn: string }] }>(elb, "CreateLoadBalancer", input);
      const { LoadBalancerArn } = balancer.LoadBalancers[0];
      const listener = { LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions: forward };
      const made = await call<{ Listeners: [{ ListenerArn: string }] }>(elb, "CreateListener", listener);
      ({ ListenerArn } = made.Listeners[0]);
    } else {
      const Conditions = [{ Field: "host-header", Values: [`app-${pair}.example.com`] }];
      const Priority = 1 + (pair % PAIRS_A_BALANCER);
      await call(elb, "CreateRule", { ListenerArn, Priority, Conditions, Actions: forward });
    }
    for (const [index, color] of ["blue", "green"].entries())
      await call(ecs, "CreateService", {
        ...{ cluster: "bench", serviceName: `app-${pair}-${color}`, taskDefinition: "bench", desiredCount: 0 },
        ...{ launchType: "FARGATE", networkConfiguration: { awsvpcConfiguration: { subnets: Subnets } } },
        loadBalancers: [{ targetGroupArn: groups[index]?.TargetGroupArn, containerName: "app", containerPort: 8081 }],
      });
  }
}
