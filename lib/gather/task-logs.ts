import { logGroupRef } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import type { Task } from "../domain/observation/slot.ts";
import {
  type ContainerSummary,
  findMainContainer,
  type TaskDefinitionSummary,
} from "../domain/observation/task-definition.ts";

/** Where the task's containers write, the main one first; nothing while its task definition is not known. */
export function logsOf(
  application: Pick<Application, "container" | "logGroup" | "region" | "accountId">,
  task: Pick<Task, "id" | "containers">,
  definition: Pick<TaskDefinitionSummary, "containers"> | null | undefined,
): Pick<Task, "logGroup" | "logStream" | "logs"> {
  const main = definition ? findMainContainer(definition, application.container) : null;
  const containers = definition ? [main, ...definition.containers.filter((each) => each !== main)] : [];
  const logs = containers.flatMap((container) => {
    const named = container?.logGroup ?? (container === main ? application.logGroup : null);
    const group = named && container && groupIn(application, container, named);
    const stream = container && streamOf(container, task);
    return group && stream ? [{ container: container.name, group, stream }] : [];
  });
  const own = logs.find(({ container }) => container === main?.name);
  const named = application.logGroup ?? main?.logGroup;
  const logGroup = named && main?.logGroup === named ? groupIn(application, main, named) : named;
  return {
    ...(logGroup ? { logGroup } : {}),
    ...(own ? { logStream: own.stream } : {}),
    ...(logs.length > 0 ? { logs } : {}),
  };
}

/** The group as it is found from here: by name, or by ARN where the container writes to another Region. */
function groupIn(
  { region, accountId }: Pick<Application, "region" | "accountId">,
  { logRegion = region }: ContainerSummary,
  group: string,
): string {
  return logRegion === region ? group : logGroupRef(logRegion, accountId, group).arn;
}

/** Null where the definition does not tell, or the container does not run yet. */
function streamOf(container: ContainerSummary, task: Pick<Task, "id" | "containers">): string | null {
  const template =
    container.logStream ?? (container.logStreamPrefix && `${container.logStreamPrefix}/${container.name}/{task}`);
  const runtimeId = task.containers.find(({ name }) => name === container.name)?.runtimeId;
  if (!template || (template.includes("{runtime}") && runtimeId === undefined)) return null;
  return template.replaceAll("{task}", task.id).replaceAll("{runtime}", runtimeId ?? "");
}
