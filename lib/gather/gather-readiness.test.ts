import { expect, onTestFinished, test } from "vitest";
import { createSandbox } from "../../sandbox/sandbox.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import { applicationSchema } from "../config/application-config.ts";
import type { ReadinessReport } from "../domain/readiness/readiness.ts";
import { readinessReport } from "../domain/readiness/readiness-report.ts";
import type { Subject } from "../domain/readiness/subject.ts";
import { libraryConfig, startLibraryWorld, until } from "../testing/library-world.ts";
import { SHIPPED_POLICY } from "../testing/shipped-policy.ts";
import { gatherReadiness } from "./gather-readiness.ts";
import { proposedSubject, subjectOf } from "./readiness-subject.ts";

const REGION = "ap-northeast-2";
const NO_DEPLOYMENTS = { state: "seen", value: [] } as const;

async function reportOn(aws: Aws, given: Subject): Promise<ReadinessReport> {
  const { subject, facts } = await gatherReadiness(aws, given, NO_DEPLOYMENTS, () => 1_800_000_000_000);
  return readinessReport(subject, facts, []);
}

const outcomes = ({ steps }: ReadinessReport) => Object.fromEntries(steps.map(({ id, outcome }) => [id, outcome]));

test("an empty account: nothing is there, nothing passes, and whoever asks is known", async () => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const sandbox = await createSandbox({ seed: "empty", ecs: { virtual: true } });
  const aws = createAws({ region: REGION, endpoint: sandbox.url });
  try {
    const report = await reportOn(aws, proposedSubject(REGION));
    expect(report.identity.outcome).toBe("pass");
    expect(report.counts).toMatchObject({ pass: 0, warn: 0 });
    const infrastructure = report.steps.filter(({ phase }) => phase === "infrastructure");
    expect(infrastructure.map(({ outcome }) => outcome)).toEqual(Array(8).fill("fail"));
  } finally {
    aws.destroy();
    await sandbox.close();
  }
});

test("a log group in another Region than the tasks' is looked for there, and made there", async () => {
  const config = libraryConfig({ logGroup: "/ecs/library-management-task" });
  const world = await startLibraryWorld({
    config,
    sandbox: { shape: { logRegion: "us-east-1" }, ecs: { virtual: true } },
  });
  const there = createAws({ region: "us-east-1", endpoint: world.sandbox.url });
  onTestFinished(there.destroy);
  const report = async () => {
    const given = subjectOf(config, REGION);
    const found = await gatherReadiness(world.aws, given, NO_DEPLOYMENTS, Date.now, null, (region) => {
      expect(region).toBe("us-east-1");
      return there;
    });
    return readinessReport(found.subject, found.facts, []).steps.find(({ id }) => id === "log-group");
  };
  const missing = await report();
  expect(missing?.outcome).toBe("fail");
  expect(JSON.stringify(missing?.fix)).toContain("--region us-east-1");
  const { service } = world.sandbox.logs.in("us-east-1");
  const call = { requestId: "test", signal: new AbortController().signal };
  service.operations.CreateLogGroup?.({ logGroupName: "/ecs/library-management-task" }, call);
  expect((await report())?.outcome).toBe("warn");
});

test("the seeded library is ready but for what it lacks, within forty calls, with AWS's throttles on, and no value read", async () => {
  const config = libraryConfig({ logGroup: "/ecs/library-management-task" });
  const world = await startLibraryWorld({ config, sandbox: { throttling: true } });
  await until(async () => {
    const { targetGroupArn } = world.application.slots.blue;
    const targets = await world.aws.elb.describeTargetHealth(targetGroupArn, "action");
    return targets.length > 0 && targets.every(({ state }) => state === "healthy");
  });
  const before = callsOf(world);
  const report = await reportOn(world.aws, subjectOf(config, REGION));
  expect(callsOf(world) - before).toBeLessThanOrEqual(40);
  expect(world.calls("ssm.GetParameter") + world.calls("ssm.GetParameters")).toBe(0);
  expect(outcomes(report)).toMatchObject({
    "pipeline-identity": "pass",
    documents: "pass",
    cluster: "pass",
    "security-groups": "pass",
    "target-groups": "pass",
    parameters: "pass",
    "log-group": "pass",
    service: "pass",
    "task-definition": "pass",
    // Its tags can be moved, and nothing speaks HTTPS.
    repository: "warn",
    "load-balancer": "warn",
    // A newer image was pushed than runs, and nothing was deployed through Switchyard.
    "image-deployed": "warn",
    deployment: "fail",
    workflow: "unknown",
  });
});

