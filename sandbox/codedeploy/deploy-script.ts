import type { Service, TaskSet } from "@aws-sdk/client-ecs";
import type { Script } from "../script.ts";
import { AwsError } from "../service.ts";
import type { CodedeployState, DeploymentRecord, Side } from "./codedeploy-state.ts";
import { getConfig, routingSteps } from "./deployment-configs.ts";
import { CodedeployFailure } from "./failure.ts";
import { runEvent, skipPending } from "./lifecycle.ts";
import { checkListener, type Route, readRoute, shiftListener } from "./traffic-route.ts";

const MINUTE_MS = 60_000;
const DEFAULT_TERMINATION_MINUTES = 60;

/** From Created to Succeeded: a second task set, traffic step by step, and the end of the first one. */
export function* deploy(state: CodedeployState, deployment: DeploymentRecord): Script {
  const { ecs } = state.ports;
  const here = placeOf(deployment);
  yield* begin(state, deployment);
  const route = readRoute(state, deployment.group.settings.loadBalancerInfo?.targetGroupPairInfoList?.[0]);
  const blue = sideOf(route, findPrimary(getService(state, deployment)), "Blue");
  deployment.blue = blue;
  checkListener(state, route, blue.targetGroupArn);
  yield* runEvent(state, deployment, "BeforeInstall");
  yield* runEvent(state, deployment, "Install", () => install(state, deployment, route, blue));
  const { green } = deployment;
  if (!green) return;
  yield* runEvent(state, deployment, "AfterInstall");
  yield* runEvent(state, deployment, "AllowTestTraffic", function* () {
    if (route.test) shiftListener(state, route, route.test, { greenArn: green.targetGroupArn, percent: 100 });
    yield state.timings.eventMs;
  });
  yield* runEvent(state, deployment, "AfterAllowTestTraffic");
  yield* waitUntilReady(state, deployment);
  yield* runEvent(state, deployment, "BeforeAllowTraffic");
  yield* runEvent(state, deployment, "AllowTraffic", function* () {
    const { trafficRoutingConfig } = getConfig(state, deployment.configName);
    for (const { percent, minutes } of routingSteps(trafficRoutingConfig)) {
      shiftListener(state, route, route.production, { greenArn: green.targetGroupArn, percent });
      deployment.greenPercent = percent;
      deployment.updatedAt = state.base.clock.now();
      yield minutes * MINUTE_MS;
    }
    // Assumption: the new task set is the primary one once all traffic is with it.
    ecs.makePrimary(here.cluster, here.service, green.taskSet);
  });
  yield* runEvent(state, deployment, "AfterAllowTraffic");
  yield* terminateBlue(state, deployment, blue);
  finish(state, deployment);
}

/** Sends traffic back to the task set that served before the deployment was stopped or failed, and removes the other one. */
export function* reroute(state: CodedeployState, deployment: DeploymentRecord, undone: DeploymentRecord): Script {
  const { ecs } = state.ports;
  const here = placeOf(deployment);
  const { blue, green } = undone;
  if (!blue) {
    yield* begin(state, deployment);
    return finish(state, deployment);
  }
  const isThere = getService(state, deployment).taskSets?.some(
    ({ id, status }) => id === blue.taskSet && status !== "DRAINING",
  );
  // The one that served before is gone: a whole deployment of its task definition.
  if (!isThere) return yield* deploy(state, deployment);
  yield* begin(state, deployment);
  Object.assign(deployment, { blue, green, greenPercent: undone.greenPercent });
  const route = readRoute(state, deployment.group.settings.loadBalancerInfo?.targetGroupPairInfoList?.[0]);
  // Assumption: which events a rollback shows.
  for (const event of deployment.events)
    if (!event.lifecycleEventName.endsWith("AllowTraffic")) event.status = "Skipped";
  yield* runEvent(state, deployment, "BeforeAllowTraffic");
  yield* runEvent(state, deployment, "AllowTraffic", function* () {
    const greenArn = blue.targetGroupArn;
    shiftListener(state, route, route.production, { greenArn, percent: 100 });
    if (route.test) shiftListener(state, route, route.test, { greenArn, percent: 100 });
    deployment.greenPercent = 0;
    ecs.makePrimary(here.cluster, here.service, blue.taskSet);
    yield state.timings.eventMs;
  });
  yield* runEvent(state, deployment, "AfterAllowTraffic");
  if (green) yield* remove(state, deployment, green.taskSet);
  finish(state, deployment);
}

function* begin(state: CodedeployState, deployment: DeploymentRecord): Script {
  yield state.timings.eventMs;
  state.setStatus(deployment, "InProgress");
  deployment.startedAt = state.base.clock.now();
}

