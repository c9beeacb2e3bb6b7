import type {
  BatchGetDeploymentsInput,
  BatchGetDeploymentsOutput,
  BatchGetDeploymentTargetsInput,
  BatchGetDeploymentTargetsOutput,
  ContinueDeploymentInput,
  CreateDeploymentInput,
  CreateDeploymentOutput,
  GetApplicationRevisionInput,
  GetApplicationRevisionOutput,
  GetDeploymentInput,
  GetDeploymentOutput,
  GetDeploymentTargetInput,
  GetDeploymentTargetOutput,
  ListDeploymentsInput,
  ListDeploymentsOutput,
  ListDeploymentTargetsInput,
  ListDeploymentTargetsOutput,
  PutLifecycleEventHookExecutionStatusInput,
  PutLifecycleEventHookExecutionStatusOutput,
  RegisterApplicationRevisionInput,
  RevisionLocation,
  StopDeploymentInput,
  StopDeploymentOutput,
} from "@aws-sdk/client-codedeploy";
import { AwsError, type Handler } from "../service.ts";
import { readAppSpec } from "./app-spec.ts";
import { type ApplicationRecord, type CodedeployState, type DeploymentRecord, isOver } from "./codedeploy-state.ts";
import { getConfig } from "./deployment-configs.ts";
import { describeDeployment, describeTarget, targetIdOf } from "./deployment-view.ts";
import type { Deployments } from "./deployments.ts";

// Assumption: AWS has a limit and its number could not be found out.
const MAX_DESCRIPTION = 256;
const PAGE = 100;
const STATUSES: ReadonlySet<string> = new Set([
  "Created",
  "Queued",
  "InProgress",
  "Baking",
  "Succeeded",
  "Failed",
  "Stopped",
  "Ready",
]);

