import { expect, test } from "vitest";
import { AwsFailure } from "../aws/errors.ts";
import { englishOf } from "../domain/sentence/told.ts";
import { startLibraryWorld, until } from "../testing/library-world.ts";
import { WeightsChanged } from "./weights-changed.ts";

const BLUE = { blue: 100, green: 0 };
const GREEN = { blue: 0, green: 100 };

async function modify(world: Awaited<ReturnType<typeof startLibraryWorld>>, input: Record<string, unknown>) {
  const operation = world.sandbox.elb.service.operations.ModifyListener;
  if (!operation) throw new Error("ModifyListener is missing");
  await operation(
    { ListenerArn: world.application.listener.arn, ...input },
    {
      requestId: "test",
      signal: new AbortController().signal,
    },
  );
}

async function actionsOf(world: Awaited<ReturnType<typeof startLibraryWorld>>, arn: string) {
  const list = (await world.aws.elb.describeForwards([{ arn, kind: "listener" }], "action")).get(arn);
  if (!list || list instanceof AwsFailure) throw new Error(`no listener ${arn}`);
  return list.actions;
}

function groups(world: Awaited<ReturnType<typeof startLibraryWorld>>) {
  const { blue, green } = world.application.slots;
  return [
    { TargetGroupArn: blue.targetGroupArn, Weight: 100 },
    { TargetGroupArn: green.targetGroupArn, Weight: 0 },
  ];
}

test("observes both sides of the seeded application", async () => {
  const { controller, application } = await startLibraryWorld();
  await until(
    async () => (await controller.observe(application)).slots.green.counts.healthy === 2,
    "two healthy targets",
  );
  const observation = await controller.observe(application);
  expect(observation.sources).toEqual([
    { name: "ecs", state: "ok", ageMs: expect.any(Number) },
    { name: "elb", state: "ok", ageMs: expect.any(Number) },
  ]);
  expect(observation.traffic).toMatchObject({ live: "blue", weights: BLUE, test: { weights: GREEN } });
  expect(observation.traffic.drift).toBeUndefined();
  const { blue, green } = observation.slots;
  expect(blue.role).toBe("live");
  expect(green.role).toBe("standby");
  expect(blue.revision).toMatchObject({ tag: "1.0.0", digest: expect.stringMatching(/^sha256:/) });
  expect(blue.deregistrationDelaySeconds).toBe(15);
  expect(blue.tasks).toHaveLength(2);
  expect(blue.targets.map((t) => t.id).sort()).toEqual(blue.tasks.map((t) => t.address).sort());
  expect(blue.tasks[0]?.logStream).toBe(`ecs/library/${blue.tasks[0]?.id}`);
});

test("counts what every observation sees, whoever looks", async () => {
  const { controller, application } = await startLibraryWorld();
  await until(async () => (await controller.observe(application)).slots.blue.counts.healthy === 2);
  const first = (await controller.observe(application)).slots.blue.targets[0];
  const second = (await controller.observe(application)).slots.blue.targets[0];
  expect(second?.consecutive).toBe((first?.consecutive ?? 0) + 1);
  expect(second?.since).toBe(first?.since);
});

test("shifts all weight, reads it back and writes nothing the second time", async () => {
  const { controller, application, calls } = await startLibraryWorld();
  const shifted = await controller.shift(application, BLUE, GREEN);
  expect(shifted.requestId).toMatch(/-/);
  expect(shifted.value).toMatchObject({ before: BLUE, after: GREEN, alreadyThere: false });
  expect((await controller.readWeights(application)).weights).toEqual(GREEN);
  expect((await controller.shift(application, BLUE, GREEN)).value.alreadyThere).toBe(true);
  expect(calls("elbv2.ModifyListener")).toBe(1);
});

