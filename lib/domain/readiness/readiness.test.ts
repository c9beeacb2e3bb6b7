import { describe, expect, test } from "vitest";
import { APPROVAL_RULE } from "../../testing/facts.ts";
import { LIBRARY_SUBJECT, readyFacts, seen } from "../../testing/readiness-facts.ts";
import { checkIdentity } from "./check-preparation.ts";
import type { Look } from "./look.ts";
import { type CheckOutcome, type PutOff, worstOf } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import { missingForDeployment, readinessReport } from "./readiness-report.ts";
import { STEPS } from "./steps.ts";
import type { Subject } from "./subject.ts";

type Change = (facts: ReadinessFacts) => Partial<ReadinessFacts>;
type Case = [step: string, outcome: CheckOutcome, when: string, change: Change, subject?: Partial<Subject>];

const DENIED: Look<never> = { state: "denied", permission: "iam:GetRole" };
/** The value of the ready account, changed. */
function changed<K extends keyof ReadinessFacts>(facts: ReadinessFacts, key: K, change: object): ReadinessFacts[K] {
  const look = facts[key] as Look<object>;
  if (look.state !== "seen") throw new Error(`${key} was not seen`);
  const { value } = look;
  // Safe because the change is of the same shape as what it changes.
  return seen(
    Array.isArray(value) ? value.map((one) => ({ ...one, ...change })) : { ...value, ...change },
  ) as ReadinessFacts[K];
}
const set =
  <K extends keyof ReadinessFacts>(key: K, change: object): Change =>
  (facts) => ({ [key]: changed(facts, key, change) });
const none =
  (...keys: (keyof ReadinessFacts)[]): Change =>
  () =>
    Object.fromEntries(keys.map((key) => [key, seen(null)]));
const empty =
  (...keys: (keyof ReadinessFacts)[]): Change =>
  () =>
    Object.fromEntries(keys.map((key) => [key, seen([])]));
const denied =
  (...keys: (keyof ReadinessFacts)[]): Change =>
  () =>
    Object.fromEntries(keys.map((key) => [key, DENIED]));
const groups =
  (id: string, ingress: object[]): Change =>
  (facts) => ({
    securityGroups: seen(
      facts.securityGroups.state === "seen"
        ? facts.securityGroups.value.map((one) => (one.id === id ? { ...one, ingress: ingress as never } : one))
        : [],
    ),
  });
const rule = (port: number, from: object) => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrs: [],
  groupIds: [],
  prefixLists: [],
  ...from,
});
const native = (expiries: readonly ("ROLLBACK" | "CONTINUE")[]) => ({
  deploymentController: "ECS",
  strategy: "BLUE_GREEN",
  pauses: expiries.map((onExpiry) => ({ stage: "POST_TEST_TRAFFIC_SHIFT", onExpiry })),
});
const APPROVED: Partial<Subject> = { controller: "ecs-native", approvals: { release: APPROVAL_RULE, switch: null } };
const EVERYBODY = { cidrs: ["0.0.0.0/0"] };
/** The second of the two is in no rule. */
const greenIdle: Change = ({ targetGroups }) => ({
  targetGroups:
    targetGroups.state === "seen"
      ? seen(targetGroups.value.map((one, index) => (index === 0 ? one : { ...one, loadBalancerArns: [] })))
      : targetGroups,
});
const deployments =
  (...all: object[]): Change =>
  () => ({
    deployments: seen(
      all.map((one) => ({
        id: "d-1",
        status: "SUCCESSFUL",
        kind: "RELEASE",
        byPipeline: false,
        hasShifted: true,
        startedAt: 1,
        finishedAt: 2,
        ...one,
      })),
    ),
  });
const both =
  (...changes: Change[]): Change =>
  (facts) =>
    Object.assign({}, ...changes.map((change) => change(facts)));

const PIPELINE: Case[] = ["repository-secrets", "branch", "workflow"].flatMap((step): Case[] => [
  [step, "unknown", "no pipeline has deployed", deployments({})],
  [step, "unknown", "the record is away", denied("deployments")],
]);
const BUILD: Case[] = ["dockerfile", "image-build"].flatMap((step): Case[] => [
  [step, "unknown", "the registry has no image", none("newestImage")],
  [step, "unknown", "nobody may look", denied("newestImage")],
]);
const RUN: Case[] = ["compose-file", "production-profile", "compose-up", "local-test"].flatMap((step): Case[] => [
  [step, "warn", "tasks run and none is healthy", set("targetGroups", { healthyTargets: 0 })],
  [step, "unknown", "nothing runs", both(set("targetGroups", { healthyTargets: 0 }), empty("services"))],
  [step, "unknown", "nobody may look", denied("targetGroups")],
]);

