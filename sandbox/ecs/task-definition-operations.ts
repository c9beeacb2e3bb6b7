import type {
  ContainerDefinition,
  DeleteTaskDefinitionsRequest,
  DeleteTaskDefinitionsResponse,
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  Failure,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { Handler } from "../service.ts";
import { clientError, ecsArn, lastPart } from "./arns.ts";
import { cpuUnits, memoryMib } from "./fargate-sizes.ts";
import { takePage } from "./paging.ts";
import { checkTaskDefinition } from "./task-definition-checks.ts";
import type { EcsWorld, RegisteredTaskDefinition, TaskDefinitionFamily } from "./world.ts";

/** Marks a task definition whose tasks live in memory only: as a tag, an environment name or a docker label. */
const VIRTUAL_MARK = { key: "switchyard.sandbox/kind", value: "virtual" } as const;

/** A task definition by family (newest active revision), family:revision or ARN; null when there is none. */
export function findTaskDefinition(world: EcsWorld, reference: string): RegisteredTaskDefinition | null {
  const [familyName = "", revision] = lastPart(reference).split(":");
  const family = world.families.get(familyName);
  if (!family) return null;
  if (revision !== undefined) return family.revisions[Number(revision) - 1] ?? null;
  return family.revisions.findLast((one) => one.definition.status === "ACTIVE") ?? null;
}

/** @throws ClientException when a service or task could not be started from it */
export function getActiveTaskDefinition(world: EcsWorld, reference: string): RegisteredTaskDefinition {
  const found = findTaskDefinition(world, reference);
  if (!found) throw clientError("TaskDefinition not found.");
  if (found.definition.status !== "ACTIVE") throw clientError("TaskDefinition is inactive");
  return found;
}

const isVirtual = (world: EcsWorld, input: RegisterTaskDefinitionRequest) =>
  world.allVirtual ||
  (input.tags ?? []).some(({ key, value }) => key === VIRTUAL_MARK.key && value === VIRTUAL_MARK.value) ||
  (input.containerDefinitions ?? []).some(
    ({ environment, dockerLabels }) =>
      dockerLabels?.[VIRTUAL_MARK.key] === VIRTUAL_MARK.value ||
      environment?.some(({ name, value }) => name === VIRTUAL_MARK.key && value === VIRTUAL_MARK.value),
  );

/** Fills in what ECS fills in: empty lists, defaults, the host port of awsvpc. */
const completeContainer = (one: ContainerDefinition, networkMode: string | undefined): ContainerDefinition => ({
  ...one,
  cpu: one.cpu ?? 0,
  essential: one.essential ?? true,
  environment: one.environment ?? [],
  mountPoints: one.mountPoints ?? [],
  volumesFrom: one.volumesFrom ?? [],
  systemControls: one.systemControls ?? [],
  portMappings: (one.portMappings ?? []).map((mapping) => ({
    ...mapping,
    protocol: mapping.protocol ?? "tcp",
    hostPort: mapping.hostPort ?? (networkMode === "awsvpc" || networkMode === "host" ? mapping.containerPort : 0),
  })),
});

/** Operations on task definitions. */
export function taskDefinitionOperations(world: EcsWorld): Record<string, Handler> {
  const register = (input: RegisterTaskDefinitionRequest): RegisteredTaskDefinition => {
    const familyName = input.family ?? "";
    checkTaskDefinition(input);
    const family: TaskDefinitionFamily = world.families.get(familyName) ?? { name: familyName, revisions: [] };
    const revision = family.revisions.length + 1;
    const arn = ecsArn(world.base.place, `task-definition/${familyName}:${revision}`);
    const { tags, containerDefinitions, cpu, memory, ...rest } = input;
    const definition: TaskDefinition = {
      ...rest,
      taskDefinitionArn: arn,
      containerDefinitions: (containerDefinitions ?? []).map((one) => completeContainer(one, input.networkMode)),
      family: familyName,
      revision,
      status: "ACTIVE",
      cpu: cpu === undefined ? undefined : String(cpuUnits(cpu) ?? cpu),
      memory: memory === undefined ? undefined : String(memoryMib(memory) ?? memory),
      volumes: input.volumes ?? [],
      placementConstraints: input.placementConstraints ?? [],
      compatibilities: input.requiresCompatibilities?.includes("FARGATE") ? ["EC2", "FARGATE"] : ["EC2"],
      requiresAttributes: [],
      registeredAt: new Date(world.base.clock.now()),
      registeredBy: `arn:aws:iam::${world.base.place.accountId}:root`,
    };
    const registered = { arn, definition, tags: tags ?? [], isVirtual: isVirtual(world, input) };
    family.revisions.push(registered);
    world.families.set(familyName, family);
    return registered;
  };

  const getAny = (reference: string | undefined) => {
    const found = findTaskDefinition(world, reference ?? "");
    if (!found) throw clientError("Unable to describe task definition.");
    return found;
  };

  return {
    RegisterTaskDefinition(input: RegisterTaskDefinitionRequest): RegisterTaskDefinitionResponse {
      const { definition, tags } = register(input);
      return { taskDefinition: definition, tags: input.tags ? tags : undefined };
    },

    DescribeTaskDefinition(input: DescribeTaskDefinitionRequest): DescribeTaskDefinitionResponse {
      const { definition, tags } = getAny(input.taskDefinition);
      return { taskDefinition: definition, tags: input.include?.includes("TAGS") ? tags : undefined };
    },

    DeregisterTaskDefinition(input: DeregisterTaskDefinitionRequest): DeregisterTaskDefinitionResponse {
      if (!/:\d+$/.test(input.taskDefinition ?? "")) throw clientError("TaskDefinition revision is missing.");
      const { definition } = getAny(input.taskDefinition);
      definition.status = "INACTIVE";
      definition.deregisteredAt ??= new Date(world.base.clock.now());
      return { taskDefinition: definition };
    },

    DeleteTaskDefinitions(input: DeleteTaskDefinitionsRequest): DeleteTaskDefinitionsResponse {
      const references = input.taskDefinitions ?? [];
      if (references.length > 10) throw clientError("Task definitions cannot have more than 10 elements.");
      const taskDefinitions: TaskDefinition[] = [];
      const failures: Failure[] = [];
      for (const reference of references) {
        const found = /:\d+$/.test(reference) ? findTaskDefinition(world, reference) : null;
        if (!found) failures.push({ arn: reference, reason: "The specified task definition does not exist." });
        else if (found.definition.status === "ACTIVE")
          failures.push({
            arn: found.arn,
            reason:
              "The specified task definition is still in ACTIVE status. Please deregister the target and try again.",
          });
        else {
          // What services and tasks hold stays readable as this; here it is never swept.
          found.definition.status = "DELETE_IN_PROGRESS";
          found.definition.deleteRequestedAt ??= new Date(world.base.clock.now());
          taskDefinitions.push(found.definition);
        }
      }
      return { taskDefinitions, failures };
    },

    ListTaskDefinitions(input: ListTaskDefinitionsRequest): ListTaskDefinitionsResponse {
      const families = [...world.families.values()]
        .filter(({ name }) => input.familyPrefix === undefined || name === input.familyPrefix)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const status = input.status ?? "ACTIVE";
      const arns = families
        .flatMap((family) => family.revisions)
        .filter((one) => one.definition.status === status)
        .map((one) => one.arn);
      if (input.sort === "DESC") arns.reverse();
      const { page, nextToken } = takePage(
        arns.map((arn, order) => ({ arn, order })),
        input,
      );
      return { taskDefinitionArns: page.map(({ arn }) => arn), nextToken };
    },

    ListTaskDefinitionFamilies(input: ListTaskDefinitionFamiliesRequest): ListTaskDefinitionFamiliesResponse {
      const names = [...world.families.values()]
        .filter(({ name }) => name.startsWith(input.familyPrefix ?? ""))
        .filter(({ revisions }) => {
          const isActive = revisions.some((one) => one.definition.status === "ACTIVE");
          return input.status === "ALL" || input.status === undefined || isActive === (input.status === "ACTIVE");
        })
        .map(({ name }) => name)
        .sort();
      const { page, nextToken } = takePage(
        names.map((name, order) => ({ name, order })),
        input,
      );
      return { families: page.map(({ name }) => name), nextToken };
    },
  };
}
