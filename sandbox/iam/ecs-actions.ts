import { ecsArn, lastPart } from "../ecs/arns.ts";
import type { Place } from "../service.ts";
import { type ActionsOf, type Input, list, object, text } from "./input-parts.ts";
import type { AskedAction } from "./matching.ts";

const TASKS_SERVICE = "ecs-tasks.amazonaws.com";
const ECS_SERVICE = "ecs.amazonaws.com";

/** ECS's operations on the resources that they name, with the roles that they pass on and the tags that they set. */
export const ecsActions: ActionsOf = (operation, input, place) => {
  const context = contextOf(input, place);
  const own = resourcesOf(operation, input, place).map((resource) => ({
    action: `ecs:${operation}`,
    resource,
    context,
  }));
  return [...own, ...tagging(operation, input, place), ...passedRoles(operation, input, place)];
};

/** "*" alone where AWS knows no single resource. */
function resourcesOf(operation: string, input: Input, place: Place): string[] {
  const cluster = lastPart(text(input.cluster) || "default");
  const on = (type: string, ...path: string[]) => ecsArn(place, `${type}/${path.join("/")}`);
  switch (operation) {
    case "DescribeClusters": {
      const clusters = list(input.clusters);
      return (clusters.length > 0 ? clusters : ["default"]).map((name) => on("cluster", lastPart(text(name))));
    }
    case "DescribeServices":
      return list(input.services).map((name) => on("service", cluster, lastPart(text(name))));
    case "CreateService":
      return [on("service", cluster, text(input.serviceName))];
    case "UpdateService":
    case "DeleteService":
    case "ListServiceDeployments":
    case "UpdateServicePrimaryTaskSet":
      return [on("service", cluster, lastPart(text(input.service)))];
    case "ListTasks":
      return [on("container-instance", cluster, "*")];
    case "DescribeTasks":
      return list(input.tasks).map((task) => on("task", cluster, lastPart(text(task))));
    case "StopTask":
      return [on("task", cluster, lastPart(text(input.task)))];
    case "CreateTaskSet":
      return [on("task-set", cluster, lastPart(text(input.service)), "*")];
    case "UpdateTaskSet":
    case "DeleteTaskSet":
      return [on("task-set", cluster, lastPart(text(input.service)), lastPart(text(input.taskSet)))];
    case "DescribeServiceDeployments":
      return list(input.serviceDeploymentArns).map(text);
    case "DescribeServiceRevisions":
      return list(input.serviceRevisionArns).map(text);
    case "StopServiceDeployment":
    case "ContinueServiceDeployment":
      return [text(input.serviceDeploymentArn)];
    case "RegisterTaskDefinition":
      return [on("task-definition", `${text(input.family)}:*`)];
    case "TagResource":
    case "UntagResource":
    case "ListTagsForResource":
      return [text(input.resourceArn)];
    default:
      return ["*"];
  }
}

/** Tags that come with a new resource ask for ecs:TagResource beside the operation itself. */
function tagging(operation: string, input: Input, place: Place): AskedAction[] {
  if (operation === "TagResource" || list(input.tags).length === 0) return [];
  const resource = resourcesOf(operation, input, place)[0] ?? "*";
  return [{ action: "ecs:TagResource", resource, context: { "ecs:CreateAction": operation } }];
}

/** Each role that a request names is passed to the service that will take it. Assumed: a role that it does not name is not. */
function passedRoles(operation: string, input: Input, place: Place): AskedAction[] {
  const passed: { role: unknown; to: string }[] = [];
  if (operation === "RegisterTaskDefinition")
    for (const role of [input.taskRoleArn, input.executionRoleArn]) passed.push({ role, to: TASKS_SERVICE });
  if (operation === "CreateService" || operation === "UpdateService") {
    passed.push({ role: input.role, to: ECS_SERVICE });
    for (const entry of list(input.loadBalancers))
      passed.push({ role: object(object(entry).advancedConfiguration).roleArn, to: ECS_SERVICE });
    for (const hook of list(object(input.deploymentConfiguration).lifecycleHooks))
      passed.push({ role: object(hook).roleArn, to: ECS_SERVICE });
  }
  return passed.flatMap(({ role, to }) => {
    const name = text(role);
    if (name === "") return [];
    const resource = name.startsWith("arn:") ? name : `arn:aws:iam::${place.accountId}:role/${name}`;
    return { action: "iam:PassRole", resource, context: { "iam:PassedToService": to } };
  });
}

function contextOf(input: Input, place: Place): Record<string, string> {
  const cluster = lastPart(text(input.cluster) || "default");
  const service = text(input.service) || text(input.serviceName);
  return {
    "aws:RequestedRegion": place.region,
    "ecs:cluster": ecsArn(place, `cluster/${cluster}`),
    ...(service === "" ? {} : { "ecs:service": ecsArn(place, `service/${cluster}/${lastPart(service)}`) }),
    ...(text(input.taskDefinition) === "" ? {} : { "ecs:task-definition": text(input.taskDefinition) }),
  };
}