const CASES: Case[] = [
  ["pipeline-identity", "fail", "there is no provider", empty("providers")],
  ["pipeline-identity", "warn", "the provider takes another audience", set("providers", { audiences: ["other"] })],
  ["pipeline-identity", "unknown", "nobody may look", denied("providers")],
  ...PIPELINE,
  ["documents", "fail", "it is not configured", () => ({}), { isConfigured: false }],
  ...BUILD,
  ...RUN,
  ["repository", "fail", "there is none", none("repository")],
  ["repository", "warn", "tags can be moved", set("repository", { isImmutable: false })],
  ["repository", "warn", "images are not scanned", set("repository", { scansOnPush: false })],
  ["repository", "unknown", "nobody may look", denied("repository")],
  ["cluster", "fail", "there is none", none("cluster")],
  ["cluster", "fail", "it is INACTIVE", set("cluster", { status: "INACTIVE" })],
  ["cluster", "warn", "it is being made", set("cluster", { status: "PROVISIONING" })],
  ["cluster", "unknown", "nobody may look", denied("cluster")],
  ["security-groups", "fail", "the load balancer is not let in", groups("sg-task", [])],
  [
    "security-groups",
    "fail",
    "it is let in on another port",
    groups("sg-task", [rule(8080, { groupIds: ["sg-alb"] })]),
  ],
  ["security-groups", "warn", "everybody reaches the tasks", groups("sg-task", [rule(8081, EVERYBODY)])],
  ["security-groups", "fail", "everybody reaches the database", groups("sg-rds", [rule(3306, EVERYBODY)])],
  [
    "security-groups",
    "warn",
    "tasks do not reach the database",
    groups("sg-rds", [rule(3306, { groupIds: ["sg-x"] })]),
  ],
  ["security-groups", "warn", "there is no database", groups("sg-rds", [])],
  ["security-groups", "fail", "there is neither group nor service", empty("services", "securityGroups")],
  ["security-groups", "pass", "there is no service yet, and the three groups", empty("services")],
  [
    "security-groups",
    "fail",
    "no service yet, and everybody reaches the database",
    both(empty("services"), groups("sg-rds", [rule(3306, EVERYBODY)])),
  ],
  [
    "security-groups",
    "fail",
    "no service yet, and the load balancer is let in on another port",
    both(empty("services"), groups("sg-task", [rule(8080, { groupIds: ["sg-alb"] })])),
  ],
  [
    "security-groups",
    "fail",
    "everybody reaches tasks with public addresses",
    both(set("services", { assignsPublicIp: true }), groups("sg-task", [rule(8081, EVERYBODY)])),
  ],
  [
    "security-groups",
    "fail",
    "half of the world reaches the database",
    groups("sg-rds", [rule(3306, { cidrs: ["0.0.0.0/1"] })]),
  ],
  ["security-groups", "unknown", "nobody may look at the services", denied("services")],
  ["security-groups", "unknown", "tasks share their instance's groups", set("services", { securityGroupIds: [] })],
  ["security-groups", "fail", "the tasks' group is gone", set("services", { securityGroupIds: ["sg-gone"] })],
  [
    "security-groups",
    "fail",
    "tasks have no way out",
    (facts) => ({
      network: seen({
        endpoints: [{ name: "logs", groupIds: [], subnetIds: [], hasPrivateDns: true }],
        subnets:
          facts.network.state === "seen" ? facts.network.value.subnets.map((one) => ({ ...one, hasNat: false })) : [],
      }),
    }),
  ],
  [
    "security-groups",
    "fail",
    "a public subnet and no public address",
    (facts) => ({
      network: seen({
        endpoints: [],
        subnets:
          facts.network.state === "seen"
            ? facts.network.value.subnets.map((one) => ({ ...one, hasNat: false, hasInternet: true }))
            : [],
      }),
    }),
  ],
  ["security-groups", "warn", "all in one zone", set("services", { subnetIds: ["subnet-a"] })],
  ["security-groups", "fail", "a subnet is gone", set("services", { subnetIds: ["subnet-a", "subnet-b", "subnet-x"] })],
  ["security-groups", "unknown", "nobody may look at groups", denied("securityGroups")],
  ["security-groups", "unknown", "nobody may look at subnets", denied("network")],
  ["security-groups", "unknown", "the load balancer is not known", denied("loadBalancer")],
  ["target-groups", "fail", "there are none", empty("targetGroups")],
  ["target-groups", "fail", "they take instances", set("targetGroups", { targetType: "instance" })],
  ["target-groups", "fail", "they speak TCP", set("targetGroups", { protocol: "TCP" })],
  ["target-groups", "warn", "targets leave for five minutes", set("targetGroups", { deregistrationDelaySeconds: 300 })],
  ["target-groups", "fail", "no listener leads to them", set("targetGroups", { loadBalancerArns: [] })],
  [
    "target-groups",
    "warn",
    "there is no load balancer yet",
    both(set("targetGroups", { loadBalancerArns: [] }), none("loadBalancer")),
  ],
  [
    "target-groups",
    "fail",
    "no listener of CodeDeploy's leads to any",
    set("targetGroups", { loadBalancerArns: [] }),
    { controller: "code-deploy" },
  ],
  [
    "target-groups",
    "pass",
    "CodeDeploy's second group waits for its first deployment",
    greenIdle,
    { controller: "code-deploy" },
  ],
  ["target-groups", "fail", "only one of them is in a rule", greenIdle],
  [
    "target-groups",
    "pass",
    "tasks on instances register by instance",
    both(
      set("targetGroups", { targetType: "instance" }),
      set("taskDefinition", { registersBy: "instance", isFargate: false }),
    ),
  ],
  [
    "target-groups",
    "fail",
    "they are in two VPCs",
    (facts) => ({
      targetGroups: seen(
        facts.targetGroups.state === "seen"
          ? facts.targetGroups.value.map((one, index) => ({ ...one, vpcId: `vpc-${index}` }))
          : [],
      ),
    }),
  ],
  ["target-groups", "fail", "nothing names them", empty("targetGroups"), { targetGroups: [] }],
  ["target-groups", "unknown", "nobody may look", denied("targetGroups")],
  ["load-balancer", "fail", "there is none", none("loadBalancer")],
  ["load-balancer", "warn", "it is being made", set("loadBalancer", { state: "provisioning" })],
  ["load-balancer", "fail", "it stands in one zone", set("loadBalancer", { zones: ["a"] })],
  ["load-balancer", "fail", "it has no listener on the port", () => ({}), { listenerPort: 80 }],
  [
    "load-balancer",
    "fail",
    "the listener has no certificate",
    set("loadBalancer", { listeners: [{ port: 443, protocol: "HTTPS", arn: "arn:listener", certificates: [] }] }),
  ],
  [
    "load-balancer",
    "warn",
    "nothing speaks HTTPS",
    set("loadBalancer", { listeners: [{ port: 443, protocol: "HTTP", arn: "arn:listener", certificates: [] }] }),
  ],
  ["load-balancer", "unknown", "nobody may look", denied("loadBalancer")],
  ["parameters", "fail", "one is missing", empty("parameters")],
  ["parameters", "warn", "one is not encrypted", set("parameters", { type: "String" })],
  ["parameters", "fail", "the role may not read them", set("executionMay", { isAllowed: false })],
  ["parameters", "unknown", "what the role may is not known", denied("executionMay")],
  ["parameters", "unknown", "nobody may look", denied("parameters")],
  ["parameters", "unknown", "which are read is not known", both(denied("taskDefinition"), empty("parameters"))],
  [
    "parameters",
    "fail",
    "one of another Region is there by its name alone",
    set("taskDefinition", { secrets: ["arn:aws:ssm:us-east-1:123456789012:parameter/library/db/url"] }),
  ],
  ["parameters", "pass", "the task reads none", set("taskDefinition", { secrets: [] })],
  [
    "parameters",
    "fail",
    "there is no task definition, and none of the usual",
    both(none("taskDefinition"), empty("parameters")),
  ],
  ["log-group", "fail", "there is none", none("logGroup")],
  ["log-group", "warn", "it keeps lines for ever", set("logGroup", { retentionDays: null })],
  ["log-group", "fail", "the role may not write", set("executionMay", { isAllowed: false })],
  ["log-group", "unknown", "nobody may look", denied("logGroup")],
  ["service", "fail", "there is none", empty("services")],
  ["service", "fail", "it drains", set("services", { status: "DRAINING" })],
  ["service", "fail", "it runs nothing", set("services", { running: 0 })],
  ["service", "warn", "it runs too little", set("services", { running: 1 })],
  ["service", "warn", "it wants nothing", set("services", { desired: 0, running: 0 })],
  ["service", "warn", "no target is healthy", set("targetGroups", { healthyTargets: 0 })],
  ["service", "unknown", "nobody may look at its targets", denied("targetGroups")],
  ["service", "unknown", "nobody may look", denied("services")],
  ["service", "fail", "ECS would go live before anybody could approve", set("services", native([])), APPROVED],
  ["service", "fail", "its only pause goes on by itself", set("services", native(["CONTINUE"])), APPROVED],
  ["service", "pass", "ECS waits for whoever approves", set("services", native(["ROLLBACK"])), APPROVED],
  ["service", "pass", "nobody has to approve", set("services", native([])), { controller: "ecs-native" }],
  ["task-definition", "fail", "there is none", none("taskDefinition")],
  ["task-definition", "fail", "it is INACTIVE", set("taskDefinition", { status: "INACTIVE" })],
  ["task-definition", "fail", "its image is gone", none("runningImage")],
  ["task-definition", "fail", "it has no container", set("taskDefinition", { container: null })],
  ["task-definition", "fail", "it listens on another port", () => ({}), { port: 9090 }],
  [
    "task-definition",
    "warn",
    "it writes no log",
    set("taskDefinition", {
      container: { name: "library", image: "x", ports: [8081], logGroup: null, healthPath: null },
    }),
  ],
  ["task-definition", "warn", "it logs elsewhere", () => ({}), { logGroup: "/ecs/other" }],
  ["task-definition", "fail", "its size is none of Fargate's", set("taskDefinition", { cpu: "256", memory: "8192" })],
  [
    "task-definition",
    "fail",
    "its size is the one that Fargate leaves out",
    set("taskDefinition", { cpu: "256", memory: "1536" }),
  ],
  [
    "task-definition",
    "pass",
    "it is for instances, of any size",
    set("taskDefinition", { isFargate: false, cpu: null, memory: null }),
  ],
  ["task-definition", "fail", "it has no execution role", set("taskDefinition", { executionRoleArn: null })],
  ["task-definition", "fail", "its execution role is gone", none("executionRole")],
  [
    "task-definition",
    "fail",
    "its execution role trusts another service",
    set("executionRole", { trusts: ["ec2.amazonaws.com"] }),
  ],
  ["task-definition", "unknown", "its role's trust cannot be read", set("executionRole", { trusts: [] })],
  ["task-definition", "unknown", "nobody may look at the role", denied("executionRole")],
  ["task-definition", "unknown", "nobody may look", denied("taskDefinition")],
  ["push", "fail", "nothing was pushed", none("newestImage")],
  ["push", "unknown", "nobody may look", denied("newestImage")],
  ["image-deployed", "warn", "an older image runs", set("runningImage", { digest: "sha256:old" })],
  ["image-deployed", "fail", "none of its images runs", none("runningImage")],
  ["image-deployed", "fail", "nothing was pushed", none("newestImage")],
  ["image-deployed", "unknown", "nobody may look", denied("newestImage")],
  ["deployment", "fail", "there was none", deployments()],
  ["deployment", "warn", "one is on its way", deployments({ finishedAt: null, status: "IN_PROGRESS" })],
  ["deployment", "fail", "the only one failed", deployments({ status: "ROLLBACK_SUCCESSFUL" })],
  ["deployment", "warn", "the last one failed", deployments({ id: "d-2", status: "STOPPED" }, {})],
  ["deployment", "unknown", "the record is away", denied("deployments")],
  ["blue-green", "fail", "none moved traffic", deployments({ status: "STOPPED" })],
  [
    "blue-green",
    "fail",
    "one is on its way",
    deployments({ finishedAt: null, status: "IN_PROGRESS", hasShifted: false }),
  ],
  ["blue-green", "warn", "one has, and is watched", deployments({ finishedAt: null, status: "IN_PROGRESS" })],
  ["blue-green", "fail", "only a rollback did", deployments({ kind: "ROLLBACK" })],
  ["blue-green", "unknown", "the record is away", denied("deployments")],
];

