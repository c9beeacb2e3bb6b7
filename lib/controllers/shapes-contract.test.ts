import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import type { TaskShape } from "../../sandbox/seed-task-definition.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { joinTargets } from "../domain/observation/task-target.ts";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { type LibraryWorld, libraryConfig, startLibraryWorld, until } from "../testing/library-world.ts";

/*
 * Every shape of task with every way in and every way of logging that people have: each pair of the three is in one of the rows.
 * awslogs without a prefix is for EC2 alone.
 */

const BLUE = { blue: 100, green: 0 };
const GREEN = { blue: 0, green: 100 };
const PLENTY = { burst: 10_000, perSecond: 10_000, share: 1 };

type Network = "fargate" | NonNullable<TaskShape["network"]>;
type Entrance = "default action" | "rule" | "two listeners" | "test rule";
type Logs = "prefix" | NonNullable<TaskShape["logs"]>;

const ROWS: [Network, Entrance, Logs][] = [
  ["fargate", "default action", "prefix"],
  ["fargate", "rule", "firelens"],
  ["fargate", "two listeners", "prefix"],
  ["fargate", "test rule", "firelens"],
  ["bridge", "default action", "no-prefix"],
  ["bridge", "rule", "prefix"],
  ["bridge", "two listeners", "firelens"],
  ["bridge", "test rule", "no-prefix"],
  ["host", "default action", "firelens"],
  ["host", "rule", "no-prefix"],
  ["host", "two listeners", "no-prefix"],
  ["host", "test rule", "prefix"],
  ["ipv6", "default action", "firelens"],
  ["ipv6", "rule", "prefix"],
  ["ipv6", "two listeners", "firelens"],
  ["ipv6", "test rule", "prefix"],
];

/** The world with its entrance, and the application as switchyard.yaml names it. */
async function start(network: Network, entrance: Entrance, logs: Logs): Promise<LibraryWorld> {
  const world = await startLibraryWorld({
    sandbox: {
      speed: 25,
      shape: { ...(network === "fargate" ? {} : { network }), ...(logs === "prefix" ? {} : { logs }) },
    },
    aws: { limits: { "elb-read": PLENTY, "ecs-resource-read": PLENTY } },
  });
  const application = await resolveApplication(world.aws, libraryConfig(await build(world, entrance)));
  return { ...world, application };
}

/** Adds to the load balancer what the entrance needs; answers how it is named. */
async function build({ sandbox, application }: LibraryWorld, entrance: Entrance): Promise<Record<string, unknown>> {
  const call = (operation: string, input: object) =>
    sandbox.elb.service.operations[operation]?.(input, { requestId: "test", signal: new AbortController().signal });
  const forward = (blue: number, green: number): Elb.Action[] => [
    {
      Type: "forward",
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: application.slots.blue.targetGroupArn, Weight: blue },
          { TargetGroupArn: application.slots.green.targetGroupArn, Weight: green },
        ],
      },
    },
  ];
  const ListenerArn = application.listener.arn;
  if (entrance === "rule") {
    const Conditions = [{ Field: "path-pattern", PathPatternConfig: { Values: ["/library/*"] } }];
    await call("CreateRule", { ListenerArn, Priority: 10, Conditions, Actions: forward(100, 0) });
    return { rule: { priority: 10 } };
  }
  if (entrance === "two listeners") {
    const LoadBalancerArn = ListenerArn.replace(":listener/", ":loadbalancer/").replace(/\/[^/]+$/, "");
    await call("CreateListener", { LoadBalancerArn, Protocol: "HTTP", Port: 8080, DefaultActions: forward(100, 0) });
    const listeners = [80, 8080].map((port) => ({ loadBalancer: "library-alb", port }));
    return { listeners };
  }
  if (entrance === "test rule") {
    const Conditions = [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Preview", Values: ["green"] } }];
    await call("CreateRule", { ListenerArn, Priority: 5, Conditions, Actions: forward(0, 100) });
    return { testListener: null, testRule: { priority: 5 } };
  }
  return {};
}

const STREAMS: Record<Logs, (task: { id: string; runtimeId: string | undefined }) => string> = {
  prefix: ({ id }) => `ecs/library/${id}`,
  "no-prefix": ({ runtimeId }) => runtimeId ?? "none",
  firelens: ({ id }) => `app/library-firelens-${id}`,
};

/** Each side's tasks with their own targets and streams, and nobody else's. */
function expectWhole({ slots }: Observation, logs: Logs): void {
  for (const { tasks, targets, counts } of [slots.blue, slots.green]) {
    expect(counts).toMatchObject({ desired: 2, running: 2, healthy: 2 });
    const running = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING");
    const joined = joinTargets(running, targets);
    expect(joined.strangers.filter(({ state }) => state !== "draining")).toEqual([]);
    for (const task of running) {
      expect(joined.targetsOf(task).filter(({ state }) => state === "healthy")).toHaveLength(1);
      const runtimeId = task.containers.find(({ name }) => name === "library")?.runtimeId;
      expect(task).toMatchObject({
        logGroup: "/ecs/library-management-task",
        logStream: STREAMS[logs]({ id: task.id, runtimeId }),
      });
    }
  }
}

test.each(ROWS)("%s, %s, %s: observed, released, switched and back", async (network, entrance, logs) => {
  const world = await start(network, entrance, logs);
  const { aws, application, controller } = world;
  const whole = async (holds: (seen: Observation) => boolean, what: string) => {
    let seen = await controller.observe(application);
    await until(async () => {
      seen = await controller.observe(application);
      const { blue, green } = seen.slots;
      return holds(seen) && [blue, green].every(({ rollout, counts }) => rollout === null && counts.healthy === 2);
    }, what);
    return seen;
  };
  const before = await whole(() => true, "both sides to be healthy");
  expectWhole(before, logs);
  expect(before.traffic).toMatchObject({ live: "blue", weights: BLUE, test: { weights: GREEN } });
  expect(before.traffic.drift).toBeUndefined();

  const found = await aws.ecr.findTag("library-management-system", "1.1.0", "action");
  const uri = await aws.ecr.getRepositoryUri("library-management-system", "action");
  const request = { image: `${uri}:1.1.0@${found?.digest}` };
  const plan = await controller.planRevision(application, "green", request);
  expect(plan.changes.map(({ field }) => field)).toEqual(["library: image"]);
  const { value: revision } = await controller.registerRevision(application, "green", request, "d-1");
  await controller.startSide(application, "green", revision, 2, "d-1");
  const isNew = ({ slots }: Observation) =>
    slots.green.revision?.taskDefinition === revision.taskDefinition &&
    slots.green.tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length === 2;
  expectWhole(await whole(isNew, "the new revision"), logs);

  for (const [from, to] of [
    [BLUE, GREEN],
    [GREEN, BLUE],
  ] as const) {
    expect((await controller.shift(application, from, to)).value).toMatchObject({ before: from, after: to });
    const { traffic } = await controller.observe(application);
    expect(traffic).toMatchObject({ weights: to, test: { weights: GREEN } });
    for (const each of traffic.together ?? []) expect(each.weights).toEqual(to);
  }
});
