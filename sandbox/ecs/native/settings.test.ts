import * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { balancer, blueGreen, type NativeWorld, pauseAt, startNativeWorld } from "./native-fixture.ts";

const REFUSED: [string, (world: NativeWorld) => Partial<Ecs.CreateServiceRequest>, RegExp | string][] = [
  [
    "a listener for a rule",
    (world) => ({
      loadBalancers: [
        balancer(world, { productionListenerRule: "arn:aws:elasticloadbalancing:r:1:listener/app/web/1/2" }),
      ],
    }),
    "productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: arn:aws:elasticloadbalancing:r:1:listener/app/web/1/2",
  ],
  [
    "one rule for both",
    (world) => ({ loadBalancers: [balancer(world, { testListenerRule: world.productionRule })] }),
    /^The following rules cannot be used as both production and test listener rules: /,
  ],
  [
    "one group twice",
    (world) => ({ loadBalancers: [balancer(world, { alternateTargetGroupArn: world.blue })] }),
    /^Duplicate targetGroupArn found: /,
  ],
  [
    "no advanced configuration",
    (world) => ({ loadBalancers: [{ ...balancer(world), advancedConfiguration: undefined }] }),
    "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy",
  ],
  [
    "a Classic Load Balancer",
    (world) => ({
      loadBalancers: [{ ...balancer(world), targetGroupArn: undefined, loadBalancerName: "classic" }],
    }),
    "advancedConfiguration field is not allowed with ELBv1 loadBalancers",
  ],
  [
    "an advanced configuration on one of two",
    (world) => ({
      loadBalancers: [balancer(world), { ...balancer(world), advancedConfiguration: undefined }],
    }),
    "Either all or none of the provided loadBalancers must have advancedConfiguration defined",
  ],
  ["no bake time", () => ({ deploymentConfiguration: { strategy: "BLUE_GREEN" } }), /bakeTimeInMinutes/],
  [
    "a pause where traffic shifts",
    () => ({ deploymentConfiguration: blueGreen([pauseAt("PRODUCTION_TRAFFIC_SHIFT")]) }),
    "Invalid lifecycle stage provided for Pause Hook",
  ],
  [
    "a hook of an unknown type",
    () => ({
      deploymentConfiguration: blueGreen([{ targetType: "SNS" as "PAUSE", lifecycleStages: ["POST_SCALE_UP"] }]),
    }),
    "Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE",
  ],
  [
    "hundredths of a percent",
    () => ({ deploymentConfiguration: { strategy: "CANARY", canaryConfiguration: { canaryPercent: 0.15 } } }),
    /canaryPercent must be between 0.1 and 100 in multiples of 0.1/,
  ],
  [
    "eleven pauses",
    () => ({ deploymentConfiguration: blueGreen(Array.from({ length: 11 }, () => pauseAt("POST_SCALE_UP"))) }),
    /at most 10/,
  ],
  [
    "a Lambda hook that may take more than a day",
    () => ({
      deploymentConfiguration: blueGreen([
        {
          hookTargetArn: "arn:aws:lambda:r:1:function:check",
          roleArn: "arn:aws:iam::1:role/hooks",
          lifecycleStages: ["POST_SCALE_UP"],
          timeoutConfiguration: { timeoutInMinutes: 1441 },
        },
      ]),
    }),
    /timeoutInMinutes must be between 1 and 1440/,
  ],
];

test("CreateService refuses in AWS's words what could not be deployed, and creates nothing", async () => {
  const world = await startNativeWorld();
  const taskDefinition = await world.register("1.0.0");
  for (const [name, input, words] of REFUSED) {
    const error = await world.createService(taskDefinition, input(world)).then(
      () => "",
      (reason: Error) => {
        expect(reason.name, name).toBe("InvalidParameterException");
        return reason.message;
      },
    );
    if (typeof words === "string") expect(error, name).toBe(words);
    else expect(error, name).toMatch(words);
  }
  await expect(world.service()).rejects.toThrow("There is no service web.");
});

test("without a test rule the production rule must name both groups", async () => {
  const world = await startNativeWorld();
  const loadBalancers = [balancer(world, { testListenerRule: undefined })];
  world.sandbox.elb.rules.writeForward(world.productionRule, [{ targetGroupArn: world.blue, weight: 1 }]);
  await expect(world.createService(await world.register("1.0.0"), { loadBalancers })).rejects.toThrow(
    "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not associated with both targetGroup and alternateTargetGroup",
  );
});

test("UpdateService judges a new strategy by the load balancers the service has", async () => {
  const world = await startNativeWorld();
  await world.createService(await world.register("1.0.0"), {
    deploymentConfiguration: { strategy: "ROLLING" },
    loadBalancers: [{ ...balancer(world), advancedConfiguration: undefined }],
  });
  await expect(world.update({ deploymentConfiguration: blueGreen([]) })).rejects.toThrow(
    /advancedConfiguration field is required/,
  );
});

test("a rolling service moves to blue/green in place: its tasks are the live side of the next deployment", async () => {
  const world = await startNativeWorld();
  await world.createService(await world.register("1.0.0"), {
    deploymentConfiguration: { strategy: "ROLLING" },
    loadBalancers: [{ ...balancer(world), advancedConfiguration: undefined }],
  });
  await world.until(({ status }) => status === "SUCCESSFUL", "created");
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([]), loadBalancers: [balancer(world)] });
  const { deployment, stages } = await world.until(({ status }) => status === "SUCCESSFUL", "deployed");
  expect(stages).toContain("SCALE_UP");
  expect(deployment.deploymentConfiguration?.strategy).toBe("BLUE_GREEN");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  expect(await world.targets(world.green)).toEqual(["healthy", "healthy"]);
});

test("a blue/green service that is given the rolling strategy rolls where production is", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", { deploymentConfiguration: { strategy: "ROLLING" } });
  const { deployment } = await world.until(({ status }) => status === "SUCCESSFUL", "rolled");
  expect(deployment.lifecycleStage).toBeUndefined();
  expect(deployment.targetServiceRevision?.requestedProductionTrafficWeight).toBeUndefined();
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  await world.pass(10);
  expect([await world.targets(world.blue), await world.targets(world.green)]).toEqual([[], ["healthy", "healthy"]]);
});

test("a service that is deleted moves no traffic any more", async () => {
  const world = await startNativeWorld();
  await world.created();
  const hook = {
    ...pauseAt("POST_TEST_TRAFFIC_SHIFT"),
    timeoutConfiguration: { timeoutInMinutes: 1, action: "CONTINUE" as const },
  };
  const arn = await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([hook]) });
  await world.until(({ lifecycleStage }) => lifecycleStage === "POST_TEST_TRAFFIC_SHIFT", "paused");
  await world.ecs.send(new Ecs.DeleteServiceCommand({ cluster: "main", service: "web", force: true }));
  await world.pass(90);
  expect((await world.service()).status).toBe("INACTIVE");
  expect((await world.deployment(arn)).status).toBe("STOPPED");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
});