function judge(change: Change, subject: Partial<Subject> = {}) {
  const facts = readyFacts();
  return readinessReport({ ...LIBRARY_SUBJECT, ...subject }, { ...facts, ...change(facts) }, []);
}

test("24 steps in four phases, and an account in which all of them pass", () => {
  const report = judge(() => ({}));
  expect(report.steps.map(({ number }) => number)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  expect(new Set(report.steps.map(({ phase }) => phase)).size).toBe(4);
  expect(report.steps.filter(({ outcome }) => outcome !== "pass").map(({ id, points }) => [id, points])).toEqual([]);
  expect(report.counts).toEqual({ pass: 24, warn: 0, unknown: 0, fail: 0, "put off": 0 });
});

test.each(CASES)("%s is %s when %s", (id, outcome, _when, change, subject) => {
  expect(judge(change, subject).steps.find((step) => step.id === id)?.outcome).toBe(outcome);
});

test("every step has a case for each of the outcomes that its check can have", () => {
  const tried = new Map<string, Set<string>>();
  for (const [id, outcome] of CASES) tried.set(id, (tried.get(id) ?? new Set()).add(outcome));
  expect(STEPS.filter(({ id }) => !tried.has(id))).toEqual([]);
  const lookingElsewhere = new Set(["documents"]);
  for (const { id } of STEPS)
    if (!lookingElsewhere.has(id)) expect([...(tried.get(id) ?? [])], id).toContain("unknown");
});

test("what nobody could look at is unknown, names the permission, and never passes", () => {
  const everything = denied(...(Object.keys(readyFacts()) as (keyof ReadinessFacts)[]).filter((key) => key !== "at"));
  const { steps, identity } = judge(everything);
  for (const { id, outcome, points } of steps.filter((step) => step.id !== "documents")) {
    expect([id, outcome]).toEqual([id, "unknown"]);
    expect(points.map(({ evidence }) => evidence)).toContain("could not look: denied iam:GetRole");
  }
  expect(identity.outcome).toBe("unknown");
});

test.each([
  ["pass", () => ({})],
  ["warn", set("own", { answers: [{ action: "ec2:DescribeSubnets", answer: "denied" }] })],
  ["unknown", denied("own")],
  ["unknown", denied("identity")],
] as [CheckOutcome, Change][])("Switchyard's own access is %s", (outcome, change) => {
  const facts = readyFacts();
  expect(worstOf(checkIdentity({ ...facts, ...change(facts) }, LIBRARY_SUBJECT))).toBe(outcome);
});

describe("put off", () => {
  const word: PutOff = {
    application: "library",
    step: "load-balancer",
    reason: "it costs money",
    by: "Kim",
    at: 1,
    until: readyFacts().at + 1,
  };
  const outcomeWith = (putOff: PutOff, change: Change = none("loadBalancer")) => {
    const facts = readyFacts();
    const report = readinessReport(LIBRARY_SUBJECT, { ...facts, ...change(facts) }, [putOff]);
    return report.steps.find(({ id }) => id === "load-balancer");
  };
  test("a step that does not pass is put off, with its reason, and counted so", () => {
    expect(outcomeWith(word)).toMatchObject({ outcome: "put off", putOff: { reason: "it costs money", by: "Kim" } });
  });
  test.each([
    ["its date has passed", { ...word, until: readyFacts().at }, none("loadBalancer"), "fail"],
    ["it is another application's", { ...word, application: "other" }, none("loadBalancer"), "fail"],
    ["the step passes", word, () => ({}), "pass"],
  ] as [string, PutOff, Change, string][])("no longer when %s", (_when, putOff, change, outcome) => {
    expect(outcomeWith(putOff, change)).toMatchObject({ outcome, putOff: null });
  });
});

test("every step says why it matters, how to do it and where to read on, and needs only what there is", () => {
  const ids = STEPS.map(({ id }) => id);
  for (const { id, why, link, needs, fix } of STEPS) {
    const { words, cli } = fix(LIBRARY_SUBJECT);
    expect(why.length > 20 && (words !== null || cli.length > 0), id).toBe(true);
    expect(link, id).toMatch(/^https:\/\//);
    for (const need of needs) expect(ids).toContain(need);
  }
});

test("before a deployment: what is missing in AWS, in the same words, and neither what is put off nor what a deployment brings", () => {
  const facts = {
    ...readyFacts(),
    ...none("cluster", "loadBalancer")(readyFacts()),
    ...empty("deployments", "providers")(readyFacts()),
  };
  const putOff: PutOff = {
    application: "library",
    step: "load-balancer",
    reason: "cost",
    by: "Kim",
    at: 1,
    until: 4e12,
  };
  const missing = missingForDeployment(readinessReport(LIBRARY_SUBJECT, facts, [putOff]));
  expect(missing.map(({ id, points }) => [id, points[0]?.evidence])).toEqual([
    ["cluster", "there is no ECS cluster library-management-cluster"],
  ]);
});
