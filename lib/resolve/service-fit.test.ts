import { describe, expect, test } from "vitest";
import { AwsFailure } from "../aws/errors.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import type { ListenerRef } from "../domain/application/application.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { createObserver } from "../observe/observer.ts";
import { FAST_LIMITS, libraryConfig, startLibraryWorld, until } from "../testing/library-world.ts";
import { resolveApplication } from "./resolve-application.ts";
import { balancedContainer, findDrivenMisfit, findGroupMisfit, findMisfit, refuseTargetType } from "./service-fit.ts";

type World = Awaited<ReturnType<typeof startLibraryWorld>>;

/** Changes a service as somebody else would. */
async function updateService({ sandbox, application }: World, service: string | null, changes: object): Promise<void> {
  const update = sandbox.ecs.service.operations.UpdateService;
  await update?.(
    { cluster: application.cluster, service, ...changes },
    { requestId: "test", signal: new AbortController().signal },
  );
}

const entry = (targetGroupArn: string) => ({ targetGroupArn, containerName: "library", containerPort: 8081 });
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof AwsFailure ? error.message : String(error)),
  );

test("sides that are swapped in switchyard.yaml are refused when names are resolved, with what AWS says", async () => {
  const { aws } = await startLibraryWorld();
  const swapped = libraryConfig({
    blue: { service: "library-green-service", targetGroup: "library-blue-tg" },
    green: { service: "library-blue-service", targetGroup: "library-green-tg" },
  });
  expect(await messageOf(resolveApplication(aws, swapped))).toBe(
    "AWS says that library-green-service registers with library-green-tg, not with library-blue-tg, which is blue's. " +
      "That is green's group: the sides of library may be swapped in switchyard.yaml",
  );
});

test("a service that was registered with both groups since is not started, and nothing is written", async () => {
  const world = await startLibraryWorld({ aws: { limits: FAST_LIMITS } });
  const { application, controller, calls } = world;
  const { blue, green } = application.slots;
  await updateService(world, green.service, {
    loadBalancers: [entry(green.targetGroupArn), entry(blue.targetGroupArn)],
  });
  const before = calls("ecs.UpdateService");
  const look = await controller.observe(application);
  const revision = look.slots.green.revision;
  if (!revision) throw new Error("Green runs nothing");
  expect(await messageOf(controller.startSide(application, "green", revision, 3))).toContain("with both sides' groups");
  expect(await messageOf(controller.scaleSide(application, "green", 3))).toContain("with both sides' groups");
  expect(calls("ecs.UpdateService")).toBe(before);
  // Stopping it is always possible.
  await controller.scaleSide(application, "green", 0);
  expect(await messageOf(resolveApplication(world.aws, world.config))).toContain("with both sides' groups");
});

test("what AWS says of strategy, controller and groups decides", async () => {
  const { application, aws } = await startLibraryWorld();
  const service = (await aws.ecs.describeServices(application.cluster, ["library-blue-service"], "action")).get(
    "library-blue-service",
  );
  if (!service || service instanceof AwsFailure) throw new Error("No service");
  const misfit = (changes: object, controller = application.controller) => {
    const said = findMisfit({ ...application, controller }, "blue", { ...service, ...changes });
    return said && inEnglish(said);
  };
  expect(misfit({})).toBeNull();
  for (const strategy of ["BLUE_GREEN", "LINEAR", "CANARY"])
    for (const [controller, deploymentController] of [
      ["paired-services", "ECS"],
      ["task-set", "EXTERNAL"],
    ] as const)
      expect(misfit({ strategy, deploymentController }, controller)).toMatch(
        new RegExp(`library-blue-service has the deployment strategy ${strategy}, .* needs ROLLING`),
      );
  for (const deploymentController of ["CODE_DEPLOY", "EXTERNAL"])
    expect(misfit({ deploymentController })).toContain(`the deployment controller ${deploymentController}`);
  expect(misfit({ deploymentController: "CODE_DEPLOY" }, "task-set")).toContain("needs EXTERNAL");
  expect(misfit({ targetGroupArns: [] })).toContain("registers with no target group, not with library-blue-tg");
  const strange = application.slots.blue.targetGroupArn.replace("library-blue-tg", "payments-tg");
  expect(misfit({ targetGroupArns: [strange] })).toContain("no group of this application");
});

test("the image goes to the container behind the target groups; entries that name several are refused", async () => {
  const { aws, application } = await startLibraryWorld();
  const { container } = await resolveApplication(aws, libraryConfig({ container: null }));
  expect(container).toBe("library");
  const found = await aws.ecs.describeServices(application.cluster, ["library-blue-service"], "action");
  const service = found.get("library-blue-service");
  if (!service || service instanceof AwsFailure) throw new Error("No service");
  const { blue, green } = application.slots;
  const behind = (...balanced: [string, string][]) =>
    balancedContainer(application, [
      {
        ...service,
        balanced: balanced.map(([targetGroupArn, name]) => ({ targetGroupArn, container: name, port: 80 })),
      },
    ]);
  expect(behind()).toBeNull();
  expect(behind(["arn:metrics-tg", "envoy"], [blue.targetGroupArn, "web"])).toBe("web");
  expect(behind([blue.targetGroupArn, "web"], [green.targetGroupArn, "web"])).toBe("web");
  expect(() => behind([blue.targetGroupArn, "web"], [green.targetGroupArn, "app"])).toThrow(
    /the containers web and app: say with container/,
  );
});