/** Operations on deployments, their targets and revisions. */
export function deploymentOperations(state: CodedeployState, deployments: Deployments): Record<string, Handler> {
  /** Targets are known once the deployment has started. */
  const getStarted = (deploymentId: string | undefined): DeploymentRecord => {
    const deployment = state.getDeployment(deploymentId);
    if (deployment.startedAt !== undefined || isOver(deployment)) return deployment;
    throw new AwsError("DeploymentNotStartedException", `The deployment ${deployment.id} has not started`);
  };

  const getTarget = (deploymentId: string | undefined, targetId: string | undefined): DeploymentRecord => {
    const deployment = getStarted(deploymentId);
    if (!targetId) throw new AwsError("DeploymentTargetIdRequiredException", "Deployment target ID is required");
    if (targetId !== targetIdOf(deployment))
      throw new AwsError(
        "DeploymentTargetDoesNotExistException",
        `The deployment target ${targetId} could not be found`,
      );
    return deployment;
  };

  return {
    CreateDeployment(input: CreateDeploymentInput): CreateDeploymentOutput {
      const group = state.getGroup(input.applicationName, input.deploymentGroupName);
      const { settings, application } = group;
      const spec = readAppSpec(input.revision);
      if ((input.description?.length ?? 0) > MAX_DESCRIPTION)
        throw new AwsError(
          "DescriptionTooLongException",
          `The description has more than ${MAX_DESCRIPTION} characters`,
        );
      checkMode(input);
      const configName = input.deploymentConfigName ?? settings.deploymentConfigName;
      getConfig(state, configName);
      const active = state.findActive(group);
      if (active)
        throw new AwsError(
          "DeploymentLimitExceededException",
          `The Deployment Group '${settings.deploymentGroupName}' already has an active Deployment '${active.id}'`,
        );
      const alarms = input.overrideAlarmConfiguration ?? settings.alarmConfiguration;
      const revision = input.revision ?? {};
      register(state, application, revision);
      const { id } = deployments.start({
        group,
        configName,
        description: input.description,
        creator: "user",
        revision,
        previousRevision: state.findNewest(group, ({ status }) => status === "Succeeded")?.revision,
        spec,
        autoRollback: input.autoRollbackConfiguration ??
          settings.autoRollbackConfiguration ?? { enabled: false, events: [] },
        alarmNames: alarms?.enabled ? (alarms.alarms ?? []).flatMap(({ name }) => name ?? []) : [],
      });
      return { deploymentId: id };
    },

    GetDeployment({ deploymentId }: GetDeploymentInput): GetDeploymentOutput {
      return { deploymentInfo: describeDeployment(state.getDeployment(deploymentId)) };
    },

    BatchGetDeployments({ deploymentIds = [] }: BatchGetDeploymentsInput): BatchGetDeploymentsOutput {
      if (deploymentIds.length > 25)
        throw new AwsError("BatchLimitExceededException", "The maximum number of deployment ids is 25");
      const found = deploymentIds.flatMap((id) => state.deployments.get(id) ?? []);
      return { deploymentsInfo: found.map(describeDeployment) };
    },

    ListDeployments(input: ListDeploymentsInput): ListDeploymentsOutput {
      const { includeOnlyStatuses = [], createTimeRange, nextToken } = input;
      if (input.deploymentGroupName !== undefined) state.getGroup(input.applicationName, input.deploymentGroupName);
      const unknown = includeOnlyStatuses.find((status) => !STATUSES.has(status));
      if (unknown !== undefined) throw new AwsError("InvalidDeploymentStatusException", `Unknown status: ${unknown}`);
      const before = nextToken === undefined ? Number.POSITIVE_INFINITY : Number(nextToken);
      if (Number.isNaN(before)) throw new AwsError("InvalidNextTokenException", "The next token is not valid");
      const matching = [...state.deployments.values()]
        .reverse()
        .filter(
          (one) =>
            one.order < before &&
            (input.applicationName === undefined || one.group.application.name === input.applicationName) &&
            (input.deploymentGroupName === undefined ||
              one.group.settings.deploymentGroupName === input.deploymentGroupName) &&
            (includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(one.status)) &&
            (!createTimeRange?.start || one.createdAt >= createTimeRange.start.getTime()) &&
            (!createTimeRange?.end || one.createdAt <= createTimeRange.end.getTime()),
        );
      const page = matching.slice(0, PAGE);
      return {
        deployments: page.map(({ id }) => id),
        nextToken: matching.length > PAGE ? String(page.at(-1)?.order) : undefined,
      };
    },

    GetDeploymentTarget({ deploymentId, targetId }: GetDeploymentTargetInput): GetDeploymentTargetOutput {
      return { deploymentTarget: describeTarget(state, getTarget(deploymentId, targetId)) };
    },

    ListDeploymentTargets(input: ListDeploymentTargetsInput): ListDeploymentTargetsOutput {
      const deployment = getStarted(input.deploymentId);
      const { TargetStatus: wanted, ...others } = input.targetFilters ?? {};
      // Assumption: a service of ECS has no label of a server to filter by.
      const [unknown] = Object.keys(others);
      if (unknown !== undefined)
        throw new AwsError("InvalidTargetFilterNameException", `The target filter ${unknown} is not valid`);
      const { status } = describeTarget(state, deployment).ecsTarget ?? {};
      const isWanted = wanted === undefined || wanted.includes(status ?? "Unknown");
      return { targetIds: isWanted ? [targetIdOf(deployment)] : [] };
    },

    BatchGetDeploymentTargets(input: BatchGetDeploymentTargetsInput): BatchGetDeploymentTargetsOutput {
      const targets = (input.targetIds ?? []).map((id) => getTarget(input.deploymentId, id));
      return { deploymentTargets: targets.map((one) => describeTarget(state, one)) };
    },

    ContinueDeployment({ deploymentId, deploymentWaitType = "READY_WAIT" }: ContinueDeploymentInput): object {
      const deployment = state.getDeployment(deploymentId);
      if (deploymentWaitType !== "READY_WAIT" && deploymentWaitType !== "TERMINATION_WAIT")
        throw new AwsError("InvalidDeploymentWaitTypeException", `Invalid wait type: ${deploymentWaitType}`);
      if (isOver(deployment))
        throw new AwsError("DeploymentAlreadyCompletedException", `Deployment ${deployment.id} is already completed`);
      if (deployment.waitsFor !== deploymentWaitType)
        throw new AwsError("DeploymentIsNotInReadyStateException", `Deployment ${deployment.id} is not in ready state`);
      deployment.isContinued = true;
      deployment.run?.advance();
      return {};
    },

    /**
     * Assumption: `autoRollbackEnabled` decides where it is sent, as people's tools rely on; else the configured events do.
     */
    StopDeployment({ deploymentId, autoRollbackEnabled }: StopDeploymentInput): StopDeploymentOutput {
      const deployment = state.getDeployment(deploymentId);
      if (isOver(deployment))
        throw new AwsError("DeploymentAlreadyCompletedException", `Deployment ${deployment.id} is already completed`);
      const { enabled, events = [] } = deployment.autoRollback;
      const isConfigured = enabled === true && events.includes("DEPLOYMENT_STOP_ON_REQUEST");
      deployments.stop(deployment, autoRollbackEnabled ?? isConfigured);
      return {
        status: "Succeeded",
        statusMessage: "No more commands will be scheduled for execution in the deployment",
      };
    },

    PutLifecycleEventHookExecutionStatus(
      input: PutLifecycleEventHookExecutionStatusInput,
    ): PutLifecycleEventHookExecutionStatusOutput {
      const deployment = state.getDeployment(input.deploymentId);
      const { lifecycleEventHookExecutionId: id = "", status } = input;
      if (status !== "Succeeded" && status !== "Failed")
        throw new AwsError("InvalidLifecycleEventHookExecutionStatusException", `Invalid status: ${status}`);
      if (deployment.hookAnswers.has(id))
        throw new AwsError("LifecycleEventAlreadyCompletedException", "The lifecycle event is already completed");
      deployment.hookAnswers.set(id, status);
      deployment.run?.advance();
      return { lifecycleEventHookExecutionId: id };
    },

    RegisterApplicationRevision(input: RegisterApplicationRevisionInput): object {
      const application = state.getApplication(input.applicationName);
      readAppSpec(input.revision);
      register(state, application, input.revision ?? {}, input.description);
      return {};
    },

    GetApplicationRevision(input: GetApplicationRevisionInput): GetApplicationRevisionOutput {
      const application = state.getApplication(input.applicationName);
      const found = application.revisions.get(keyOf(input.revision ?? {}));
      if (!found) throw new AwsError("RevisionDoesNotExistException", "No such revision is registered");
      return {
        applicationName: application.name,
        revision: found.location,
        revisionInfo: { description: found.description, registerTime: new Date(found.registeredAt) },
      };
    },
  };
}

const keyOf = (revision: RevisionLocation) => revision.appSpecContent?.content ?? "";

function register(
  state: CodedeployState,
  application: ApplicationRecord,
  location: RevisionLocation,
  description?: string,
) {
  const key = keyOf(location);
  if (!application.revisions.has(key))
    application.revisions.set(key, { location, registeredAt: state.base.clock.now(), description });
}

/** @throws AwsError for what is of deployments to servers alone; the codes are assumptions, as are the words */
function checkMode({ deploymentMode, targetInstances }: CreateDeploymentInput): void {
  if (deploymentMode === "RESTART")
    throw new AwsError(
      "UnsupportedActionForDeploymentTypeException",
      "RESTART is supported only for EC2/On-premises in-place deployments",
    );
  if (targetInstances)
    throw new AwsError("InvalidTargetInstancesException", "Target instances are not for the platform ECS");
}
