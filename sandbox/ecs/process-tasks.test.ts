import { setTimeout as sleep } from "node:timers/promises";
import type * as Ecs from "@aws-sdk/client-ecs";
import { afterEach, expect, test } from "vitest";
import { createFixture, type EcsFixture } from "./ecs-fixture.ts";

const open: EcsFixture[] = [];

afterEach(async () => {
  for (const fixture of open.splice(0)) await fixture.ecs.close();
});

/** Virtual time runs on while the processes take real time. */
async function waitFor<T>(fixture: EcsFixture, look: () => T | undefined | false, what: string): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Did not come to pass in ten seconds: ${what}`);
    fixture.clock.advance(100);
    await sleep(5);
  }
}

async function runTask(tag: string, more: Partial<Ecs.RegisterTaskDefinitionRequest> = {}) {
  const fixture = createFixture({ virtual: false });
  open.push(fixture);
  fixture.call("RunTask", {
    cluster: "main",
    taskDefinition: fixture.register(tag, more),
    networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
  });
  const listed = await waitFor(
    fixture,
    () => fixture.ecs.controls.listTasks().find((task) => task.lastStatus === "RUNNING" && task.address && task),
    "the task runs",
  );
  const stopped = () =>
    waitFor(fixture, () => fixture.tasks("STOPPED").find((task) => task.lastStatus === "STOPPED"), "the task stopped");
  return { fixture, listed, url: `http://${listed.address}:${listed.port}`, stopped };
}

test("a task is a process that serves on its own loopback address", async () => {
  const { fixture, listed, url } = await runTask("1.0.0");
  if (process.platform === "linux") {
    expect(listed.address).toMatch(/^127\.0\.\d+\.\d+$/);
    expect(listed.port).toBe(8081);
  }
  expect(await (await fetch(url)).json()).toEqual({ tag: "1.0.0", slot: "blue", task: listed.id });
  await waitFor(fixture, () => fixture.logs.some(({ message }) => message.startsWith("INFO  GET / 200")), "logged");
  expect(fixture.logs[0]).toMatchObject({
    ...{ group: "/ecs/library", stream: `ecs/library/${listed.id}`, region: "ap-northeast-2" },
  });
});

test("StopTask ends the process with exit code 0", async () => {
  const { fixture, listed, stopped } = await runTask("1.0.0");
  fixture.call("StopTask", { cluster: "main", task: listed.id });
  expect(await stopped()).toMatchObject({ stopCode: "UserInitiated", containers: [{ exitCode: 0 }] });
  expect(fixture.logs.at(-1)?.message).toBe("INFO  Graceful shutdown complete");
});

test("a process that does not stop in time is killed", async () => {
  const containerDefinitions = [
    { name: "library", image: "host/library:1.0.0", portMappings: [{ containerPort: 8081 }], stopTimeout: 2 },
  ];
  const { fixture, listed, url, stopped } = await runTask("1.0.0", { containerDefinitions });
  const neverAnswered = fetch(`${url}/slow?ms=60000`).catch((error: unknown) => error);
  await waitFor(fixture, () => true, "the request is on its way");
  await sleep(50);
  fixture.call("StopTask", { cluster: "main", task: listed.id });
  expect(await stopped()).toMatchObject({ containers: [{ exitCode: 137 }] });
  expect(await neverAnswered).toBeInstanceOf(Error);
});

test("a killed process shows as exit code 137", async () => {
  const { fixture, listed, url, stopped } = await runTask("1.0.0");
  expect(fixture.ecs.controls.kill(listed.arn)).toBe(true);
  expect(await stopped()).toMatchObject({
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [{ exitCode: 137 }],
  });
  await expect(fetch(url)).rejects.toThrow();
});

test("setHealth resolves once the process answers so", async () => {
  const { fixture, listed, url } = await runTask("1.0.0");
  const health = () => fetch(`${url}/actuator/health`, { signal: AbortSignal.timeout(300) });
  expect(await fixture.ecs.controls.setHealth(listed.id, 503)).toBe(true);
  expect((await health()).status).toBe(503);
  await fixture.ecs.controls.setHealth(listed.id, "hang");
  await expect(health()).rejects.toThrow();
  await fixture.ecs.controls.setHealth(listed.id, 200);
  expect((await health()).status).toBe(200);
  expect(await fixture.ecs.controls.setHealth("unknown", 200)).toBe(false);
});

test("a crash is seen with its exit code and its last lines", async () => {
  const { fixture, stopped } = await runTask("1.3.0-crash");
  expect(await stopped()).toMatchObject({ stopCode: "EssentialContainerExited", containers: [{ exitCode: 1 }] });
  expect(fixture.logs.some(({ message }) => message.startsWith("java.lang.IllegalStateException"))).toBe(true);
});

test("reset and close leave no process behind", async () => {
  const { fixture, url } = await runTask("1.0.0");
  await fixture.ecs.reset();
  await expect(fetch(url)).rejects.toThrow();
  expect(fixture.ecs.controls.listTasks()).toEqual([]);
  expect(fixture.call("ListClusters", {})).toEqual({ clusterArns: [], nextToken: undefined });
});
