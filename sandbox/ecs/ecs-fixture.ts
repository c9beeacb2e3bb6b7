import type * as Ecs from "@aws-sdk/client-ecs";
import { type TestClock, testClock } from "../clock.ts";
import { createLambdaHooks } from "../lambda-hooks.ts";
import type { ImageBehaviour, TargetKey, TargetRegistry, TargetState } from "../service.ts";
import { createEcs, type EcsOptions, type SimulatedEcs } from "./ecs.ts";
import type { EcsPorts } from "./ports.ts";

export const BLUE_GROUP =
  "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/library-blue-tg/0a1b2c3d4e5f6071";
export const GREEN_GROUP = BLUE_GROUP.replace("blue", "green");
/** Exists, but no load balancer uses it. */
export const LONELY_GROUP = BLUE_GROUP.replace("blue", "lonely");
/** For tasks on instances. */
export const HOSTS_GROUP = BLUE_GROUP.replace("blue", "hosts");
export const REPOSITORY = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system";

const KINDS: Record<string, ImageBehaviour["kind"]> = {
  "1.0.0": "healthy",
  "1.1.0": "healthy",
  "1.2.0-unhealthy": "unhealthy",
  "1.3.0-crash": "crash",
  "1.4.0-slow": "slow",
  "1.5.0-errors": "errors",
};

/** A target group of the fixture: a target is healthy a second after it was registered, unless it answers otherwise. */
interface FakeTargets extends TargetRegistry {
  deregistrationDelayMs: number;
  /** Registered and draining targets of a group. */
  list(group: string): TargetKey[];
  /** Overrides what every target says. */
  force: TargetState | null;
}

export interface EcsFixture {
  clock: TestClock;
  ecs: SimulatedEcs;
  targets: FakeTargets;
  logs: { group: string; stream: string; message: string; region: string | undefined }[];
  /** Calls an operation as the protocol layer does. */
  call<Output>(operation: string, input: object): Output;
  /** Registers the next revision of the library's task definition. */
  register(tag: string, more?: Partial<Ecs.RegisterTaskDefinitionRequest>): string;
  createService(taskDefinition: string, more?: Partial<Ecs.CreateServiceRequest>): Ecs.Service;
  update(more: Partial<Ecs.UpdateServiceRequest>): Ecs.Service;
  service(name?: string): Ecs.Service;
  tasks(desiredStatus?: "RUNNING" | "STOPPED"): Ecs.Task[];
  /** Newest last. */
  messages(): string[];
  /** Advances in steps of a tenth of a second until it holds; fails after ten minutes. */
  advanceUntil(holds: () => boolean, what: string): void;
}

function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function fakeTargets(clock: TestClock): FakeTargets {
  const key = (group: string, target: TargetKey) => `${group} ${target.id} ${target.port}`;
  const known = new Map<string, { group: string; target: TargetKey; at: number; drainsUntil?: number }>();
  const health = new Map<string, { status: number | "hang"; at: number }>();
  return {
    deregistrationDelayMs: 5000,
    force: null,
    register(group, target) {
      known.set(key(group, target), { group, target, at: clock.now() });
    },
    deregister(group, target) {
      const entry = known.get(key(group, target));
      if (entry) entry.drainsUntil = clock.now() + this.deregistrationDelayMs;
    },
    targetState(group, target) {
      const entry = known.get(key(group, target));
      if (!entry) return null;
      if (entry.drainsUntil !== undefined) {
        if (clock.now() < entry.drainsUntil) return { state: "draining", reason: "Target.DeregistrationInProgress" };
        known.delete(key(group, target));
        return null;
      }
      if (this.force) return this.force;
      const { status, at } = health.get(target.id) ?? { status: 200, at: entry.at };
      if (status === 200 && clock.now() >= Math.max(at, entry.at) + 1000) return { state: "healthy" };
      if (status !== 200 && clock.now() >= Math.max(at, entry.at) + 2000)
        return {
          state: "unhealthy",
          reason: "Target.ResponseCodeMismatch",
          description: `Health checks failed with these codes: [${status}]`,
        };
      return { state: "initial", reason: "Elb.InitialHealthChecking" };
    },
    findTargetGroup: (group) =>
      [BLUE_GROUP, GREEN_GROUP, LONELY_GROUP, HOSTS_GROUP].includes(group)
        ? {
            name: group.split("/")[1] ?? "",
            isAssociated: group !== LONELY_GROUP,
            targetType: group === HOSTS_GROUP ? "instance" : "ip",
          }
        : null,
    addInstance: () => {},
    bindPort: () => {},
    setVirtualHealth: (id, status) => void health.set(id, { status, at: clock.now() }),
    list: (group) => [...known.values()].filter((one) => one.group === group).map((one) => one.target),
  };
}