test("refuses to write when somebody else changed the listener", async () => {
  const { controller, application, sandbox, calls } = await startLibraryWorld();
  sandbox.elb.controls.setWeights("library-alb:80", { "library-blue-tg": 50, "library-green-tg": 50 });
  const failure = await controller.shift(application, BLUE, GREEN).catch((error) => error);
  expect(failure).toBeInstanceOf(WeightsChanged);
  expect(failure).toMatchObject({ expected: BLUE, actual: { blue: 50, green: 50 }, drift: null });
  expect(calls("elbv2.ModifyListener")).toBe(0);
});

test("refuses to write over a third target group", async () => {
  const world = await startLibraryWorld();
  const { controller, application, sandbox } = world;
  const create = sandbox.elb.service.operations.CreateTargetGroup;
  const made = (await create?.(
    { Name: "canary-tg", Protocol: "HTTP", Port: 80, VpcId: "vpc-0a1b2c3d4e5f60001", TargetType: "ip" },
    { requestId: "test", signal: new AbortController().signal },
  )) as { TargetGroups?: { TargetGroupArn?: string }[] };
  const TargetGroups = [...groups(world), { TargetGroupArn: made.TargetGroups?.[0]?.TargetGroupArn, Weight: 0 }];
  await modify(world, { DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] });
  const failure = await controller.shift(application, BLUE, GREEN).catch((error) => error);
  expect(failure).toBeInstanceOf(WeightsChanged);
  expect(englishOf(failure.drift)).toContain("canary-tg");
  const { traffic } = await controller.observe(application);
  expect(traffic.drift).toContain("canary-tg");
});

test("moves a listener in its scalar shape, with one target group and no weights", async () => {
  const world = await startLibraryWorld();
  const { controller, application } = world;
  const blue = application.slots.blue.targetGroupArn;
  await modify(world, { DefaultActions: [{ Type: "forward", TargetGroupArn: blue }] });
  const before = await controller.readWeights(application);
  expect(before).toMatchObject({ weights: { blue: 1, green: 0 }, drift: null });
  await controller.shift(application, before.weights, GREEN);
  expect((await controller.readWeights(application)).weights).toEqual(GREEN);
});

test("keeps group stickiness", async () => {
  const world = await startLibraryWorld();
  const { controller, application } = world;
  await modify(world, {
    DefaultActions: [
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: groups(world),
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
        },
      },
    ],
  });
  await controller.shift(application, BLUE, GREEN);
  const { traffic } = await controller.observe(application);
  expect(traffic).toMatchObject({ weights: GREEN, groupStickinessSeconds: 600 });
});

test.each(["before", "after"] as const)(
  "a connection that breaks %s ModifyListener took effect loses nothing",
  async (phase) => {
    const { controller, application, fault } = await startLibraryWorld();
    fault("reset", { service: "elbv2", operation: "ModifyListener", phase });
    const shifted = await controller.shift(application, BLUE, GREEN);
    expect(shifted.value).toMatchObject({ before: BLUE, after: GREEN, alreadyThere: false });
    expect((await controller.readWeights(application)).weights).toEqual(GREEN);
  },
);

test("an answer that never comes ends in time, and the shift is found done", async () => {
  const { controller, application, fault } = await startLibraryWorld({ aws: { requestTimeoutMs: 2000 } });
  fault("timeout", { service: "elbv2", operation: "ModifyListener", phase: "after", ms: 60_000 });
  const shifted = await controller.shift(application, BLUE, GREEN);
  expect(shifted.value.after).toEqual(GREEN);
});

