import { describe, expect, test } from "vitest";
import { ENGLISH } from "../../messages/english.ts";
import { LIBRARY_SUBJECT, readyFacts, seen } from "../../testing/readiness-facts.ts";
import { checkIdentity } from "./check-preparation.ts";
import { liesWithin } from "./ingress.ts";
import type { Look } from "./look.ts";
import type { CheckOutcome, Point } from "./readiness.ts";
import type { GithubFacts, ReadinessFacts } from "./readiness-facts.ts";
import { readinessReport } from "./readiness-report.ts";

/*
 * Each finding that a check can have, with what has to be there for it: the step, the outcome of the point, and its sentence.
 */

type Change = (facts: ReadinessFacts) => Partial<ReadinessFacts>;
type Case = [step: string, outcome: CheckOutcome, sentence: keyof typeof ENGLISH.check, change: Change];

function seenIn<T>(look: Look<T>): NonNullable<T> {
  if (look.state !== "seen" || look.value === null || look.value === undefined) throw new Error("nothing was seen");
  return look.value;
}
const AT = readyFacts().at;
const DAY_MS = 86_400_000;
const ALL = { protocol: "-1", fromPort: 0, toPort: 65_535, cidrs: [], groupIds: [], prefixLists: [] };
const tcp = (port: number, from: object) => ({ ...ALL, protocol: "tcp", fromPort: port, toPort: port, ...from });
const group =
  (id: string, change: object): Change =>
  ({ securityGroups }) => ({
    securityGroups: seen(seenIn(securityGroups).map((one) => (one.id === id ? { ...one, ...change } : one))),
  });
const blue =
  (change: object, others: object = { healthyTargets: 0, targets: 0 }): Change =>
  ({ targetGroups }) => ({
    targetGroups: seen(seenIn(targetGroups).map((one, index) => ({ ...one, ...(index === 0 ? change : others) }))),
  });
const certificate =
  (change: object): Change =>
  ({ certificates }) => ({ certificates: seen(seenIn(certificates).map((one) => ({ ...one, ...change }))) });
/** A listener on HTTP:80 beside the secure one. */
const plain =
  (does: object): Change =>
  ({ loadBalancer }) => {
    const balancer = seenIn(loadBalancer);
    const listener = { arn: "arn:plain", port: 80, protocol: "HTTP", certificates: [], ...does };
    return { loadBalancer: seen({ ...balancer, listeners: [...balancer.listeners, listener] }) };
  };
const definition =
  (change: object): Change =>
  ({ taskDefinition }) => ({ taskDefinition: seen({ ...seenIn(taskDefinition), ...change }) });
const SECRET = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-AbCdEf:password::";
const managedSecret =
  (change: object | null, from = SECRET): Change =>
  (facts) => ({
    ...definition({ secrets: [from] })(facts),
    managedSecrets: [
      {
        from,
        look: seen(change && { isDeleted: false, versions: [{ id: "1", stages: ["AWSCURRENT"] }], ...change }),
      },
    ],
  });
const healthPath =
  (path: string | null): Change =>
  (facts) =>
    definition({ container: { ...seenIn(facts.taskDefinition).container, healthPath: path } })(facts);
const both =
  (first: Change, second: Change): Change =>
  (facts) => {
    const changed = first(facts);
    return { ...changed, ...second({ ...facts, ...changed }) };
  };
const endpoint = (name: string, change: object = {}) => ({
  name,
  groupIds: name === "s3" ? null : ["sg-endpoint"],
  subnetIds: ["subnet-a", "subnet-b"],
  hasPrivateDns: true,
  ...change,
});
/** The tasks have no way out but endpoints, whose group is open to `from`. */
const closed =
  (change: object = {}, from: object = { groupIds: ["sg-task"] }): Change =>
  ({ network, securityGroups }) => ({
    network: seen({
      subnets: seenIn(network).subnets.map((subnet) => ({ ...subnet, hasNat: false })),
      endpoints: ["ecr.api", "ecr.dkr", "s3", "logs", "ssm"].map((name) => endpoint(name, name === "s3" ? {} : change)),
    }),
    securityGroups: seen([
      ...seenIn(securityGroups),
      { id: "sg-endpoint", name: "endpoints", vpcId: "vpc-1", ingress: [tcp(443, from)], egress: [] },
    ]),
  });
