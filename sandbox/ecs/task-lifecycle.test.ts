import type { Task } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { BLUE_GROUP, createFixture, type EcsFixture, GREEN_GROUP, isDeployed, REPOSITORY } from "./ecs-fixture.ts";

/** Every lastStatus a task goes through from now on, until it is STOPPED or has run for a while. */
function watchStates(fixture: EcsFixture, taskArn: string | undefined, ms: number): string[] {
  const states: string[] = [];
  for (let at = 0; at < ms; at += 10) {
    const status = read(fixture, taskArn).lastStatus ?? "";
    if (states.at(-1) !== status) states.push(status);
    fixture.clock.advance(10);
  }
  return states;
}

function read(fixture: EcsFixture, taskArn: string | undefined): Task {
  const { tasks = [] } = fixture.call<{ tasks?: Task[] }>("DescribeTasks", { cluster: "main", tasks: [taskArn] });
  return tasks[0] ?? {};
}

function runOne(fixture: EcsFixture, tag: string): string | undefined {
  const { tasks } = fixture.call<{ tasks: Task[] }>("RunTask", {
    cluster: "main",
    taskDefinition: fixture.register(tag),
    launchType: "FARGATE",
    networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
    startedBy: "test",
  });
  return tasks[0]?.taskArn;
}

test("takes a task through every state in order, with a timestamp each and a rising version", () => {
  const fixture = createFixture();
  const arn = runOne(fixture, "1.0.0");
  expect(watchStates(fixture, arn, 3000)).toEqual(["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"]);
  const before = read(fixture, arn).version ?? 0;
  fixture.call("StopTask", { cluster: "main", task: arn, reason: "enough" });
  expect(watchStates(fixture, arn, 3000)).toEqual(["DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"]);

  const task = read(fixture, arn);
  expect(task).toMatchObject({ desiredStatus: "STOPPED", stopCode: "UserInitiated", stoppedReason: "enough" });
  expect(task.containers?.[0]).toMatchObject({ lastStatus: "STOPPED", exitCode: 0 });
  expect(task.version).toBe(before + 4);
  const { createdAt, pullStartedAt, pullStoppedAt, startedAt, stoppingAt, executionStoppedAt, stoppedAt } = task;
  const moments = [createdAt, pullStartedAt, pullStoppedAt, startedAt, stoppingAt, executionStoppedAt, stoppedAt];
  const times = moments.map((moment) => moment?.getTime() ?? Number.NaN);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(task.connectivityAt).toEqual(pullStartedAt);
});

