import type { CreateDeploymentGroupInput, UpdateDeploymentGroupInput } from "@aws-sdk/client-codedeploy";
import { AwsError } from "../service.ts";
import type { CodedeployState, GroupRecord } from "./codedeploy-state.ts";
import { getConfig } from "./deployment-configs.ts";

const MAX_READY_MINUTES = 7200;
const MAX_TERMINATION_MINUTES = 2880;
const MAX_ALARMS = 10;

type GroupInput = Omit<CreateDeploymentGroupInput & UpdateDeploymentGroupInput, "tags" | "currentDeploymentGroupName">;

/**
 * Refuses what CodeDeploy refuses of a deployment group for ECS. Assumption: words that nobody has posted.
 * @throws AwsError
 */
export function checkGroup(state: CodedeployState, input: Partial<GroupInput>, own: GroupRecord | null): void {
  const { serviceRoleArn, deploymentStyle, deploymentConfigName, alarmConfiguration } = input;
  if (!serviceRoleArn) throw new AwsError("RoleRequiredException", "Service role ARN is required");
  if (deploymentStyle?.deploymentType !== "BLUE_GREEN" || deploymentStyle.deploymentOption !== "WITH_TRAFFIC_CONTROL")
    throw new AwsError(
      "InvalidDeploymentStyleException",
      "For ECS deployment group, the deployment style must be BLUE_GREEN and WITH_TRAFFIC_CONTROL",
    );
  checkNoServers(input);
  if (deploymentConfigName !== undefined) getConfig(state, deploymentConfigName);
  if ((alarmConfiguration?.alarms?.length ?? 0) > MAX_ALARMS)
    throw new AwsError("AlarmsLimitExceededException", `A deployment group can have at most ${MAX_ALARMS} alarms`);
  checkService(state, input, own);
  checkLoadBalancer(input);
  checkBlueGreen(input);
}

/** Assumption: members that choose servers are refused for ECS, unless they are empty. */
function checkNoServers(input: Partial<GroupInput>): void {
  const { ec2TagFilters, ec2TagSet, onPremisesInstanceTagFilters, onPremisesTagSet } = input;
  const refuse = (member: string) =>
    new AwsError("InvalidInputException", `For ECS deployment group, ${member} can not be specified`);
  if (ec2TagFilters?.length || ec2TagSet?.ec2TagSetList?.length) throw refuse("ec2TagSet");
  if (onPremisesInstanceTagFilters?.length || onPremisesTagSet?.onPremisesTagSetList?.length)
    throw refuse("onPremisesTagSet");
}

function checkService(state: CodedeployState, { ecsServices }: Partial<GroupInput>, own: GroupRecord | null): void {
  const [place, ...more] = ecsServices ?? [];
  if (!place?.clusterName || !place.serviceName || more.length > 0)
    throw new AwsError("InvalidECSServiceException", "For ECS deployment group, one ECS service must be specified");
  const service = state.ports.ecs.findService(place.clusterName, place.serviceName);
  if (!service) throw new AwsError("InvalidECSServiceException", `The ECS service ${place.serviceName} does not exist`);
  if (service.deploymentController?.type !== "CODE_DEPLOY")
    throw new AwsError(
      "InvalidECSServiceException",
      "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.",
    );
  for (const application of state.applications.values())
    for (const group of application.groups.values()) {
      const [other] = group.settings.ecsServices ?? [];
      if (group === own || other?.clusterName !== place.clusterName || other.serviceName !== place.serviceName)
        continue;
      throw new AwsError(
        "ECSServiceMappingLimitExceededException",
        `The ECS service ${place.serviceName} already belongs to the deployment group ${group.settings.deploymentGroupName}`,
      );
    }
}

function checkLoadBalancer({ loadBalancerInfo }: Partial<GroupInput>): void {
  if (loadBalancerInfo?.elbInfoList?.length)
    throw new AwsError(
      "InvalidLoadBalancerInfoException",
      "For ECS deployment group, loadBalancerInfo must not contain elbInfo list",
    );
  const [pair, ...more] = loadBalancerInfo?.targetGroupPairInfoList ?? [];
  if (!pair || more.length > 0)
    throw new AwsError("InvalidLoadBalancerInfoException", "Exactly one target group pair must be specified");
  if (pair.targetGroups?.length !== 2)
    throw new AwsError("InvalidTargetGroupPairException", "A target group pair must have two target groups");
  if (pair.prodTrafficRoute?.listenerArns?.length !== 1)
    throw new AwsError("InvalidTargetGroupPairException", "The production traffic route must have one listener");
  if (pair.testTrafficRoute && pair.testTrafficRoute.listenerArns?.length !== 1)
    throw new AwsError("InvalidTargetGroupPairException", "The test traffic route must have one listener");
}

function checkBlueGreen({ blueGreenDeploymentConfiguration }: Partial<GroupInput>): void {
  const refuse = (message: string) => new AwsError("InvalidBlueGreenDeploymentConfigurationException", message);
  const { deploymentReadyOption, terminateBlueInstancesOnDeploymentSuccess } = blueGreenDeploymentConfiguration ?? {};
  const { actionOnTimeout, waitTimeInMinutes = 0 } = deploymentReadyOption ?? {};
  if (actionOnTimeout !== "STOP_DEPLOYMENT" && waitTimeInMinutes > 0)
    throw refuse("Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified");
  if (waitTimeInMinutes > MAX_READY_MINUTES)
    throw refuse(`The wait time before traffic is rerouted can be at most ${MAX_READY_MINUTES} minutes`);
  if ((terminateBlueInstancesOnDeploymentSuccess?.terminationWaitTimeInMinutes ?? 0) > MAX_TERMINATION_MINUTES)
    throw refuse(`The termination wait time can be at most ${MAX_TERMINATION_MINUTES} minutes`);
}
