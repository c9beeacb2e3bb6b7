/** Why a service or a task definition does not fit an application. */
export const fit = {
  controller: "{service} has the deployment controller {has}, and {controller} needs {needed}",
  strategy:
    "{service} has the deployment strategy {has}, with which ECS moves the listener itself; {controller} needs ROLLING",
  bothGroups: "AWS says that {service} registers with {groups}: with both sides' groups, so it belongs to neither side",
  swapped:
    "AWS says that {service} registers with {groups}, not with {own}, which is {side}'s. That is {other}'s group: the sides of {name} may be swapped in switchyard.yaml",
  strange:
    "AWS says that {service} registers with {groups}, not with {own}, which is {side}'s. That is no group of this application",
  otherPair:
    "{service} is deployed between {groups} by the rule {rule} since: Switchyard looks its names up again within a minute",
  otherGroup:
    "CodeDeploy's deployment group {group} deploys {service} between {groups} at {listener} since: Switchyard looks its names up again within a minute",
  noGroup: "no target group",
  noService: "no service",
  noListener: "no listener",
  containers:
    "The load balancer entries of {name}'s services name the containers {containers}: say with container in switchyard.yaml which one gets a new image",
  noContainer: "{name} has no container {container}, which {service} registers with {group}",
  noPort: "The container {container} of {name} has no container port {port}, which {service} registers with {group}",
  launchType: "{name} can be run with {types}, and {service} runs on {launchType}",
  networkMode:
    "{name} has the network mode {mode}, whose tasks are targets of type {needed}, and {group} takes targets of type {has}",
  targetType:
    "{group} has targets of type {type}, and tasks of ECS are targets of type ip or instance: name a target group of one of these",
} as const;