const unhealthy = (reason: string) => ({
  ...{ healthyTargets: 0, targets: 1 },
  failing: [{ reason, description: "Health checks failed with these codes: [404]" }],
});

const CASES: Case[] = [
  ["security-groups", "pass", "tasksOut", () => ({})],
  ["security-groups", "pass", "entranceOpen", () => ({})],
  ["security-groups", "fail", "entranceClosed", group("sg-alb", { ingress: [tcp(80, { cidrs: ["0.0.0.0/0"] })] })],
  ["security-groups", "fail", "balancerNotOut", group("sg-alb", { egress: [tcp(8081, { groupIds: ["sg-other"] })] })],
  ["security-groups", "fail", "tasksNotOut", group("sg-task", { egress: [tcp(3306, { groupIds: ["sg-rds"] })] })],
  [
    "security-groups",
    "unknown",
    "tasksOutToGroups",
    group("sg-task", { egress: [tcp(443, { groupIds: ["sg-x"] }), tcp(3306, { groupIds: ["sg-rds"] })] }),
  ],
  ["security-groups", "warn", "tasksNotToDatabase", group("sg-task", { egress: [tcp(443, { cidrs: ["0.0.0.0/0"] })] })],
  ["security-groups", "warn", "wideRule", group("sg-task", { ingress: [{ ...ALL, groupIds: ["sg-alb"] }] })],
  [
    "security-groups",
    "fail",
    "gatewayNotRouted",
    both(closed(), ({ network }) => {
      const { subnets, endpoints } = seenIn(network as ReadinessFacts["network"]);
      const routed = endpoints.map((one) => (one.name === "s3" ? { ...one, subnetIds: ["subnet-a"] } : one));
      return { network: seen({ subnets, endpoints: routed }) };
    }),
  ],
  ["security-groups", "fail", "endpointWithoutName", closed({ hasPrivateDns: false })],
  ["security-groups", "fail", "endpointClosed", closed({}, { groupIds: ["sg-alb"] })],
  ["security-groups", "fail", "endpointClosed", closed({}, { cidrs: ["10.0.0.0/24"] })],

  ["target-groups", "pass", "pathAnswered", () => ({})],
  ["target-groups", "fail", "pathMismatch", blue(unhealthy("Target.ResponseCodeMismatch"))],
  ["target-groups", "fail", "pathUnanswered", blue(unhealthy("Target.Timeout"))],
  ["target-groups", "fail", "pathUnanswered", blue(unhealthy("Target.FailedHealthChecks"))],
  ["target-groups", "pass", "pathSame", blue({ healthyTargets: 0, targets: 0 })],
  ["target-groups", "warn", "pathOther", both(blue({ healthyTargets: 0, targets: 0 }), healthPath("/health"))],
  ["target-groups", "unknown", "pathNotAsked", both(blue({ healthyTargets: 0, targets: 0 }), healthPath(null))],
  ["target-groups", "warn", "healthPortOther", blue({ healthCheckPort: "9090" })],
  ["target-groups", "fail", "vpcOther", blue({ vpcId: "vpc-2" }, { vpcId: "vpc-2" })],

  ["target-groups", "fail", "groupElsewhere", blue({ loadBalancerArns: ["arn:other"] })],
  ["target-groups", "warn", "groupPortOther", blue({ port: 80 })],
  ["security-groups", "warn", "wideEntrance", group("sg-alb", { ingress: [{ ...ALL, cidrs: ["0.0.0.0/0"] }] })],
  [
    "security-groups",
    "warn",
    "wideEntrance",
    group("sg-alb", { ingress: [{ ...tcp(80, { cidrs: ["::/0"] }), toPort: 9000 }] }),
  ],
  [
    "security-groups",
    "unknown",
    "groupsOfInstances",
    ({ services }) => ({ services: seen(seenIn(services).map((one) => ({ ...one, securityGroupIds: [] }))) }),
  ],

  ["task-definition", "fail", "imagePlatform", () => ({ runningPlatforms: seen(["linux/arm64"]) })],

  ["image-build", "pass", "platformFits", () => ({})],
  ["image-build", "fail", "platformProblem", () => ({ platforms: seen(["linux/arm64"]) })],
  ["image-build", "pass", "platformNamed", definition({ platform: null })],

  ["load-balancer", "pass", "certificateGood", () => ({})],
  ["load-balancer", "pass", "redirectGood", plain({ redirect: { protocol: "HTTPS", port: "443", host: "#{host}" } })],
  ["load-balancer", "fail", "redirectNowhere", plain({ redirect: { protocol: "HTTPS", port: "80", host: "#{host}" } })],
  ["load-balancer", "fail", "redirectCircle", plain({ redirect: { protocol: "HTTP", port: "80", host: "#{host}" } })],
  ["load-balancer", "fail", "redirectPlain", plain({ redirect: { protocol: "HTTP", port: "8080", host: "#{host}" } })],
  ["load-balancer", "warn", "plainServes", plain({ isForwarding: true })],
  ["load-balancer", "warn", "certificateEnds", certificate({ endsAt: AT + 29 * DAY_MS })],
  ["load-balancer", "fail", "certificateEnded", certificate({ endsAt: AT, status: "EXPIRED" })],
  ["load-balancer", "fail", "certificateStatus", certificate({ endsAt: null, status: "PENDING_VALIDATION" })],
  [
    "load-balancer",
    "unknown",
    "certificateOther",
    ({ loadBalancer }) => ({
      loadBalancer: seen({
        ...seenIn(loadBalancer),
        listeners: [{ arn: "l", port: 443, protocol: "HTTPS", certificates: ["arn:aws:iam::1:server-certificate/x"] }],
      }),
    }),
  ],

  ["parameters", "unknown", "secretOfNeither", definition({ secrets: ["arn:aws:kms:eu-central-1:1:key/x"] })],
  ["parameters", "pass", "secretThere", managedSecret({})],
  ["parameters", "fail", "secretMissing", managedSecret(null)],
  ["parameters", "fail", "secretDeleted", managedSecret({ isDeleted: true })],
  ["parameters", "fail", "secretNoVersion", managedSecret({ versions: [] })],
  ["parameters", "unknown", "secretUnlisted", managedSecret({}, SECRET.replace(/::$/, "::1b2c"))],
  [
    "parameters",
    "unknown",
    "mayDepends",
    () => ({
      executionMay: seen([{ action: "ssm:GetParameters", resource: "arn:p", isAllowed: false, needsContext: true }]),
    }),
  ],

  ["repository-secrets", "pass", "namesThere", github({})],
  ["repository-secrets", "fail", "namesMissing", github({ variables: ["AWS_REGION"] })],
  ["repository-secrets", "warn", "accessKeyKept", github({ secrets: ["AWS_SECRET_ACCESS_KEY"] })],
  ["repository-secrets", "unknown", "repositoryHidden", github({ variables: null })],
  ["branch", "pass", "branchProtected", github({})],
  ["branch", "warn", "branchOpen", github({ branch: { isProtected: false } })],
  ["branch", "fail", "branchMissing", github({ branch: null })],
  ["workflow", "pass", "runGood", github({})],
  ["workflow", "warn", "runUnderWay", github({ run: { status: "in_progress", conclusion: null, at: AT } })],
  ["workflow", "fail", "runBad", github({ run: { status: "completed", conclusion: "failure", at: AT } })],
  ["workflow", "fail", "runMissing", github({ run: null })],

  [
    "identity",
    "warn",
    "nothingHere",
    () => ({
      ...{ cluster: seen(null), loadBalancer: seen(null), repository: seen(null) },
      ...{ services: seen([]), targetGroups: seen([]) },
    }),
  ],
  ["identity", "pass", "ownTried", tried({ action: "ec2:DescribeSubnets", answer: "allowed" })],
  ["identity", "warn", "ownDenied", tried({ action: "ec2:DescribeSubnets", answer: "denied" })],
  ["identity", "unknown", "ownNotTried", tried({ action: "elasticloadbalancing:ModifyListener", answer: "unknown" })],
  [
    "identity",
    "unknown",
    "ownConditions",
    () => ({
      own: seen({ way: "simulated", why: null, answers: [{ action: "ecs:UpdateService", answer: "unknown" }] }),
    }),
  ],
];

