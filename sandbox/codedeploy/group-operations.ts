import type {
  CreateApplicationInput,
  CreateApplicationOutput,
  CreateDeploymentConfigInput,
  CreateDeploymentConfigOutput,
  CreateDeploymentGroupInput,
  CreateDeploymentGroupOutput,
  DeploymentGroupInfo,
  GetApplicationInput,
  GetApplicationOutput,
  GetDeploymentConfigInput,
  GetDeploymentConfigOutput,
  GetDeploymentGroupInput,
  GetDeploymentGroupOutput,
  LastDeploymentInfo,
  ListApplicationsOutput,
  ListDeploymentConfigsOutput,
  ListDeploymentGroupsInput,
  ListDeploymentGroupsOutput,
  UpdateDeploymentGroupInput,
  UpdateDeploymentGroupOutput,
} from "@aws-sdk/client-codedeploy";
import { AwsError, type Handler } from "../service.ts";
import type { CodedeployState, DeploymentRecord, GroupRecord } from "./codedeploy-state.ts";
import { checkForEcs, checkRouting, configNames, getConfig, isPredefined } from "./deployment-configs.ts";
import { checkGroup } from "./group-settings.ts";
import { codedeployArn, putTags } from "./tag-operations.ts";

const DEFAULT_CONFIG = "CodeDeployDefault.ECSAllAtOnce";

/** Operations on applications, deployment groups and deployment configurations. */
export function groupOperations(state: CodedeployState): Record<string, Handler> {
  return {
    CreateApplication({ applicationName, computePlatform, tags }: CreateApplicationInput): CreateApplicationOutput {
      const name = applicationName ?? "";
      if (state.applications.has(name))
        throw new AwsError("ApplicationAlreadyExistsException", `Application already exists: ${name}`);
      if (computePlatform !== "ECS")
        throw new AwsError("InvalidComputePlatformException", "This sandbox has applications of the platform ECS only");
      const id = state.newUuid();
      const createdAt = state.base.clock.now();
      if (tags) putTags(state, codedeployArn(state, name), tags);
      state.applications.set(name, { id, name, createdAt, groups: new Map(), revisions: new Map() });
      return { applicationId: id };
    },

    GetApplication(input: GetApplicationInput): GetApplicationOutput {
      const { id, name, createdAt } = state.getApplication(input.applicationName);
      const createTime = new Date(createdAt);
      return {
        application: {
          applicationId: id,
          applicationName: name,
          createTime,
          linkedToGitHub: false,
          computePlatform: "ECS",
        },
      };
    },

    ListApplications(): ListApplicationsOutput {
      return { applications: [...state.applications.keys()] };
    },

    CreateDeploymentGroup(input: CreateDeploymentGroupInput): CreateDeploymentGroupOutput {
      const application = state.getApplication(input.applicationName);
      const name = input.deploymentGroupName ?? "";
      if (!name) throw new AwsError("DeploymentGroupNameRequiredException", "Deployment Group name is required");
      if (application.groups.has(name))
        throw new AwsError("DeploymentGroupAlreadyExistsException", `Deployment Group already exists: ${name}`);
      checkGroup(state, input, null);
      const { tags, ec2TagFilters: _e, onPremisesInstanceTagFilters: _o, autoScalingGroups: _a, ...settings } = input;
      if (tags) putTags(state, codedeployArn(state, application.name, name), tags);
      const deploymentGroupId = state.newUuid();
      application.groups.set(name, {
        application,
        settings: {
          ...settings,
          deploymentGroupId,
          deploymentGroupName: name,
          computePlatform: "ECS",
          deploymentConfigName: input.deploymentConfigName ?? DEFAULT_CONFIG,
        },
      });
      return { deploymentGroupId };
    },

    UpdateDeploymentGroup(input: UpdateDeploymentGroupInput): UpdateDeploymentGroupOutput {
      const group = state.getGroup(input.applicationName, input.currentDeploymentGroupName);
      const { currentDeploymentGroupName, newDeploymentGroupName, autoScalingGroups: _a, ...changes } = input;
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const deploymentGroupName = newDeploymentGroupName ?? group.settings.deploymentGroupName;
      const { autoScalingGroups: _groups, ...before } = group.settings;
      const settings = { ...before, ...given, deploymentGroupName };
      checkGroup(state, settings, group);
      group.settings = settings;
      group.application.groups.delete(currentDeploymentGroupName ?? "");
      group.application.groups.set(deploymentGroupName, group);
      return {};
    },

    GetDeploymentGroup(input: GetDeploymentGroupInput): GetDeploymentGroupOutput {
      return {
        deploymentGroupInfo: describeGroup(state, state.getGroup(input.applicationName, input.deploymentGroupName)),
      };
    },

    ListDeploymentGroups(input: ListDeploymentGroupsInput): ListDeploymentGroupsOutput {
      const { name, groups } = state.getApplication(input.applicationName);
      return { applicationName: name, deploymentGroups: [...groups.keys()] };
    },

    CreateDeploymentConfig(input: CreateDeploymentConfigInput): CreateDeploymentConfigOutput {
      const name = input.deploymentConfigName ?? "";
      if (isPredefined(name) || state.configs.has(name))
        throw new AwsError(
          "DeploymentConfigAlreadyExistsException",
          `Deployment configuration already exists: ${name}`,
        );
      checkForEcs(input);
      const trafficRoutingConfig = checkRouting(input.trafficRoutingConfig);
      const deploymentConfigId = state.newUuid();
      state.configs.set(name, {
        deploymentConfigId,
        deploymentConfigName: name,
        createTime: new Date(state.base.clock.now()),
        computePlatform: "ECS",
        trafficRoutingConfig,
      });
      return { deploymentConfigId };
    },

    GetDeploymentConfig(input: GetDeploymentConfigInput): GetDeploymentConfigOutput {
      return { deploymentConfigInfo: getConfig(state, input.deploymentConfigName ?? "") };
    },

    ListDeploymentConfigs(): ListDeploymentConfigsOutput {
      return { deploymentConfigsList: configNames(state) };
    },
  };
}

function describeGroup(state: CodedeployState, group: GroupRecord): DeploymentGroupInfo {
  const last = (one: DeploymentRecord | null): LastDeploymentInfo | undefined =>
    one
      ? {
          deploymentId: one.id,
          status: one.status,
          createTime: new Date(one.createdAt),
          endTime: one.completedAt === undefined ? undefined : new Date(one.completedAt),
        }
      : undefined;
  const succeeded = state.findNewest(group, ({ status }) => status === "Succeeded");
  return {
    ...group.settings,
    targetRevision: succeeded?.revision,
    lastSuccessfulDeployment: last(succeeded),
    lastAttemptedDeployment: last(state.findNewest(group, () => true)),
  };
}
