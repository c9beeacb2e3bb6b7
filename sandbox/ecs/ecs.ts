import type { SandboxBase, SimulatedService, TaskSetDriver } from "../service.ts";
import { createAgenda } from "./agenda.ts";
import { lastPart } from "./arns.ts";
import { clusterOperations } from "./cluster-operations.ts";
import { containerInstanceOperations } from "./container-instances.ts";
import { createNativeDeployments } from "./native/native-deployments.ts";
import { createNativeScheduler } from "./native/native-scheduler.ts";
import type { EcsPorts } from "./ports.ts";
import { createProcessRunner } from "./process-runner.ts";
import { createRollingScheduler } from "./rolling-scheduler.ts";
import { serviceDeploymentOperations } from "./service-deployment-operations.ts";
import { serviceOperations } from "./service-operations.ts";
import { createServiceTasks } from "./service-tasks.ts";
import { tagOperations } from "./tag-operations.ts";
import { mainContainer } from "./task-container.ts";
import { taskDefinitionOperations } from "./task-definition-operations.ts";
import { createTaskLifecycle } from "./task-lifecycle.ts";
import { taskOperations } from "./task-operations.ts";
import { createTaskSetDriver } from "./task-set-driver.ts";
import { taskSetOperations } from "./task-set-operations.ts";
import { createTaskSetScheduler } from "./task-set-scheduler.ts";
import { hasTaskSets } from "./task-sets.ts";
import { type EcsProfile, type EcsTimings, TIMINGS } from "./timings.ts";
import { createVirtualRunner } from "./virtual-runner.ts";
import type { EcsWorld, Service, Task } from "./world.ts";

/** Steady services are looked at every so many ticks, spread over them: targets turn unhealthy without telling ECS. */
const SWEEP_TICKS = 5;

/** What may differ from one simulated ECS to another. */
export interface EcsOptions extends Partial<EcsTimings> {
  /** Makes every task virtual, whatever its task definition says. */
  virtual?: boolean;
  /** What the timings are where they are not given one by one; "fast" without it. */
  profile?: EcsProfile;
}

/** A task as the sandbox's own controls list it. */
interface ListedTask {
  id: string;
  arn: string;
  service?: string;
  group?: string;
  lastStatus: string;
  address?: string;
  port?: number;
  image: string;
}

/** What the sandbox does to tasks behind ECS's back. Tasks are named by id or ARN. */
interface EcsControls {
  /** All tasks that are not STOPPED. */
  listTasks(): ListedTask[];
  /** The main container dies at once with exit code 137. False when it is not running. */
  kill(task: string): boolean;
  /** Resolves to true once the task answers its health check so. False when it is not running. */
  setHealth(task: string, status: number | "hang"): Promise<boolean>;
}

/** The simulated ECS. */
export interface SimulatedEcs {
  service: SimulatedService;
  controls: EcsControls;
  /** What CodeDeploy changes in it. */
  codeDeploy: TaskSetDriver;
  /** Services that are ACTIVE, with their running tasks and the target groups that these are in, by ARN. */
  listServices(): { cluster: string; service: string; running: number; targetGroupArns: string[] }[];
  /** Whether a task that has not stopped stands in the subnet or security group of this id. */
  hasTasksIn(id: string): boolean;
  /** Kills every task and forgets everything. */
  reset(): Promise<void>;
  /** Kills every task and stops; resolves when no process is left. */
  close(): Promise<void>;
}

const listTask = (task: Task): ListedTask => ({
  id: task.id,
  arn: task.arn,
  service: task.service?.name,
  group: task.group,
  lastStatus: task.lastStatus,
  address: task.address,
  port: task.port,
  image: mainContainer(task).image ?? "",
});

