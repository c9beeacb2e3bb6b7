import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListTasksRequest,
  ListTasksResponse,
  RunTaskRequest,
  RunTaskResponse,
  StopTaskRequest,
  StopTaskResponse,
} from "@aws-sdk/client-ecs";
import { AwsError, type Handler } from "../service.ts";
import { checkPlaceOf, ecsArn, invalidParameter, lastPart } from "./arns.ts";
import { checkLaunch } from "./launch-checks.ts";
import { findService, getCluster } from "./look-ups.ts";
import { takePage } from "./paging.ts";
import { getActiveTaskDefinition } from "./task-definition-operations.ts";
import { createTask } from "./task-factory.ts";
import type { TaskLifecycle } from "./task-lifecycle.ts";
import { checkNetworkIsThere, findRoleProblem } from "./task-needs.ts";
import { describeTask } from "./task-view.ts";
import type { EcsWorld, Task } from "./world.ts";

/** Operations on tasks. */
export function taskOperations(world: EcsWorld, lifecycle: TaskLifecycle): Record<string, Handler> {
  const run = (input: RunTaskRequest): Task[] => {
    const cluster = getCluster(world, input.cluster);
    const definition = getActiveTaskDefinition(world, input.taskDefinition ?? "");
    const count = input.count ?? 1;
    if (count < 1 || count > 10) throw invalidParameter("count must be between 1 and 10.");
    checkLaunch(input, definition);
    checkNetworkIsThere(input.networkConfiguration, world.ports);
    const token = input.clientToken && `${cluster.name}/${input.clientToken}`;
    const earlier = token && world.runTaskTokens.get(token);
    if (earlier) return earlier.map((id) => world.tasks.get(id)).filter((task) => task !== undefined);
    const role = findRoleProblem(definition, world.ports);
    if (role !== null) throw new AwsError("ClientException", role);
    const tasks = Array.from({ length: count }, () =>
      createTask(world, {
        cluster,
        definition,
        launchType: input.launchType ?? (input.capacityProviderStrategy?.length ? "FARGATE" : "EC2"),
        group: input.group ?? `family:${definition.definition.family}`,
        startedBy: input.startedBy,
        overrides: input.overrides,
        enableExecuteCommand: input.enableExecuteCommand,
        tags: [...(input.tags ?? []), ...(input.propagateTags === "TASK_DEFINITION" ? definition.tags : [])],
      }),
    );
    if (token)
      world.runTaskTokens.set(
        token,
        tasks.map((task) => task.id),
      );
    for (const task of tasks) lifecycle.launch(task);
    return tasks;
  };

  const matches = (task: Task, input: ListTasksRequest): boolean => {
    const { family, startedBy, launchType, desiredStatus = "RUNNING" } = input;
    return (
      task.desiredStatus === desiredStatus &&
      (family === undefined || task.definition.definition.family === family) &&
      (startedBy === undefined || task.startedBy === startedBy) &&
      (launchType === undefined || task.launchType === launchType)
    );
  };

  return {
    RunTask(input: RunTaskRequest): RunTaskResponse {
      return { tasks: run(input).map((task) => describeTask(world, task, true)), failures: [] };
    },

    StartTask() {
      throw new AwsError("UnsupportedFeatureException", "StartTask is not available in this sandbox.");
    },

    StopTask(input: StopTaskRequest): StopTaskResponse {
      const cluster = getCluster(world, input.cluster);
      const task = world.tasks.get(lastPart(input.task ?? ""));
      if (task?.cluster !== cluster) throw invalidParameter("The referenced task was not found.");
      lifecycle.stop(task, "UserInitiated", input.reason ?? "Task stopped by user");
      return { task: describeTask(world, task, true) };
    },

    ListTasks(input: ListTasksRequest): ListTasksResponse {
      const cluster = getCluster(world, input.cluster);
      const service = input.serviceName === undefined ? null : findService(cluster, input.serviceName);
      if (input.serviceName !== undefined && service?.status !== "ACTIVE" && service?.status !== "DRAINING")
        throw new AwsError("ServiceNotFoundException", "Service not found.");
      const name = input.containerInstance;
      const instance =
        name === undefined ? null : cluster.instances.find(({ arn }) => lastPart(arn) === lastPart(name));
      if (instance === undefined) throw invalidParameter("Container instance not found.");
      const tasks = [...cluster.tasks].filter(
        (task) =>
          (service === null || task.service === service) &&
          (instance === null || task.instance === instance) &&
          matches(task, input),
      );
      const { page, nextToken } = takePage(tasks, input);
      return { taskArns: page.map((task) => task.arn), nextToken };
    },

    DescribeTasks(input: DescribeTasksRequest): DescribeTasksResponse {
      const cluster = getCluster(world, input.cluster);
      const names = input.tasks ?? [];
      if (names.length === 0) throw invalidParameter("Tasks cannot be empty.");
      if (names.length > 100) throw invalidParameter("Tasks cannot have more than 100 elements.");
      const tasks = [];
      const failures = [];
      for (const name of names) {
        checkPlaceOf(name, world.base.place, cluster.name);
        const task = world.tasks.get(lastPart(name));
        if (task?.cluster === cluster) tasks.push(describeTask(world, task, input.include?.includes("TAGS") ?? false));
        else
          failures.push({ arn: ecsArn(world.base.place, `task/${cluster.name}/${lastPart(name)}`), reason: "MISSING" });
      }
      return { tasks, failures };
    },
  };
}
