import type { Look } from "../domain/readiness/look.ts";
import type { ReadinessFacts } from "../domain/readiness/readiness-facts.ts";
import type { Subject } from "../domain/readiness/subject.ts";

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
  github: { repository: "example/library", branch: "main", workflow: "deploy-to-ecs.yml" },
  standIn: null,
};

const ROLES = "arn:aws:iam::123456789012:role";
const CERTIFICATE = "arn:aws:acm:ap-northeast-2:123456789012:certificate/1";
const DAY_MS = 86_400_000;
const DIGEST = `sha256:${"a".repeat(64)}`;
const group = (color: string) => ({
  arn: `arn:tg/${color}`,
  name: `library-${color}-tg`,
  targetType: "ip",
  protocol: "HTTP",
  port: 8081,
  vpcId: "vpc-1",
  healthCheckPath: "/actuator/health",
  healthCheckPort: "traffic-port",
  matcher: "200",
  failing: [],
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
  prefixLists: [],
});
const ALL_OUT = {
  ...{ protocol: "-1", fromPort: 0, toPort: 65_535, cidrs: ["0.0.0.0/0"], groupIds: [], prefixLists: [] },
};
const securityGroup = (part: string, name: string, ingress: ReturnType<typeof tcp>) => ({
  ...{ id: `sg-${part}`, name: `library-${name}-sg`, vpcId: "vpc-1", ingress: [ingress], egress: [ALL_OUT] },
});

/** An account in which every check passes. For tests, which take away from it. */
export function readyFacts(): ReadinessFacts {
  const image = { tag: "1.1.0", digest: DIGEST, pushedAt: 1_700_000_000_000 };
  return {
    at: 1_800_000_000_000,
    identity: seen({ accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/sandbox" }),
    own: seen({ way: "simulated", why: null, answers: [{ action: "ssm:DescribeParameters", answer: "allowed" }] }),
    repository: seen({ name: "library-management-system", isImmutable: true, scansOnPush: true }),
    newestImage: seen(image),
    platforms: seen(["linux/amd64"]),
    runningImage: seen(image),
    runningPlatforms: seen(["linux/amd64"]),
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
      listeners: [{ arn: "arn:listener", port: 443, protocol: "HTTPS", certificates: [CERTIFICATE] }],
    }),
    certificates: seen([
      { arn: CERTIFICATE, domain: "library.example.com", status: "ISSUED", endsAt: 1_800_000_000_000 + 200 * DAY_MS },
    ]),
    databases: seen([]),
    securityGroups: seen([
      securityGroup("alb", "alb", tcp(443, { cidrs: ["0.0.0.0/0"] })),
      securityGroup("task", "ecs-task", tcp(8081, { groupIds: ["sg-alb"] })),
      securityGroup("rds", "rds", tcp(3306, { groupIds: ["sg-task"] })),
    ]),
    network: seen({
      subnets: ["a", "b"].map((zone) => ({
        id: `subnet-${zone}`,
        vpcId: "vpc-1",
        zone,
        cidr: `10.0.${zone === "a" ? 0 : 1}.0/24`,
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
      registersBy: "ip",
      cpu: "512",
      memory: "1024",
      executionRoleArn: `${ROLES}/library-task-execution`,
      taskRoleArn: `${ROLES}/library-task`,
      platform: "linux/amd64",
      container: {
        ...{ name: "library", image: "repo:1.1.0", ports: [8081], logGroup: "/ecs/library-management-task" },
        healthPath: "/actuator/health",
      },
      secrets: ["arn:aws:ssm:ap-northeast-2:123456789012:parameter/library/db/url"],
    }),
    executionRole: seen({ arn: `${ROLES}/library-task-execution`, trusts: ["ecs-tasks.amazonaws.com"] }),
    taskRole: seen({ arn: `${ROLES}/library-task`, trusts: ["ecs-tasks.amazonaws.com"] }),
    executionMay: seen([
      { action: "ssm:GetParameters", resource: "arn:parameter", isAllowed: true, needsContext: false },
      { action: "logs:PutLogEvents", resource: "arn:group", isAllowed: true, needsContext: false },
    ]),
    managedSecrets: [],
    parameters: seen([{ name: "/library/db/url", type: "SecureString", keyId: null }]),
    logGroup: seen({ name: "/ecs/library-management-task", retentionDays: 30 }),
    providers: seen([{ url: "token.actions.githubusercontent.com", audiences: ["sts.amazonaws.com"] }]),
    github: { state: "not seen", why: "no token" },
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