test("describes the network interface, the image's digest and an unknown health without a container check", () => {
  const fixture = createFixture();
  const arn = runOne(fixture, "1.0.0");
  fixture.clock.advance(3000);
  const task = read(fixture, arn);
  const address = task.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address;
  expect(address).toMatch(/^10\./);
  expect(task.attachments?.[0]?.details).toContainEqual({ name: "privateIPv4Address", value: address });
  expect(task.attachments?.[0]?.status).toBe("ATTACHED");
  expect(task.containers?.[0]?.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(task).toMatchObject({ healthStatus: "UNKNOWN", group: "family:library", startedBy: "test" });
  expect(task.taskArn).toMatch(/^arn:aws:ecs:ap-northeast-2:123456789012:task\/main\/[0-9a-f]{32}$/);
});

test("fails a task whose image cannot be pulled, without it ever running", () => {
  const fixture = createFixture();
  const arn = runOne(fixture, "9.9.9");
  expect(watchStates(fixture, arn, 3000)).toEqual(["PROVISIONING", "PENDING", "DEPROVISIONING", "STOPPED"]);
  const task = read(fixture, arn);
  expect(task.stopCode).toBe("TaskFailedToStart");
  expect(task.stoppedReason).toContain(`CannotPullContainerError: pull image manifest`);
  expect(task.containers?.[0]?.reason).toContain(`${REPOSITORY}:9.9.9: not found`);
  expect(task.startedAt).toBeUndefined();
});

test("stops a task whose container crashes, with the container's exit code", () => {
  const fixture = createFixture();
  const arn = runOne(fixture, "1.3.0-crash");
  expect(watchStates(fixture, arn, 4000).slice(3)).toEqual([
    "RUNNING",
    "DEACTIVATING",
    "STOPPING",
    "DEPROVISIONING",
    "STOPPED",
  ]);
  expect(read(fixture, arn)).toMatchObject({
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [{ exitCode: 1 }],
  });
});

test("a killed task exits with 137", () => {
  const fixture = createFixture();
  const arn = runOne(fixture, "1.0.0") ?? "";
  fixture.clock.advance(3000);
  expect(fixture.ecs.controls.kill(arn)).toBe(true);
  fixture.clock.advance(3000);
  expect(read(fixture, arn)).toMatchObject({
    lastStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    containers: [{ exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" }],
  });
  expect(fixture.ecs.controls.kill(arn)).toBe(false);
});

test("a task stopped before it runs never starts its container", () => {
  const fixture = createFixture();
  const arn = runOne(fixture, "1.0.0");
  fixture.clock.advance(500);
  fixture.call("StopTask", { cluster: "main", task: arn });
  expect(watchStates(fixture, arn, 3000)).toEqual(["DEPROVISIONING", "STOPPED"]);
  const task = read(fixture, arn);
  expect(task.stoppedReason).toBe("Task stopped by user");
  expect(task.containers?.[0]?.exitCode).toBeUndefined();
});

test("keeps a stopped task visible for an hour", () => {
  const fixture = createFixture();
  const arn = runOne(fixture, "1.3.0-crash");
  fixture.clock.advance(59 * 60_000);
  expect(read(fixture, arn).lastStatus).toBe("STOPPED");
  fixture.clock.advance(3 * 60_000);
  const output = fixture.call<{ failures: unknown[] }>("DescribeTasks", { cluster: "main", tasks: [arn] });
  expect(output.failures).toEqual([{ arn, reason: "MISSING" }]);
});

test("a service's task drains before its container is told to stop", () => {
  const fixture = createFixture();
  fixture.createService(fixture.register("1.0.0"), { desiredCount: 1 });
  fixture.advanceUntil(() => isDeployed(fixture.service()), "deployed");
  const [task] = fixture.tasks();
  fixture.update({ desiredCount: 0 });
  fixture.clock.advance(4000);
  expect(read(fixture, task?.taskArn)).toMatchObject({ lastStatus: "DEACTIVATING", desiredStatus: "STOPPED" });
  expect(read(fixture, task?.taskArn).executionStoppedAt).toBeUndefined();
  fixture.clock.advance(4000);
  expect(read(fixture, task?.taskArn)).toMatchObject({ lastStatus: "STOPPED", containers: [{ exitCode: 0 }] });
  expect(fixture.targets.list(BLUE_GROUP)).toEqual([]);
});

test("registers with several target groups while activating", () => {
  const fixture = createFixture({ activatingMs: 5000 });
  const container = { containerName: "library", containerPort: 8081 };
  fixture.createService(fixture.register("1.0.0"), {
    desiredCount: 1,
    loadBalancers: [
      { ...container, targetGroupArn: BLUE_GROUP },
      { ...container, targetGroupArn: GREEN_GROUP },
    ],
  });
  fixture.advanceUntil(() => fixture.tasks()[0]?.lastStatus === "ACTIVATING", "activating");
  expect(fixture.targets.list(BLUE_GROUP)).toHaveLength(1);
  expect(fixture.targets.list(GREEN_GROUP)).toHaveLength(1);
});

test("reports a container health check's verdict and replaces the unhealthy task", async () => {
  const fixture = createFixture();
  const healthCheck = { command: ["CMD-SHELL", "curl -f localhost"], interval: 5, retries: 2 };
  const containerDefinitions = [{ name: "library", image: `${REPOSITORY}:1.0.0`, healthCheck }];
  fixture.createService(fixture.register("1.0.0", { containerDefinitions }), { desiredCount: 1, loadBalancers: [] });
  fixture.advanceUntil(() => fixture.tasks()[0]?.healthStatus === "HEALTHY", "healthy");
  fixture.advanceUntil(() => isDeployed(fixture.service()), "deployed");
  const [first] = fixture.tasks();
  await fixture.ecs.controls.setHealth(first?.taskArn ?? "", 503);
  fixture.advanceUntil(() => read(fixture, first?.taskArn).healthStatus === "UNHEALTHY", "unhealthy");
  fixture.advanceUntil(() => read(fixture, first?.taskArn).lastStatus === "STOPPED", "stopped");
  expect(read(fixture, first?.taskArn).stoppedReason).toBe("Task failed container health checks");
  fixture.advanceUntil(() => fixture.tasks()[0]?.healthStatus === "HEALTHY", "replaced");
});