/** What GitHub answers where all is well, but for this. */
function github(change: Record<string, unknown>): Change {
  const answers = {
    branch: { isProtected: true },
    secrets: [],
    variables: ["AWS_ROLE_ARN", "AWS_REGION", "SWITCHYARD_URL"],
    run: { status: "completed", conclusion: "success", at: AT },
    ...change,
  };
  const looks = Object.fromEntries(Object.entries(answers).map(([key, value]) => [key, seen(value)]));
  // Safe because each member is of the shape that it replaces.
  return () => ({ github: seen(looks as unknown as GithubFacts) });
}

function tried(...answers: { action: string; answer: "allowed" | "denied" | "unknown" }[]): Change {
  return () => ({ own: seen({ way: "tried", why: "denied iam:SimulatePrincipalPolicy", answers }) });
}

function pointsOf(step: string, change: Change): readonly Point[] {
  const ready = readyFacts();
  const facts = { ...ready, ...change(ready) };
  if (step === "identity") return checkIdentity(facts, LIBRARY_SUBJECT);
  return readinessReport(LIBRARY_SUBJECT, facts, []).steps.find(({ id }) => id === step)?.points ?? [];
}

test.each(CASES)("%s: %s %s", (step, outcome, sentence, change) => {
  const found = pointsOf(step, change).find(({ said }) => said?.code === `check.${sentence}`);
  expect(found).toMatchObject({ outcome, evidence: expect.not.stringContaining("check.") });
  // Whoever reads the point alone is told that nobody could look.
  if (outcome === "unknown") expect(found?.evidence).toMatch(/^could not look: /);
});

