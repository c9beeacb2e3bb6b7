import type { NetworkConfiguration } from "@aws-sdk/client-ecs";
import { invalidParameter } from "./arns.ts";
import type { EcsPorts } from "./ports.ts";
import type { RegisteredTaskDefinition, ServiceRevision, Task } from "./world.ts";

/**
 * Why ECS launches no task of a service's revision, in its words; null where nothing it knows of is gone. Assumption: the service's
 * event says the same as the refusal of a call that names the network.
 */
export function findLaunchProblem(
  { taskDefinition, networkConfiguration }: ServiceRevision,
  ports: EcsPorts,
): string | null {
  return findNetworkProblem(networkConfiguration, ports) ?? findRoleProblem(taskDefinition, ports);
}

/** @throws AwsError InvalidParameterException for a subnet or security group that the account does not have */
export function checkNetworkIsThere(network: NetworkConfiguration | undefined, ports: EcsPorts): void {
  const problem = findNetworkProblem(network, ports);
  if (problem !== null) throw invalidParameter(problem);
}

function findNetworkProblem(network: NetworkConfiguration | undefined, ports: EcsPorts): string | null {
  const { subnets = [], securityGroups = [] } = network?.awsvpcConfiguration ?? {};
  const subnet = subnets.find((id) => ports.hasSubnet?.(id) === false);
  if (subnet !== undefined)
    return `Error retrieving subnet information for [${subnets.join(", ")}]: The subnet ID '${subnet}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`;
  const group = securityGroups.find((id) => ports.hasSecurityGroup?.(id) === false);
  if (group !== undefined)
    return `Error retrieving security group information for [${securityGroups.join(", ")}]: The security group '${group}' does not exist (ErrorCode: InvalidGroup.NotFound)`;
  return null;
}

/** Why ECS launches no task of the definition, in its words; null where nothing it knows of is gone. */
export function findRoleProblem({ definition }: RegisteredTaskDefinition, ports: EcsPorts): string | null {
  const gone = [definition.executionRoleArn, definition.taskRoleArn].find(
    (role) => role !== undefined && role !== "" && ports.hasRole?.(role) === false,
  );
  return gone === undefined
    ? null
    : `ECS was unable to assume the role '${gone}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`;
}

const UNABLE =
  "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve";

/** Why a task stops before its images are pulled, as Fargate says it. Assumption: a registry's credentials read as secrets do. */
export function findSecretsProblem({ definition }: Task, ports: EcsPorts): string | null {
  const containers = definition.definition.containerDefinitions ?? [];
  const wanted = containers
    .flatMap(({ secrets = [], logConfiguration }) => [
      ...secrets.map(({ valueFrom }) => valueFrom),
      ...(logConfiguration?.secretOptions ?? []).map(({ valueFrom }) => valueFrom),
    ])
    .filter((from) => from !== undefined);
  const registries = containers.flatMap(
    ({ repositoryCredentials }) => repositoryCredentials?.credentialsParameter ?? [],
  );
  const gone = wanted.map(parameterName).filter((name) => name !== null && ports.hasParameter?.(name) === false);
  if (gone.length > 0)
    return `${UNABLE} secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: ${[...new Set(gone)].join(", ")}`;
  for (const from of [...wanted.filter((each) => each.startsWith("arn:")), ...registries]) {
    const problem = ports.findSecretProblem?.(from) ?? null;
    if (problem !== null)
      return `${UNABLE} secret from asm: service call has been retried 1 time(s): failed to fetch secret ${from} from secrets manager: ${problem}`;
  }
  return null;
}

/** The parameter's name, with the slash that its ARN has; null where it is none of Parameter Store's. */
function parameterName(from: string): string | null {
  return /^arn:[\w-]+:ssm:[\w-]+:\d+:parameter(\/.+)$/.exec(from)?.[1] ?? (from.startsWith("arn:") ? null : from);
}