test("keeps the authentication before the forward, whose secret AWS never tells", async () => {
  const world = await startLibraryWorld();
  const { controller, application, sandbox, aws } = world;
  const loadBalancer = await aws.elb.findLoadBalancer("library-alb", "action");
  const oidc = {
    Issuer: "https://issuer.example",
    AuthorizationEndpoint: "https://issuer.example/authorize",
    TokenEndpoint: "https://issuer.example/token",
    UserInfoEndpoint: "https://issuer.example/me",
    ClientId: "switchyard",
    ClientSecret: "not told again",
  };
  const created = (await sandbox.elb.service.operations.CreateListener?.(
    {
      LoadBalancerArn: loadBalancer.arn,
      Protocol: "HTTPS",
      Port: 443,
      Certificates: [{ CertificateArn: "arn:aws:acm:ap-northeast-2:123456789012:certificate/1" }],
      DefaultActions: [
        { Type: "forward", Order: 2, ForwardConfig: { TargetGroups: groups(world) } },
        { Type: "authenticate-oidc", Order: 1, AuthenticateOidcConfig: oidc },
      ],
    },
    { requestId: "test", signal: new AbortController().signal },
  )) as { Listeners?: { ListenerArn?: string }[] };
  const arn = created.Listeners?.[0]?.ListenerArn ?? "";
  const secured = { ...application, listener: { ...application.listener, arn } };
  const before = await actionsOf(world, arn);
  await controller.shift(secured, BLUE, GREEN);
  expect((await controller.readWeights(secured)).weights).toEqual(GREEN);
  const after = await actionsOf(world, arn);
  expect(after[0]).toEqual(before[0]);
  expect(after[0]?.Type).toBe("authenticate-oidc");
  expect(after).toHaveLength(2);
});

test("reads back until stale answers are over", async () => {
  const { controller, application, fault } = await startLibraryWorld({ sandbox: { speed: 1 } });
  await controller.readWeights(application);
  const stale = fault("stale", { service: "elbv2", operation: "DescribeListeners", ms: 30_000, remaining: 3 });
  const shifted = await controller.shift(application, BLUE, GREEN);
  expect(shifted.value).toMatchObject({ after: GREEN, alreadyThere: false });
  expect(stale.hits).toBe(3);
});

test("says so when the read-back never shows the write", async () => {
  const { controller, application, fault } = await startLibraryWorld({ sandbox: { speed: 1 } });
  await controller.readWeights(application);
  fault("stale", { service: "elbv2", operation: "DescribeListeners", ms: 30_000, remaining: null });
  const failure = await controller.shift(application, BLUE, GREEN).catch((error) => error);
  expect(failure).toBeInstanceOf(AwsFailure);
  expect(failure).toMatchObject({ code: "ReadBackMismatch", retryable: true });
});

test("a throttled write is tried again within the budget", async () => {
  const { controller, application, fault } = await startLibraryWorld();
  fault("throttle", { service: "elbv2", operation: "ModifyListener", remaining: 2 });
  await controller.shift(application, BLUE, GREEN);
  expect((await controller.readWeights(application)).weights).toEqual(GREEN);
});

test("a rule's weights are moved and the listener's default action is left alone", async () => {
  const world = await startLibraryWorld();
  const { application, controller, sandbox } = world;
  const created = (await sandbox.elb.service.operations.CreateRule?.(
    {
      ListenerArn: application.listener.arn,
      Priority: 10,
      Conditions: [{ Field: "path-pattern", Values: ["/books/*"] }],
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: groups(world) } }],
    },
    { requestId: "test", signal: new AbortController().signal },
  )) as { Rules?: { RuleArn?: string }[] };
  const arn = created.Rules?.[0]?.RuleArn ?? "";
  const byRule = { ...application, listener: { ...application.listener, arn, kind: "rule" as const } };
  await controller.shift(byRule, BLUE, GREEN);
  expect((await controller.readWeights(byRule)).weights).toEqual(GREEN);
  expect((await controller.readWeights(application)).weights).toEqual(BLUE);
});

test("tells of a rule that takes every request before the listener's default", async () => {
  const world = await startLibraryWorld();
  const { application, controller, sandbox } = world;
  await sandbox.elb.service.operations.CreateRule?.(
    {
      ListenerArn: application.listener.arn,
      Priority: 5,
      Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
      Actions: [{ Type: "forward", TargetGroupArn: application.slots.green.targetGroupArn }],
    },
    { requestId: "test", signal: new AbortController().signal },
  );
  const { traffic } = await controller.observe(application);
  expect(traffic.drift).toBe("Rule 5 comes first and takes every request to library-green-tg");
});