test("one service with task sets: their network and ports are the sides'", async () => {
  const config = libraryConfig({
    controller: "task-set",
    service: "library-service",
    blue: { targetGroup: "library-blue-tg" },
    green: { targetGroup: "library-green-tg" },
  });
  const world = await startLibraryWorld({ config, sandbox: { seed: true } });
  const { steps } = await reportOn(world.aws, subjectOf(config, REGION));
  const evidence = steps.flatMap(({ points }) => points.map((point) => point.evidence));
  expect(evidence).toContain("the load balancer reaches the tasks on port 8081");
  expect(evidence).toContain("VPC endpoints lead to ECR, logs and parameters");
});

test("what AWS denies is unknown and names its permission; everything else is judged all the same", async () => {
  const config = libraryConfig();
  const policy: unknown = JSON.parse(JSON.stringify(SHIPPED_POLICY).replace('"iam:GetRole",', ""));
  const world = await startLibraryWorld({ config, sandbox: { policy } });
  const report = await reportOn(world.aws, subjectOf(config, REGION));
  const definition = report.steps.find(({ id }) => id === "task-definition");
  expect(definition?.outcome).toBe("unknown");
  expect(definition?.points.map(({ evidence }) => evidence)).toContain("could not look: denied iam:GetRole");
  expect(outcomes(report)).toMatchObject({ cluster: "pass", "target-groups": "pass" });
});

test("where the simulator is denied, what AWS answered and denied says what Switchyard may; the rest is unknown, and no call is made for it", async () => {
  const config = libraryConfig();
  const without = JSON.stringify(SHIPPED_POLICY).replace(
    /"ec2:DescribeVpcEndpoints",|,"iam:SimulatePrincipalPolicy"/g,
    "",
  );
  const world = await startLibraryWorld({ config, sandbox: { policy: JSON.parse(without) as unknown } });
  const { identity } = await reportOn(world.aws, subjectOf(config, REGION));
  const said = (outcome: string) =>
    identity.points.filter((point) => point.outcome === outcome).map(({ evidence }) => evidence);
  expect(said("warn")).toEqual(["AWS denied ec2:DescribeVpcEndpoints"]);
  expect(said("pass")).toContainEqual(expect.stringContaining("denied iam:SimulatePrincipalPolicy"));
  expect(said("unknown")).toEqual([expect.stringContaining("elasticloadbalancing:ModifyListener, ecs:UpdateService")]);
  expect(identity.outcome).toBe("unknown");
  const changing = world.sandbox.calls
    .journal()
    .filter(({ operation }) => !/^(Describe|List|Get|Simulate|Batch)/.test(operation));
  expect(changing).toEqual([]);
});

