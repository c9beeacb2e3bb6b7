import type { Look, ReadinessFacts, Subject } from "../domain/readiness/readiness-facts.ts";

/** What was seen. For tests. */
export function seen<T>(value: T): Look<T> {
  return { state: "seen", value };
}

/** The names of the seeded world's `library`. For tests. */
export const LIBRARY_SUBJECT: Subject = {
  application: "library",
  isConfigured: true,
  region: "ap-northeast-2",
  cluster: "library-management-cluster",
  repository: "library-management-system",
  targetGroups: ["library-blue-tg", "library-green-tg"],
  loadBalancer: "library-alb",
  listenerPort: 443,
  services: ["library-service"],
  logGroup: "/ecs/library-management-task",
  family: "library-management-task",
  container: "library",
  port: 8081,
  controller: "task-set",
  standIn: null,
};

const ROLES = "arn:aws:iam::123456789012:role";
const DIGEST = `sha256:${"a".repeat(64)}`;
const group = (color: string) => ({
  arn: `arn:tg/${color}`,
  name: `library-${color}-tg`,
  targetType: "ip",
  protocol: "HTTP",
  port: 8081,
  vpcId: "vpc-1",
  healthCheckPath: "/actuator/health",
  deregistrationDelaySeconds: 15,
  loadBalancerArns: ["arn:alb"],
  healthyTargets: 2,
  targets: 2,
});
const tcp = (port: number, from: { cidrs?: string[]; groupIds?: string[] }) => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrs: from.cidrs ?? [],
  groupIds: from.groupIds ?? [],
});

/** An account in which every check passes. For tests, which take away from it. */
export function readyFacts(): ReadinessFacts {
  const image = { tag: "1.1.0", digest: DIGEST, pushedAt: 1_700_000_000_000 };
  return {
    at: 1_800_000_000_000,
    identity: seen({ accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/sandbox" }),
    own: seen([{ action: "ssm:DescribeParameters", resource: "*", isAllowed: true }]),
    repository: seen({ name: "library-management-system", isImmutable: true, scansOnPush: true }),
    newestImage: seen(image),
    runningImage: seen(image),
    cluster: seen({ name: "library-management-cluster", status: "ACTIVE", runningTasks: 2 }),
    targetGroups: seen([group("blue"), group("green")]),
    loadBalancer: seen({
      arn: "arn:alb",
      name: "library-alb",
      scheme: "internet-facing",
      state: "active",
      vpcId: "vpc-1",
      zones: ["a", "b"],
      securityGroupIds: ["sg-alb"],
      listeners: [{ port: 443, protocol: "HTTPS", certificates: 1 }],
    }),
    securityGroups: seen([
      { id: "sg-alb", name: "library-alb-sg", vpcId: "vpc-1", ingress: [tcp(443, { cidrs: ["0.0.0.0/0"] })] },
      { id: "sg-task", name: "library-ecs-task-sg", vpcId: "vpc-1", ingress: [tcp(8081, { groupIds: ["sg-alb"] })] },
      { id: "sg-rds", name: "library-rds-sg", vpcId: "vpc-1", ingress: [tcp(3306, { groupIds: ["sg-task"] })] },
    ]),
    network: seen({
      subnets: ["a", "b"].map((zone) => ({
        id: `subnet-${zone}`,
        vpcId: "vpc-1",
        zone,
        hasInternet: false,
        hasNat: true,
      })),
      endpoints: [],
    }),
    services: seen([
      {
        name: "library-service",
        status: "ACTIVE",
        desired: 2,
        running: 2,
        deploymentController: "EXTERNAL",
        strategy: "ROLLING",
        taskDefinition: "arn:td/library-management-task:7",
        subnetIds: ["subnet-a", "subnet-b"],
        securityGroupIds: ["sg-task"],
        assignsPublicIp: false,
      },
    ]),
    taskDefinition: seen({
      arn: "arn:td/library-management-task:7",
      status: "ACTIVE",
      isFargate: true,
      cpu: "512",
      memory: "1024",
      executionRoleArn: `${ROLES}/library-task-execution`,
      taskRoleArn: `${ROLES}/library-task`,
      container: { name: "library", image: "repo:1.1.0", ports: [8081], logGroup: "/ecs/library-management-task" },
      secrets: ["arn:aws:ssm:ap-northeast-2:123456789012:parameter/library/db/url"],
    }),
    executionRole: seen({ arn: `${ROLES}/library-task-execution`, trusts: ["ecs-tasks.amazonaws.com"] }),
    taskRole: seen({ arn: `${ROLES}/library-task`, trusts: ["ecs-tasks.amazonaws.com"] }),
    executionMay: seen([
      { action: "ssm:GetParameters", resource: "arn:parameter", isAllowed: true },
      { action: "logs:PutLogEvents", resource: "arn:group", isAllowed: true },
    ]),
    parameters: seen([{ name: "/library/db/url", type: "SecureString" }]),
    logGroup: seen({ name: "/ecs/library-management-task", retentionDays: 30 }),
    providers: seen([{ url: "token.actions.githubusercontent.com", audiences: ["sts.amazonaws.com"] }]),
    deployments: seen([
      {
        id: "d-1",
        status: "SUCCESSFUL",
        kind: "RELEASE",
        byPipeline: true,
        hasShifted: true,
        startedAt: 1,
        finishedAt: 2,
      },
    ]),
  };
}