/** An ECS without clusters. Its scheduler runs until `close`. */
export function createEcs(base: SandboxBase, ports: EcsPorts, options: EcsOptions = {}): SimulatedEcs {
  const { lambda } = ports;
  const { virtual = false, profile = "fast", ...timings } = options;
  let order = 0;
  const world: EcsWorld = {
    base,
    ports,
    timings: { ...TIMINGS[profile], ...timings },
    allVirtual: virtual,
    agenda: createAgenda(base.clock),
    clusters: new Map(),
    families: new Map(),
    tasks: new Map(),
    unsettled: new Set(),
    runTaskTokens: new Map(),
    nextOrder: () => ++order,
  };
  const runners = {
    process: createProcessRunner(world.agenda),
    virtual: createVirtualRunner(world.agenda, ports.targets),
  };
  const lifecycle = createTaskLifecycle(world, runners);
  const serviceTasks = createServiceTasks(world, lifecycle);
  const rolling = createRollingScheduler(world, serviceTasks);
  const external = createTaskSetScheduler(world, serviceTasks);
  const native = createNativeDeployments(world, lambda);
  const codeDeploy = createTaskSetDriver(world);
  const nativeScheduler = createNativeScheduler(world, serviceTasks, native);

  const look = (service: Service) => {
    world.unsettled.delete(service);
    const scheduler = hasTaskSets(service)
      ? external
      : service.serviceDeployments.at(-1)?.native
        ? nativeScheduler
        : rolling;
    if (!scheduler.reconcile(service)) world.unsettled.add(service);
  };
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    const due = new Set(world.unsettled);
    for (const cluster of world.clusters.values())
      for (const service of cluster.services.values())
        if (service.status === "ACTIVE" && (service.order + ticks) % SWEEP_TICKS === 0) due.add(service);
    for (const service of due) look(service);
  };
  const timer = base.clock.every(world.timings.schedulerTickMs, tick);

  const clear = async () => {
    for (const part of [world.clusters, world.tasks, world.unsettled, world.runTaskTokens]) part.clear();
    // AWS never gives a revision's number twice: whoever remembers `family:3` must not find another one under that name.
    for (const { revisions } of world.families.values())
      for (const { definition } of revisions) definition.status = "INACTIVE";
    world.agenda.clear();
    await runners.process.killAll();
  };
  const find = (task: string) => world.tasks.get(lastPart(task));

  return {
    service: {
      name: "ecs",
      operations: {
        ...clusterOperations(world),
        ...containerInstanceOperations(world),
        ...taskDefinitionOperations(world),
        ...serviceOperations(world, native, codeDeploy),
        ...serviceDeploymentOperations(world, native),
        ...taskSetOperations(world, "EXTERNAL"),
        ...taskOperations(world, lifecycle),
        ...tagOperations(world),
      },
    },
    controls: {
      listTasks: () => [...world.tasks.values()].filter((task) => task.lastStatus !== "STOPPED").map(listTask),
      kill(name) {
        const task = find(name);
        return task !== undefined && lifecycle.kill(task);
      },
      async setHealth(name, status) {
        const task = find(name);
        return task !== undefined && (await lifecycle.setHealth(task, status));
      },
    },
    codeDeploy,
    hasTasksIn: (id) =>
      [...world.tasks.values()].some(({ lastStatus, deployment }) => {
        const { subnets = [], securityGroups = [] } =
          deployment?.revision.networkConfiguration?.awsvpcConfiguration ?? {};
        return lastStatus !== "STOPPED" && [...subnets, ...securityGroups].includes(id);
      }),
    listServices: () =>
      [...world.clusters.values()].flatMap((cluster) =>
        [...cluster.services.values()]
          .filter(({ status }) => status === "ACTIVE")
          .map((service) => ({
            cluster: cluster.name,
            service: service.name,
            running: [...service.tasks].filter(({ lastStatus }) => lastStatus === "RUNNING").length,
            targetGroupArns: [service, ...service.taskSets]
              .flatMap(({ settings }) => settings.loadBalancers ?? [])
              .flatMap(({ targetGroupArn, advancedConfiguration }) => [
                targetGroupArn ?? [],
                advancedConfiguration?.alternateTargetGroupArn ?? [],
              ])
              .flat(),
          })),
      ),
    reset: clear,
    async close() {
      timer.cancel();
      await clear();
    },
  };
}