test("the simulator is asked on the very listener and services, so that a policy that names them is judged rightly", async () => {
  const config = libraryConfig();
  const world = await startLibraryWorld({ config });
  await reportOn(world.aws, subjectOf(config, REGION));
  const asked = world.sandbox.calls
    .journal()
    .filter(({ operation }) => operation === "SimulatePrincipalPolicy")
    .map(({ input }) => JSON.stringify(input));
  expect(asked).toContainEqual(expect.stringMatching(/ModifyListener.*:listener\/app\/library-alb\//));
  expect(asked).toContainEqual(
    expect.stringMatching(/UpdateService.*:service\/library-management-cluster\/library-blue/),
  );
});

test("the certificates of an HTTPS listener are read from ACM, also those that clients get by the host that they name", async () => {
  const config = libraryConfig();
  const world = await startLibraryWorld({ config });
  const call = { requestId: "test", signal: new AbortController().signal };
  const { acm, elb } = world.sandbox;
  const made = await acm.operations.RequestCertificate?.({ DomainName: "library.example.com" }, call);
  const further = await acm.operations.RequestCertificate?.({ DomainName: "books.example.com" }, call);
  const Certificates = [made as { CertificateArn: string }];
  const balancer = await world.aws.inventory.elb.findLoadBalancer("library-alb", "question");
  const created = await elb.service.operations.CreateListener?.(
    {
      ...{ LoadBalancerArn: balancer?.arn, Port: 443, Protocol: "HTTPS", Certificates },
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
    },
    call,
  );
  const [{ ListenerArn } = {}] = (created as { Listeners: { ListenerArn: string }[] }).Listeners;
  const added = { ListenerArn, Certificates: [further as { CertificateArn: string }] };
  await elb.service.operations.AddListenerCertificates?.(added, call);
  const evidence = async () => {
    const { steps } = await reportOn(world.aws, subjectOf(config, REGION));
    return (steps.find(({ id }) => id === "load-balancer")?.points ?? []).map((point) => point.evidence);
  };
  for (const host of ["library", "books"])
    expect(await evidence()).toContainEqual(
      expect.stringMatching(new RegExp(`^the certificate for ${host}\\.example\\.com `)),
    );
  // Nobody may look at the further ones: the default one is told, and that the others are not.
  world.fault("error", { service: "elbv2", operation: "DescribeListenerCertificates", remaining: 9 });
  expect(await evidence()).toContainEqual(expect.stringMatching(/^could not look: .*DescribeListenerCertificates/));
});

test("a call that fails makes its own steps unknown, and says why", async () => {
  const config = libraryConfig();
  const world = await startLibraryWorld({ config });
  world.fault("error", { service: "ecs", operation: "DescribeClusters", remaining: null });
  const report = await reportOn(world.aws, subjectOf(config, REGION));
  expect(outcomes(report)).toMatchObject({ cluster: "unknown", service: expect.not.stringMatching("unknown") });
  expect(report.steps.find(({ id }) => id === "cluster")?.points[0]?.evidence).toContain("ecs:DescribeClusters");
});

function callsOf({ sandbox }: Awaited<ReturnType<typeof startLibraryWorld>>): number {
  return Object.values(sandbox.calls.counts()).reduce((sum, { count }) => sum + count, 0);
}

test("where people have to approve, a service of ECS and a group of CodeDeploy that wait for nobody are told before a release", async () => {
  const sandbox = await createSandbox({ seed: "driven", policy: SHIPPED_POLICY, ecs: { virtual: true } });
  const aws = createAws({ region: REGION, endpoint: sandbox.url });
  onTestFinished(async () => {
    aws.destroy();
    await sandbox.close();
  });
  const approvals = { release: { approvers: 2 } };
  const of = (name: string, settings: object) =>
    applicationSchema.parse({
      ...{ name, cluster: "library-management-cluster", approvals },
      service: `${name}-service`,
      ...settings,
    });
  const orders = of("orders", { controller: "ecs-native" });
  const members = of("members", {
    controller: "code-deploy",
    codeDeploy: { application: "members", group: "members-group" },
  });
  const said = async (config: typeof orders) => {
    const { steps } = await reportOn(aws, subjectOf(config, REGION));
    return steps.find(({ id }) => id === "service")?.points.map(({ outcome, evidence }) => `${outcome}: ${evidence}`);
  };
  expect(await said(orders)).toContain("pass: orders-service waits for a person before production traffic moves");
  expect(await said(members)).toContainEqual(
    expect.stringMatching(/^fail: members-service: A release needs 2 approvals, and the deployment group reroutes/),
  );
});
