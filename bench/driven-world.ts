import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodeDeployClient, UpdateDeploymentGroupCommand } from "@aws-sdk/client-codedeploy";
import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ADMINISTRATOR } from "../lib/testing/shipped-policy.ts";
import { startWorld, type World } from "./world.ts";

/** The applications of the driven world: one by ECS, one by CodeDeploy. */
export type DrivenName = "orders" | "members";
export const DRIVEN_NAMES: readonly DrivenName[] = ["orders", "members"];
export const CLUSTER = "library-management-cluster";
export const GROUP = { applicationName: "members", deploymentGroupName: "members-group" };

/** The clients of somebody else who works in the account. */
export function createClients(endpoint: string) {
  const settings = { endpoint, region: "ap-northeast-2", credentials: ADMINISTRATOR };
  return {
    ecs: new ECSClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    codedeploy: new CodeDeployClient(settings),
  };
}
export type Clients = ReturnType<typeof createClients>;

/** switchyard.yaml of both, with settings of one or the other. */
export function drivenConfiguration(settings: Partial<Record<DrivenName, object>> = {}): object {
  const controllers = {
    orders: { controller: "ecs-native" },
    members: { controller: "code-deploy", codeDeploy: { application: "members", group: "members-group" } },
  };
  return {
    region: "ap-northeast-2",
    access: { sandboxUsers: true },
    applications: DRIVEN_NAMES.map((name) => ({
      name,
      cluster: CLUSTER,
      service: `${name}-service`,
      container: name,
      repository: name,
      logGroup: `/ecs/${name}-task`,
      metricPeriodSeconds: 10,
      ...controllers[name],
      ...settings[name],
    })),
  };
}

/** As much of an application as tells whether it is at rest. */
interface Resting {
  deployment: unknown;
  traffic: { live: string };
  slots: Record<string, { counts: { healthy: number } }>;
}

/** Nothing in flight, and one side live with both its tasks. */
export function isAtRest({ deployment, traffic, slots }: Resting): boolean {
  return deployment === null && slots[traffic.live]?.counts.healthy === 2;
}

/** ECS's events; the sandbox goes by the queue's name alone. */
const EVENTS = [{ queueUrl: "http://127.0.0.1:4566/123456789012/library-events" }];

/** The dashboard at `orders` and `members`, told of events where they are asked for: ECS pauses before and after the shift, CodeDeploy waits before and after it. */
export async function startDrivenWorld(options: { hasEvents?: boolean } = {}): Promise<World & { clients: Clients }> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-driven-"));
  const config = join(folder, "switchyard.yaml");
  await writeFile(
    config,
    JSON.stringify({ ...drivenConfiguration(), ...(options.hasEvents ? { events: EVENTS } : {}) }),
  );
  const world = await startWorld({
    env: { SANDBOX_SEED: "driven", SWITCHYARD_CONFIG: config },
    isReady: async (api) => {
      const all = await Promise.all(DRIVEN_NAMES.map((name) => api<Resting>("GET", `/api/v1/applications/${name}`)));
      return all.every(isAtRest);
    },
  });
  const clients = createClients(world.sandboxUrl);
  const { deploymentGroupName: currentDeploymentGroupName, applicationName } = GROUP;
  await clients.codedeploy.send(
    new UpdateDeploymentGroupCommand({
      ...{ applicationName, currentDeploymentGroupName, deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce" },
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 60 },
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 60 },
      },
    }),
  );
  const pause = (
    stage: "POST_TEST_TRAFFIC_SHIFT" | "POST_PRODUCTION_TRAFFIC_SHIFT",
    action: "ROLLBACK" | "CONTINUE",
  ) => ({
    ...{ targetType: "PAUSE" as const, lifecycleStages: [stage] },
    timeoutConfiguration: { timeoutInMinutes: PAUSE_MINUTES, action },
  });
  await clients.ecs.send(
    new UpdateServiceCommand({
      ...{ cluster: CLUSTER, service: "orders-service" },
      deploymentConfiguration: {
        ...{ strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 },
        lifecycleHooks: [
          pause("POST_TEST_TRAFFIC_SHIFT", "ROLLBACK"),
          pause("POST_PRODUCTION_TRAFFIC_SHIFT", "CONTINUE"),
        ],
      },
    }),
  );
  return {
    ...world,
    clients,
    async stop() {
      for (const client of Object.values(clients)) client.destroy();
      await world.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** How long ECS's pauses of `orders` wait: with an end, it tells when a gate opened. */
export const PAUSE_MINUTES = 60;
