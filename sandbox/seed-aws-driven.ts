import type { SeedBuilder } from "./seed-builder.ts";
import { seedBehindListeners, seedGround, weighted } from "./seed-entrance.ts";
import type { Workload } from "./seed-task-definition.ts";

const CLUSTER = "library-management-cluster";
const ORDERS: Workload = {
  name: "orders",
  cluster: CLUSTER,
  family: "orders-task",
  repository: "orders",
  logGroup: "/ecs/orders-task",
  port: 8083,
  tasks: 2,
  size: { cpu: "256", memory: "512" },
};
const PAYMENTS: Workload = {
  name: "payments",
  cluster: CLUSTER,
  family: "payments-task",
  repository: "payments",
  logGroup: "/ecs/payments-task",
  port: 8084,
  tasks: 2,
  size: { cpu: "256", memory: "512" },
};

const ORDERS_IMAGES = [
  { tag: "3.0.0", daysAgo: 18, sizeBytes: 151_220_007 },
  { tag: "3.1.0", daysAgo: 3.3, sizeBytes: 151_611_842 },
  { tag: "3.2.0-unhealthy", daysAgo: 1.2, sizeBytes: 151_700_118 },
];
const PAYMENTS_IMAGES = [
  { tag: "5.0.0", daysAgo: 25, sizeBytes: 133_900_461 },
  { tag: "5.1.0", daysAgo: 2.1, sizeBytes: 134_020_395 },
  { tag: "5.2.0-errors", daysAgo: 0.8, sizeBytes: 134_101_822 },
];

const MEMBERS: Workload = {
  name: "members",
  cluster: CLUSTER,
  family: "members-task",
  repository: "members",
  logGroup: "/ecs/members-task",
  port: 8085,
  tasks: 2,
  size: { cpu: "256", memory: "512" },
};
const MEMBERS_IMAGES = [
  { tag: "1.8.0", daysAgo: 41, sizeBytes: 129_007_514 },
  { tag: "1.9.0", daysAgo: 4.4, sizeBytes: 129_230_071 },
  { tag: "1.9.1-unhealthy", daysAgo: 1.6, sizeBytes: 129_230_480 },
];

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

/** The applications whose traffic AWS moves: `orders` blue/green with two pauses, `payments` by canary, `members` by CodeDeploy. */
export async function seedAwsDriven(build: SeedBuilder): Promise<void> {
  await seedOrders(build);
  await seedPayments(build);
  await seedMembers(build);
}

/** Two of them: `orders` of ECS's own, and `members` of CodeDeploy's. */
export async function seedOrdersAndMembers(build: SeedBuilder): Promise<void> {
  await seedOrders(build);
  await seedMembers(build);
}

async function seedOrders(build: SeedBuilder): Promise<void> {
  const { image, groups } = await seedGround(build, ORDERS, ORDERS_IMAGES);
  const loadBalancer = await build.loadBalancer("orders-alb");
  // Green is live and empty: that is how the first revision comes to be in blue.
  const startWeights = weighted(groups, 0, 100);
  const rules = [];
  for (const port of [80, 81])
    rules.push(await build.rule(await build.listener(loadBalancer, port, null), startWeights));
  const [productionRule = "", testRule] = rules;
  await build.nativeService(ORDERS, {
    name: "orders-service",
    taskDefinition: await build.taskDefinition(ORDERS, image("3.0.0")),
    groups,
    productionRule,
    testRule,
    configuration: {
      ...BREAKER,
      strategy: "BLUE_GREEN",
      bakeTimeInMinutes: 1,
      lifecycleHooks: [
        {
          targetType: "PAUSE",
          lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
          timeoutConfiguration: { timeoutInMinutes: 60, action: "ROLLBACK" },
        },
        {
          targetType: "PAUSE",
          lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"],
          timeoutConfiguration: { timeoutInMinutes: 1440, action: "CONTINUE" },
        },
      ],
    },
  });
}

/** Its production rule is a listener's default one, and it has no test rule. */
async function seedPayments(build: SeedBuilder): Promise<void> {
  const { image, groups } = await seedGround(build, PAYMENTS, PAYMENTS_IMAGES);
  const loadBalancer = await build.loadBalancer("payments-alb");
  const listener = await build.listener(loadBalancer, 80, weighted(groups, 0, 100));
  await build.nativeService(PAYMENTS, {
    name: "payments-service",
    taskDefinition: await build.taskDefinition(PAYMENTS, image("5.0.0")),
    groups,
    productionRule: await build.defaultRule(listener),
    configuration: {
      ...BREAKER,
      strategy: "CANARY",
      bakeTimeInMinutes: 1,
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 },
    },
  });
}

async function seedMembers(build: SeedBuilder): Promise<void> {
  const { image, groups, listener, testListener } = await seedBehindListeners(build, MEMBERS, MEMBERS_IMAGES);
  await build.codeDeployService(MEMBERS, {
    name: "members-service",
    taskDefinition: await build.taskDefinition(MEMBERS, image("1.8.0")),
    targetGroupArn: groups.blue,
    group: {
      deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"] },
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 },
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 10 },
      },
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: [{ name: "members-blue-tg" }, { name: "members-green-tg" }],
            prodTrafficRoute: { listenerArns: [listener] },
            testTrafficRoute: { listenerArns: [testListener] },
          },
        ],
      },
    },
  });
}