function* install(state: CodedeployState, deployment: DeploymentRecord, route: Route, blue: Side): Script {
  const { ecs } = state.ports;
  const here = placeOf(deployment);
  const service = getService(state, deployment);
  // Assumption: what an earlier deployment left behind is removed first, as both would be in one target group.
  for (const { id = "", status } of service.taskSets ?? [])
    if (status === "ACTIVE") yield* remove(state, deployment, id);
  const group = route.groups.find(({ arn }) => arn !== blue.targetGroupArn);
  const { spec } = deployment;
  let created: TaskSet;
  try {
    created = ecs.createTaskSet({
      ...here,
      externalId: deployment.id,
      taskDefinition: spec.taskDefinition,
      loadBalancers: [
        { targetGroupArn: group?.arn, containerName: spec.containerName, containerPort: spec.containerPort },
      ],
      networkConfiguration: spec.networkConfiguration ?? service.networkConfiguration,
      platformVersion: spec.platformVersion,
      ...(spec.capacityProviderStrategy
        ? { capacityProviderStrategy: spec.capacityProviderStrategy }
        : { launchType: service.launchType }),
      scale: { value: 100, unit: "PERCENT" },
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Assumption: the words around ECS's own.
    throw new CodedeployFailure("ECS_UPDATE_ERROR", `The ECS service could not be updated: ${error.message}`);
  }
  const green = sideOf(route, created, "Green");
  deployment.green = green;
  const startedAt = state.base.clock.now();
  const isSteady = () =>
    getService(state, deployment).taskSets?.find(({ id }) => id === green.taskSet)?.stabilityStatus === "STEADY_STATE";
  const isLate = () => state.base.clock.now() - startedAt >= state.timings.installTimeoutMs;
  yield () => isSteady() || isLate();
  if (!isSteady())
    throw new CodedeployFailure(
      "TIMEOUT",
      "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.",
    );
}

function* waitUntilReady(state: CodedeployState, deployment: DeploymentRecord): Script {
  const { actionOnTimeout, waitTimeInMinutes = 0 } =
    deployment.group.settings.blueGreenDeploymentConfiguration?.deploymentReadyOption ?? {};
  if (actionOnTimeout !== "STOP_DEPLOYMENT") return;
  state.setStatus(deployment, "Ready");
  const isContinued = yield* waitFor(state, deployment, "READY_WAIT", waitTimeInMinutes);
  if (!isContinued) throw new CodedeployFailure("TIMEOUT", READY_TIMEOUT);
  state.setStatus(deployment, "InProgress");
}

/** What a deployment is Stopped with when nobody rerouted its traffic in time. Assumption: AWS's words. */
export const READY_TIMEOUT = "The deployment was stopped because traffic was not rerouted within the wait time.";

function* terminateBlue(state: CodedeployState, deployment: DeploymentRecord, blue: Side): Script {
  const { action = "TERMINATE", terminationWaitTimeInMinutes = DEFAULT_TERMINATION_MINUTES } =
    deployment.group.settings.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess ?? {};
  if (action === "KEEP_ALIVE") return;
  deployment.hasBegunTermination = true;
  yield* waitFor(state, deployment, "TERMINATION_WAIT", terminationWaitTimeInMinutes);
  yield* remove(state, deployment, blue.taskSet);
}

/** Waits so many minutes or for ContinueDeployment; true when it was that. */
function* waitFor(
  state: CodedeployState,
  deployment: DeploymentRecord,
  kind: "READY_WAIT" | "TERMINATION_WAIT",
  minutes: number,
): Generator<number | (() => boolean), boolean, undefined> {
  const until = state.base.clock.now() + minutes * MINUTE_MS;
  deployment.waitsFor = kind;
  deployment.isContinued = false;
  deployment.updatedAt = state.base.clock.now();
  yield () => deployment.isContinued || state.base.clock.now() >= until;
  deployment.waitsFor = null;
  return deployment.isContinued;
}

function* remove(state: CodedeployState, deployment: DeploymentRecord, taskSet: string): Script {
  const { cluster, service } = placeOf(deployment);
  state.ports.ecs.deleteTaskSet(cluster, service, taskSet);
  yield () => getService(state, deployment).taskSets?.every(({ id }) => id !== taskSet) ?? true;
}

function finish(state: CodedeployState, deployment: DeploymentRecord): void {
  skipPending(deployment);
  const now = state.base.clock.now();
  Object.assign(deployment, { completedAt: now, updatedAt: now });
  state.setStatus(deployment, "Succeeded");
}

function placeOf({ group }: DeploymentRecord): { cluster: string; service: string } {
  const { clusterName = "", serviceName = "" } = group.settings.ecsServices?.[0] ?? {};
  return { cluster: clusterName, service: serviceName };
}

function getService(state: CodedeployState, deployment: DeploymentRecord): Service {
  const { cluster, service } = placeOf(deployment);
  const found = state.ports.ecs.findService(cluster, service);
  if (found?.deploymentController?.type === "CODE_DEPLOY") return found;
  throw new CodedeployFailure(
    "INVALID_ECS_SERVICE",
    found
      ? "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller."
      : `The ECS service ${service} in the cluster ${cluster} could not be found.`,
  );
}

function findPrimary(service: Service): TaskSet {
  const primary = service.taskSets?.find(({ status }) => status === "PRIMARY");
  if (primary) return primary;
  throw new CodedeployFailure("INVALID_ECS_SERVICE", "The ECS service has no primary task set.");
}

function sideOf(route: Route, taskSet: TaskSet, label: Side["label"]): Side {
  const targetGroupArn = taskSet.loadBalancers?.[0]?.targetGroupArn ?? "";
  const group = route.groups.find(({ arn }) => arn === targetGroupArn);
  const targetGroupName = group?.name ?? targetGroupArn.split("/")[1] ?? "";
  return {
    taskSet: taskSet.id ?? "",
    label,
    targetGroupArn,
    targetGroupName,
    taskDefinition: taskSet.taskDefinition ?? "",
  };
}