test("plans and registers exactly the current definition with another image", async () => {
  const { controller, application, aws } = await startLibraryWorld();
  const uri = await aws.ecr.getRepositoryUri("library-management-system", "action");
  const tag = await aws.ecr.findTag("library-management-system", "1.1.0", "action");
  const image = `${uri}:1.1.0@${tag?.digest}`;
  const plan = await controller.planRevision(application, "green", { image });
  expect(plan.changes).toEqual([
    { field: "library: image", before: expect.stringContaining(":1.0.0@sha256:"), after: image },
  ]);
  const { value, requestId } = await controller.registerRevision(application, "green", { image }, "d-1");
  expect(requestId).not.toBeNull();
  expect(value).toEqual({ taskDefinition: expect.stringMatching(/:3$/), image, digest: tag?.digest, tag: "1.1.0" });
  expect(await aws.definitions.get(value.taskDefinition, "action")).toMatchObject({
    ...plan.next,
    arn: value.taskDefinition,
  });
});

test("the same deployment registers once, another one again", async () => {
  const { controller, application, calls } = await startLibraryWorld();
  const request = { image: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system:1.1.0" };
  const first = await controller.registerRevision(application, "green", request, "d-1");
  const again = await controller.registerRevision(application, "green", request, "d-1");
  expect(again.value).toEqual(first.value);
  expect(calls("ecs.RegisterTaskDefinition")).toBe(1);
  const other = await controller.registerRevision(application, "green", request, "d-2");
  expect(other.value.taskDefinition).not.toBe(first.value.taskDefinition);
});

test("finds what it registered when the answer was lost", async () => {
  const { controller, application, fault, calls } = await startLibraryWorld();
  fault("reset", { service: "ecs", operation: "RegisterTaskDefinition", phase: "after" });
  const request = { image: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system:1.1.0" };
  const { value } = await controller.registerRevision(application, "green", request, "d-1");
  expect(value.taskDefinition).toMatch(/:3$/);
  expect(calls("ecs.RegisterTaskDefinition")).toBe(1);
});

test("starts one side and never touches the other; a repeat does nothing", async () => {
  const { controller, application, calls } = await startLibraryWorld();
  const before = await controller.observe(application);
  const request = { image: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system:1.1.0" };
  const { value: revision } = await controller.registerRevision(application, "green", request, "d-1");
  await controller.startSide(application, "green", revision, 3);
  await controller.startSide(application, "green", revision, 3);
  expect(calls("ecs.UpdateService")).toBe(1);
  const after = await controller.observe(application);
  expect(after.slots.green).toMatchObject({ revision, counts: { desired: 3 }, rollout: { state: "IN_PROGRESS" } });
  expect(after.slots.blue.revision).toEqual(before.slots.blue.revision);
});

test("a lost answer of UpdateService is settled by looking", async () => {
  const { controller, application, fault, calls } = await startLibraryWorld();
  fault("reset", { service: "ecs", operation: "UpdateService", phase: "after" });
  await controller.scaleSide(application, "green", 0);
  expect(calls("ecs.UpdateService")).toBe(1);
  expect((await controller.observe(application)).slots.green.counts.desired).toBe(0);
});

test("names what is missing", async () => {
  const { controller, application, aws } = await startLibraryWorld();
  const gone = {
    ...application,
    slots: { ...application.slots, green: { ...application.slots.green, service: "no-such-service" } },
  };
  const observation = await controller.observe(gone);
  expect(observation.sources[0]).toMatchObject({ name: "ecs", state: "error", message: /no-such-service/ });
  await expect(controller.scaleSide(gone, "green", 1)).rejects.toMatchObject({ kind: "missing", code: "MISSING" });
  expect(await aws.ecr.findTag("library-management-system", "9.9.9", "action")).toBeNull();
});
