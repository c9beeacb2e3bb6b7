import type { EcsPorts } from "./ports.ts";
import type { RegisteredTaskDefinition, Task } from "./world.ts";

/** Why ECS launches no task of the definition, in its words; null where nothing it knows of is gone. */
export function findRoleProblem({ definition }: RegisteredTaskDefinition, ports: EcsPorts): string | null {
  const gone = [definition.executionRoleArn, definition.taskRoleArn].find(
    (role) => role !== undefined && role !== "" && ports.hasRole?.(role) === false,
  );
  return gone === undefined
    ? null
    : `ECS was unable to assume the role '${gone}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`;
}

/** Why a task stops before its images are pulled, as Fargate says it. Secrets of Secrets Manager are always there: it is not simulated. */
export function findSecretsProblem({ definition }: Task, ports: EcsPorts): string | null {
  const containers = definition.definition.containerDefinitions ?? [];
  const wanted = containers.flatMap(({ secrets = [], logConfiguration }) => [
    ...secrets,
    ...(logConfiguration?.secretOptions ?? []),
  ]);
  const gone = wanted
    .flatMap(({ valueFrom }) => valueFrom ?? [])
    .map(
      (from) =>
        /^arn:[\w-]+:ssm:[\w-]+:\d+:parameter(\/.+)$/.exec(from)?.[1] ?? (from.startsWith("arn:") ? null : from),
    )
    .filter((name) => name !== null)
    .filter((name) => ports.hasParameter?.(name) === false);
  return gone.length === 0
    ? null
    : `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: ${[...new Set(gone)].join(", ")}`;
}