test("every sentence of the checks is found by one of the cases", () => {
  const found = new Set(CASES.map(([, , sentence]) => sentence));
  // Said where the image is read, not judged.
  const elsewhere = ["platformNotRead"];
  expect(Object.keys(ENGLISH.check).filter((key) => !found.has(key as never) && !elsewhere.includes(key))).toEqual([]);
});

test("endpoints that the tasks reach by their group or by their subnets' addresses are a way out", () => {
  for (const from of [{ groupIds: ["sg-task"] }, { cidrs: ["10.0.0.0/16"] }, { cidrs: ["10.0.0.0/24", "10.0.1.0/24"] }])
    expect(pointsOf("security-groups", closed({}, from)).filter(({ outcome }) => outcome !== "pass")).toEqual([]);
});

test("a task definition that reads Secrets Manager alone needs its endpoint, and not that of parameters", () => {
  const points = pointsOf(
    "security-groups",
    both(closed(), definition({ secrets: ["arn:aws:secretsmanager:ap-northeast-2:1:secret:db-AbCdEf"] })),
  );
  expect(points.map(({ evidence }) => evidence)).toContainEqual(expect.stringMatching(/endpoints for secretsmanager$/));
});

test("a name that is not seen is missing only where both lists were seen; a denied list is unknown", () => {
  const denied = { state: "denied", permission: "GitHub secrets: read" };
  const points = pointsOf("repository-secrets", (facts) => {
    const { github: look } = github({ variables: ["AWS_REGION"] })(facts);
    // Safe because only the one list is another.
    return { github: seen({ ...seenIn(look as ReadinessFacts["github"]), secrets: denied } as GithubFacts) };
  });
  expect(points).toMatchObject([{ outcome: "unknown", evidence: "could not look: denied GitHub secrets: read" }]);
  expect(points).toHaveLength(1);
});

describe("ranges of addresses", () => {
  test.each([
    ["10.0.1.0/24", "10.0.0.0/16", true],
    ["10.0.1.0/24", "10.0.1.0/24", true],
    ["10.1.0.0/24", "10.0.0.0/16", false],
    ["10.0.0.0/16", "10.0.0.0/24", false],
    ["10.0.0.0/24", "0.0.0.0/0", true],
    ["2001:db8::/64", "::/0", false],
    ["", "10.0.0.0/8", false],
  ])("%j within %j is %s", (inner, outer, expected) => expect(liesWithin(inner, outer)).toBe(expected));
});
