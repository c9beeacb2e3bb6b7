import { CreateDeploymentConfigCommand, UpdateDeploymentGroupCommand } from "@aws-sdk/client-codedeploy";
import { type DeploymentConfiguration, type DeploymentLifecycleHook, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import {
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CLUSTER, type Clients, type DrivenName, GROUP } from "../bench/driven-world.ts";
import type { Chance } from "./chance.ts";

type Pause = readonly [
  stage: "POST_TEST_TRAFFIC_SHIFT" | "PRE_PRODUCTION_TRAFFIC_SHIFT" | "POST_PRODUCTION_TRAFFIC_SHIFT",
  minutes: number,
  action: "ROLLBACK" | "CONTINUE",
];

const BEFORE: readonly [Pause[], ...Pause[][]] = [
  [["POST_TEST_TRAFFIC_SHIFT", 60, "ROLLBACK"]],
  [["POST_TEST_TRAFFIC_SHIFT", 1, "ROLLBACK"]],
  [["PRE_PRODUCTION_TRAFFIC_SHIFT", 60, "ROLLBACK"]],
  [["PRE_PRODUCTION_TRAFFIC_SHIFT", 1, "CONTINUE"]],
  // Two at one stage wait at the same time.
  [
    ["POST_TEST_TRAFFIC_SHIFT", 60, "ROLLBACK"],
    ["POST_TEST_TRAFFIC_SHIFT", 30, "ROLLBACK"],
  ],
  [],
];
const AFTER: readonly [Pause[], ...Pause[][]] = [
  [["POST_PRODUCTION_TRAFFIC_SHIFT", 1440, "CONTINUE"]],
  [["POST_PRODUCTION_TRAFFIC_SHIFT", 1, "CONTINUE"]],
  [["POST_PRODUCTION_TRAFFIC_SHIFT", 1, "ROLLBACK"]],
  [],
];
const CONFIG = "a-fifth-for-a-minute";

/** How AWS is set before the run, and whose releases people have to approve: only where AWS would wait for that. */
export async function settleDriven(
  clients: Clients,
  chance: Chance,
): Promise<{ approved: DrivenName[]; isGradual: boolean }> {
  await drainFast(clients);
  const before = chance.pick(BEFORE);
  const isGradual = chance.isHit(0.25);
  const configuration: DeploymentConfiguration = {
    deploymentCircuitBreaker: { enable: true, rollback: true },
    bakeTimeInMinutes: chance.isHit(0.2) ? 1 : 0,
    lifecycleHooks: [...before, ...chance.pick(AFTER)].map(hook),
    ...(isGradual
      ? { strategy: "CANARY", canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 0 } }
      : { strategy: "BLUE_GREEN" }),
  };
  const service = { cluster: CLUSTER, service: "orders-service" };
  await clients.ecs.send(new UpdateServiceCommand({ ...service, deploymentConfiguration: configuration }));
  const waits = chance.isHit(0.75);
  await settleGroup(clients, chance, waits);
  const approved: DrivenName[] = [];
  if (before.length > 0 && before.every(([, , action]) => action === "ROLLBACK") && chance.isHit(0.4))
    approved.push("orders");
  if (waits && chance.isHit(0.4)) approved.push("members");
  return { approved, isGradual };
}

function hook([stage, timeoutInMinutes, action]: Pause): DeploymentLifecycleHook {
  return { targetType: "PAUSE", lifecycleStages: [stage], timeoutConfiguration: { timeoutInMinutes, action } };
}

async function settleGroup({ codedeploy }: Clients, chance: Chance, waits: boolean): Promise<void> {
  const trafficRoutingConfig = {
    type: "TimeBasedCanary",
    timeBasedCanary: { canaryPercentage: 20, canaryInterval: 1 },
  } as const;
  const config = { deploymentConfigName: CONFIG, computePlatform: "ECS", trafficRoutingConfig } as const;
  // A reset leaves none behind.
  await codedeploy.send(new CreateDeploymentConfigCommand(config));
  const { deploymentGroupName: currentDeploymentGroupName, applicationName } = GROUP;
  await codedeploy.send(
    new UpdateDeploymentGroupCommand({
      applicationName,
      currentDeploymentGroupName,
      deploymentConfigName: chance.isHit(0.25) ? CONFIG : "CodeDeployDefault.ECSAllAtOnce",
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: waits
          ? { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: chance.pick([60, 1]) }
          : { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: "TERMINATE",
          terminationWaitTimeInMinutes: chance.pick([30, 1, 0]),
        },
      },
    }),
  );
}

/** The world's targets drain for fifteen seconds, at both ends of every deployment. */
async function drainFast({ elb }: Clients): Promise<void> {
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "1" }];
  for (const { TargetGroupArn } of TargetGroups)
    await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
}
