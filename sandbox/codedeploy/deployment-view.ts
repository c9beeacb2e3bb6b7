import type { DeploymentInfo, DeploymentTarget, ECSTaskSet } from "@aws-sdk/client-codedeploy";
import { type CodedeployState, type DeploymentRecord, isOver, type Side } from "./codedeploy-state.ts";

const date = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));

/** The deployment as GetDeployment shows it. */
export function describeDeployment(deployment: DeploymentRecord): DeploymentInfo {
  const { group, events, status } = deployment;
  const { settings } = group;
  const isActive = !isOver(deployment);
  return {
    applicationName: group.application.name,
    deploymentGroupName: settings.deploymentGroupName,
    deploymentConfigName: deployment.configName,
    deploymentId: deployment.id,
    previousRevision: deployment.previousRevision,
    revision: deployment.revision,
    status,
    errorInformation: deployment.error,
    createTime: date(deployment.createdAt),
    startTime: date(deployment.startedAt),
    completeTime: date(deployment.completedAt),
    // It counts targets, and an ECS deployment has one.
    deploymentOverview: {
      Pending: isActive && events[0]?.status === "Pending" ? 1 : 0,
      InProgress: isActive && events[0]?.status !== "Pending" ? 1 : 0,
      Succeeded: status === "Succeeded" ? 1 : 0,
      Failed: status === "Failed" ? 1 : 0,
      Skipped: status === "Stopped" ? 1 : 0,
      Ready: status === "Ready" ? 1 : 0,
    },
    description: deployment.description,
    creator: deployment.creator,
    ignoreApplicationStopFailures: false,
    autoRollbackConfiguration: deployment.autoRollback,
    updateOutdatedInstancesOnly: false,
    rollbackInfo: deployment.rollbackInfo,
    deploymentStyle: settings.deploymentStyle,
    instanceTerminationWaitTimeStarted: deployment.hasBegunTermination,
    blueGreenDeploymentConfiguration: settings.blueGreenDeploymentConfiguration,
    loadBalancerInfo: settings.loadBalancerInfo,
    fileExistsBehavior: "DISALLOW",
    deploymentStatusMessages: [],
    computePlatform: "ECS",
  };
}

/** `cluster:service`, the one target of an ECS deployment. */
export function targetIdOf({ group }: DeploymentRecord): string {
  const { clusterName, serviceName } = group.settings.ecsServices?.[0] ?? {};
  return `${clusterName}:${serviceName}`;
}

/** The deployment's target: its lifecycle events, and both task sets with their share of the traffic. */
export function describeTarget(state: CodedeployState, deployment: DeploymentRecord): DeploymentTarget {
  const { blue, green, greenPercent } = deployment;
  const [clusterName = "", serviceName = ""] = targetIdOf(deployment).split(":");
  const service = state.ports.ecs.findService(clusterName, serviceName);
  const describeSide = (side: Side, trafficWeight: number): ECSTaskSet => {
    const found = service?.taskSets?.find(({ id }) => id === side.taskSet);
    return {
      identifer: side.taskSet,
      desiredCount: found?.computedDesiredCount ?? 0,
      pendingCount: found?.pendingCount ?? 0,
      runningCount: found?.runningCount ?? 0,
      status: found?.status ?? "DRAINING",
      trafficWeight,
      targetGroup: { name: side.targetGroupName },
      taskSetLabel: side.label,
    };
  };
  return {
    deploymentTargetType: "ECSTarget",
    ecsTarget: {
      deploymentId: deployment.id,
      targetId: targetIdOf(deployment),
      targetArn: service?.serviceArn,
      lastUpdatedAt: date(deployment.updatedAt),
      lifecycleEvents: deployment.events.map((event) => ({ ...event })),
      status: targetStatus(deployment),
      taskSetsInfo: [
        ...(blue ? [describeSide(blue, 100 - greenPercent)] : []),
        ...(green ? [describeSide(green, greenPercent)] : []),
      ],
    },
  };
}

function targetStatus({ status, events }: DeploymentRecord) {
  if (status === "Succeeded" || status === "Failed" || status === "Ready") return status;
  if (status === "Stopped") return "Skipped" as const;
  return events[0]?.status === "Pending" ? ("Pending" as const) : ("InProgress" as const);
}
