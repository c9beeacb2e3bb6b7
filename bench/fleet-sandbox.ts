/* A local AWS with AWS's throttles on and many applications in it, in a process of its own; `startFleetSandbox` starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { createSandbox, type Sandbox } from "../sandbox/sandbox.ts";
import { createCaller } from "../sandbox/seed-caller.ts";
import type { SimulatedService } from "../sandbox/service.ts";
import { endProcess } from "./local-process.ts";

const CLUSTER = "fleet";
/** Rules of one listener. */
const APPLICATIONS_A_BALANCER = 50;
const TASKS = 2;
const SETTLE_MS = 500;

/** The local AWS of a fleet. */
export interface FleetSandbox {
  url: string;
  /** What goes into switchyard.yaml. */
  applications: object[];
  stop(): Promise<void>;
}

/** Resolves once every task of `count` applications runs: two services, two target groups and a rule each, two tasks a service. */
export async function startFleetSandbox(count: number): Promise<FleetSandbox> {
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!child.stdout) throw new TypeError("The fleet's AWS has no output");
  for await (const line of createInterface({ input: child.stdout }))
    return { url: line, applications: applicationsOf(count), stop: () => endProcess(child) };
  throw new Error("The fleet's AWS ended before it was ready");
}

const nameOf = (n: number) => `app-${n}`;
const balancerOf = (n: number) => `alb-${Math.floor(n / APPLICATIONS_A_BALANCER)}`;
const priorityOf = (n: number) => 1 + (n % APPLICATIONS_A_BALANCER);

function applicationsOf(count: number): object[] {
  return Array.from({ length: count }, (_, n) => {
    const side = (color: string) => ({ service: `${nameOf(n)}-${color}`, targetGroup: `${nameOf(n)}-${color}` });
    return {
      name: nameOf(n),
      cluster: CLUSTER,
      listener: { loadBalancer: balancerOf(n), port: 80 },
      rule: { priority: priorityOf(n) },
      blue: side("blue"),
      green: side("green"),
      container: "app",
      stableChecks: 1,
      bakeMinutes: 0,
    };
  });
}

async function seed(sandbox: Sandbox, count: number): Promise<void> {
  const caller = createCaller();
  const call = async (service: SimulatedService, operation: string, input: object) =>
    JSON.parse(JSON.stringify(await caller<object>(service, operation, input)));
  const elb = (operation: string, input: object) => call(sandbox.elb.service, operation, input);
  const ecs = (operation: string, input: object) => call(sandbox.ecs.service, operation, input);
  sandbox.ecr.push({ repository: "fleet", tag: "1", pushedAt: new Date(), sizeBytes: 1 });
  await ecs("CreateCluster", { clusterName: CLUSTER });
  await ecs("RegisterTaskDefinition", {
    family: "fleet",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    executionRoleArn: "arn:aws:iam::123456789012:role/fleet-execution",
    containerDefinitions: [
      { name: "app", image: `${sandbox.ecr.host}/fleet:1`, portMappings: [{ containerPort: 8080 }] },
    ],
  });
  let listener = "";
  for (let n = 0; n < count; n += 1) {
    if (priorityOf(n) === 1) {
      const made = await elb("CreateLoadBalancer", { Name: balancerOf(n), Subnets: ["subnet-1", "subnet-2"] });
      const notFound = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } };
      const LoadBalancerArn = made.LoadBalancers[0].LoadBalancerArn;
      const input = { LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions: [notFound] };
      listener = (await elb("CreateListener", input)).Listeners[0].ListenerArn;
    }
    const groups: string[] = [];
    for (const color of ["blue", "green"]) {
      const made = await elb("CreateTargetGroup", {
        ...{ Name: `${nameOf(n)}-${color}`, Protocol: "HTTP", Port: 8080, VpcId: "vpc-1", TargetType: "ip" },
        ...{ HealthCheckPath: "/", HealthCheckIntervalSeconds: 30, HealthyThresholdCount: 2 },
      });
      groups.push(made.TargetGroups[0].TargetGroupArn);
    }
    const TargetGroups = groups.map((TargetGroupArn, side) => ({ TargetGroupArn, Weight: side === 0 ? 1 : 0 }));
    await elb("CreateRule", {
      ListenerArn: listener,
      Priority: priorityOf(n),
      Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: [`${nameOf(n)}.example.com`] } }],
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    });
    for (const [side, color] of ["blue", "green"].entries())
      await ecs("CreateService", {
        cluster: CLUSTER,
        serviceName: `${nameOf(n)}-${color}`,
        taskDefinition: "fleet",
        desiredCount: TASKS,
        launchType: "FARGATE",
        networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
        loadBalancers: [{ targetGroupArn: groups[side], containerName: "app", containerPort: 8080 }],
      });
  }
}

/** Serves until it is told to end; its address is the first line that it writes. */
async function serve(count: number): Promise<void> {
  const sandbox = await createSandbox({ seed: false, ecs: { virtual: true } });
  process.once("SIGTERM", () => void sandbox.close().then(() => process.exit(0)));
  await seed(sandbox, count);
  const isRunning = () =>
    sandbox.ecs.controls.listTasks().filter(({ lastStatus }) => lastStatus === "RUNNING").length === 2 * TASKS * count;
  while (!isRunning()) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  process.stdout.write(`${sandbox.url}\n`);
}

if (import.meta.main) await serve(Number(process.argv[2]));