/** An ECS on a clock moved by hand, with a cluster, virtual tasks unless told otherwise, and target groups that are fakes. */
export function createFixture(options: EcsOptions = {}, ports: Partial<EcsPorts> = {}): EcsFixture {
  const clock = testClock();
  const targets = fakeTargets(clock);
  const logs: EcsFixture["logs"] = [];
  const ecs = createEcs(
    { clock, place: { accountId: "123456789012", region: "ap-northeast-2" }, random: seededRandom(7) },
    {
      targets,
      rules: { readForward: () => null, writeForward: () => undefined, rulesOfListener: () => null },
      alarms: { stateOf: () => null },
      lambda: createLambdaHooks(),
      logs: {
        write: (group, stream, events, region) =>
          void logs.push(...events.map(({ message }) => ({ group, stream, message, region }))),
      },
      images: {
        findImage(image) {
          const tag = /:([\w.-]+)(@.*)?$/.exec(image)?.[1] ?? "";
          const kind = KINDS[tag];
          return kind
            ? {
                tag,
                kind,
                platforms: ["linux/amd64"],
                digest: `sha256:${Buffer.from(tag).toString("hex").padEnd(64, "0")}`,
              }
            : null;
        },
      },
      ...ports,
    },
    { virtual: true, ...options },
  );
  const call = <Output>(operation: string, input: object): Output => {
    const handler = ecs.service.operations[operation];
    if (!handler) throw new Error(`ECS has no ${operation} here.`);
    return handler(input, { requestId: "test", signal: new AbortController().signal }) as Output;
  };
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };
  const fixture: EcsFixture = {
    clock,
    ecs,
    targets,
    logs,
    call,
    register(tag, more = {}) {
      const output = call<Ecs.RegisterTaskDefinitionResponse>("RegisterTaskDefinition", {
        family: "library",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        executionRoleArn: "arn:aws:iam::123456789012:role/library-execution",
        containerDefinitions: [
          {
            name: "library",
            image: `${REPOSITORY}:${tag}`,
            portMappings: [{ containerPort: 8081 }],
            environment: [{ name: "SLOT", value: "blue" }],
            logConfiguration: {
              logDriver: "awslogs",
              options: {
                "awslogs-group": "/ecs/library",
                "awslogs-region": "ap-northeast-2",
                "awslogs-stream-prefix": "ecs",
              },
            },
          },
        ],
        ...more,
      });
      return output.taskDefinition?.taskDefinitionArn ?? "";
    },
    createService(taskDefinition, more = {}) {
      const output = call<Ecs.CreateServiceResponse>("CreateService", {
        cluster: "main",
        serviceName: "web",
        taskDefinition,
        desiredCount: 2,
        launchType: "FARGATE",
        networkConfiguration,
        loadBalancers: [{ targetGroupArn: BLUE_GROUP, containerName: "library", containerPort: 8081 }],
        ...more,
      });
      if (!output.service) throw new Error("CreateService answered without a service.");
      return output.service;
    },
    update(more) {
      const output = call<Ecs.UpdateServiceResponse>("UpdateService", { cluster: "main", service: "web", ...more });
      if (!output.service) throw new Error("UpdateService answered without a service.");
      return output.service;
    },
    service(name = "web") {
      const output = call<Ecs.DescribeServicesResponse>("DescribeServices", { cluster: "main", services: [name] });
      const service = output.services?.[0];
      if (!service) throw new Error(`There is no service ${name}.`);
      return service;
    },
    tasks(desiredStatus = "RUNNING") {
      const { taskArns = [] } = call<Ecs.ListTasksResponse>("ListTasks", { cluster: "main", desiredStatus });
      if (taskArns.length === 0) return [];
      return call<Ecs.DescribeTasksResponse>("DescribeTasks", { cluster: "main", tasks: taskArns }).tasks ?? [];
    },
    messages: () => (fixture.service().events ?? []).map((event) => event.message ?? "").reverse(),
    advanceUntil(holds, what) {
      for (let i = 0; i < 6000; i += 1) {
        if (holds()) return;
        clock.advance(100);
      }
      throw new Error(`Did not come to pass in ten minutes: ${what}`);
    },
  };
  call("CreateCluster", { clusterName: "main" });
  return fixture;
}

/** Whether the service's only deployment has completed. */
export function isDeployed(service: Ecs.Service): boolean {
  return service.deployments?.length === 1 && service.deployments[0]?.rolloutState === "COMPLETED";
}