test.each(["ip", "instance"])("tasks are targets of type %s", (type) => {
  expect(() => refuseTargetType("library-blue-tg", type)).not.toThrow();
});

test.each(["lambda", "alb"])("targets of type %s are refused", (type) => {
  expect(() => refuseTargetType("library-blue-tg", type)).toThrow(
    `library-blue-tg has targets of type ${type}, and tasks of ECS are targets of type ip or instance`,
  );
});

test("the board says why the application cannot be looked at", async () => {
  const { aws, controllers } = await startLibraryWorld();
  const config = libraryConfig({
    blue: { service: "library-green-service", targetGroup: "library-blue-tg" },
    green: { service: "library-blue-service", targetGroup: "library-green-tg" },
  });
  const observer = createObserver({ aws, controllers, configs: [config], onError: () => undefined });
  observer.start();
  try {
    await until(() => observer.unresolved()[0]?.message.includes("may be swapped") === true, "the reason");
  } finally {
    await observer.stop();
  }
});

describe("a service of ECS's own blue/green", () => {
  const place = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012";
  const listener = `${place}:listener/app/orders-alb/50dc6c495c0c9188/f2f7dc8efc522ab2`;
  const rule = (id: string) => `${listener.replace(":listener/", ":listener-rule/")}/${id}`;
  const group = (name: string) => `${place}:targetgroup/${name}/73e2d6bc24d8a067`;
  const side = (name: string) => ({ targetGroupArn: group(name), targetGroupName: name, service: "orders" });
  const pair = {
    targetGroupArn: group("blue"),
    alternateTargetGroupArn: group("green"),
    productionRule: rule("9683b2d02a6cabee"),
    testRule: null,
  };
  const misfit = (changes: Partial<typeof pair>, ref: Partial<ListenerRef>) =>
    findDrivenMisfit(
      {
        controller: "ecs-native",
        slots: { blue: side("blue"), green: side("green") },
        listener: { arn: pair.productionRule, kind: "rule", name: "orders-alb HTTP:80 rule 1", url: null, ...ref },
        testListener: null,
      },
      {
        name: "orders",
        deploymentController: "ECS",
        strategy: "BLUE_GREEN",
        pair: { ...pair, ...changes },
      } as ServiceReading,
    );
  const asDefault = { arn: listener, kind: "listener", defaultRuleArn: pair.productionRule } as const;

  test.each<[string, Partial<typeof pair>, Partial<ListenerRef>, boolean]>([
    ["the rule that it was resolved with", {}, {}, true],
    ["a listener's default rule, which is the listener's own action", {}, asDefault, true],
    ["another rule of the listener", { productionRule: rule("0000000000000001") }, {}, false],
    ["another rule than the default one", { productionRule: rule("0000000000000001") }, asDefault, false],
    ["another pair", { alternateTargetGroupArn: group("other") }, {}, false],
  ])("%s", (_what, changes, ref, fits) => {
    expect(misfit(changes, ref) === null).toBe(fits);
  });
});

describe("a deployment group of CodeDeploy's", () => {
  const listener =
    "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:listener/app/members-alb/50dc6c49/f2f7dc8e";
  const side = (name: string) => ({ targetGroupArn: `arn:${name}`, targetGroupName: name, service: "members-service" });
  const application = {
    controller: "code-deploy",
    cluster: "library",
    slots: { blue: side("blue-tg"), green: side("green-tg") },
    listener: { arn: listener, kind: "listener", name: "members-alb HTTP:80", url: null },
    testListener: null,
  } as const;
  const group = {
    ...{ application: "members", group: "members-group", service: { cluster: "library", name: "members-service" } },
    ...{ targetGroups: ["blue-tg", "green-tg"], productionListener: listener, testListener: null },
    ...{ pauses: [], autoRollback: { enabled: true, events: [] }, revision: null },
  };
  const byRule = {
    ...application.listener,
    kind: "rule",
    arn: `${listener.replace(":listener/", ":listener-rule/")}/1`,
  };

  test.each<[string, Partial<typeof group> | object, object, boolean]>([
    ["as it was resolved", {}, {}, true],
    ["its groups in the other order", { targetGroups: ["green-tg", "blue-tg"] }, {}, true],
    ["an application that looks at a rule of its listener", {}, { listener: byRule }, true],
    ["other target groups", { targetGroups: ["blue-tg", "other-tg"] }, {}, false],
    ["no target group", { targetGroups: [] }, {}, false],
    ["another listener", { productionListener: `${listener}0` }, {}, false],
    ["a test listener that was not there", { testListener: listener }, {}, false],
    ["another service", { service: { cluster: "library", name: "other" } }, {}, false],
    ["a service in another cluster", { service: { cluster: "other", name: "members-service" } }, {}, false],
    ["no service of ECS's", { service: null }, {}, false],
    ["another controller's application", { service: null }, { controller: "task-set" }, true],
  ])("%s", (_what, changes, own, fits) => {
    expect(findGroupMisfit({ ...application, ...own }, { ...group, ...changes }) === null).toBe(fits);
  });
});
