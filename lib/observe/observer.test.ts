import { expect, onTestFinished, test } from "vitest";
import type { Observation } from "../domain/observation/observation.ts";
import { FAST_LIMITS, type LibraryWorld, libraryConfig, startLibraryWorld, until } from "../testing/library-world.ts";
import { createObserver, type Observer, type ObserverOptions } from "./observer.ts";

/** With budgets ten times as large as well. */
function startFastWorld(): Promise<LibraryWorld> {
  return startLibraryWorld({ aws: { limits: FAST_LIMITS } });
}

/** Turns of a tenth of the usual time, because the sandbox runs ten times as fast. */
async function startObserver(options: Partial<ObserverOptions> = {}, world?: LibraryWorld) {
  const here = world ?? (await startFastWorld());
  const errors: unknown[] = [];
  const observer = createObserver({
    aws: here.aws,
    controllers: here.controllers,
    configs: [here.config],
    fastMs: 100,
    idleMs: 1000,
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(async () => {
    await observer.stop();
    expect(errors).toEqual([]);
  });
  observer.start();
  return { ...here, observer };
}

function collect(observer: Observer, name: string) {
  const seen: Observation[] = [];
  const stop = observer.subscribe(name, (observation) => seen.push(observation));
  return { seen, stop, last: () => seen.at(-1) };
}

test("resolves the configured names and tells whole observations", async () => {
  const { observer, application } = await startObserver();
  const { seen } = collect(observer, "library");
  await until(() => seen.length > 0);
  expect(seen[0]?.sources.every((source) => source.state === "ok")).toBe(true);
  expect(observer.applications()).toEqual([application]);
  expect(observer.findApplication("library")).toEqual(application);
  expect(observer.findApplication("nothing")).toBeNull();
  expect(observer.unresolved()).toEqual([]);
  await until(() => seen.at(-1)?.slots.green.counts.healthy === 2);
  expect(observer.observation("library")).toBe(seen.at(-1));
});

test("a killed task shows by itself", async () => {
  const { observer, sandbox } = await startObserver();
  const { seen, last } = collect(observer, "library");
  await until(() => last()?.slots.blue.counts.healthy === 2);
  const victim = last()?.slots.blue.tasks[0];
  if (!victim) throw new Error("no task");
  const before = seen.length;
  expect(sandbox.ecs.controls.kill(victim.id)).toBe(true);
  const showsIt = (look: Observation) =>
    look.slots.blue.tasks.find((task) => task.id === victim.id)?.lastStatus !== "RUNNING";
  await until(() => seen.slice(before).some(showsIt));
  await until(() => last()?.slots.blue.tasks.find((task) => task.id === victim.id)?.lastStatus === "STOPPED");
  expect(last()?.slots.blue.tasks.at(-1)).toMatchObject({
    id: victim.id,
    stopCode: "EssentialContainerExited",
    containers: [{ exitCode: 137 }],
  });
  await until(() => last()?.slots.blue.counts.healthy === 2);
});

test("two hundred viewers cost as many AWS calls as one", async () => {
  const { observer, sandbox } = await startObserver();
  const { seen } = collect(observer, "library");
  const callsDuring = async (observations: number) => {
    sandbox.calls.reset();
    const from = seen.length;
    await until(() => seen.length >= from + observations);
    return Object.values(sandbox.calls.counts()).reduce((sum, { count }) => sum + count, 0);
  };
  await callsDuring(4);
  const withOne = await callsDuring(20);
  const stops = Array.from({ length: 199 }, () => collect(observer, "library").stop);
  const withMany = await callsDuring(20);
  expect(Math.abs(withMany - withOne)).toBeLessThanOrEqual(withOne * 0.25);
  for (const stop of stops) stop();
});

test("looks slowly while nobody watches, at once when somebody comes, and fast while a deployment is in flight", async () => {
  const { observer, calls } = await startObserver({ idleMs: 60_000 });
  await until(() => observer.observation("library") !== null);
  const first = observer.observation("library");
  const passive: Observation[] = [];
  observer.subscribe("library", (observation) => passive.push(observation), { isPassive: true });
  const before = calls("ecs.DescribeServices");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(calls("ecs.DescribeServices")).toBe(before);
  const { seen, stop } = collect(observer, "library");
  await until(() => (seen.at(-1)?.observedAt ?? 0) > (first?.observedAt ?? 0));
  stop();
  observer.setInFlight("library", true);
  const from = passive.length;
  await until(() => passive.length > from + 4);
});

test("a denied API leaves the other source going and says which permission is missing", async () => {
  const { observer, fault, sandbox } = await startObserver();
  const { last, seen } = collect(observer, "library");
  await until(() => last()?.slots.blue.counts.healthy === 2);
  fault("error", { service: "elbv2", operation: "DescribeTargetHealth", code: "AccessDenied", remaining: null });
  await until(() => last()?.sources[1]?.state === "error");
  expect(last()?.sources[1]?.message).toContain("elasticloadbalancing:DescribeTargetHealth");
  const victim = last()?.slots.blue.tasks[0]?.id ?? "";
  sandbox.ecs.controls.kill(victim);
  await until(() => last()?.slots.blue.tasks.find((task) => task.id === victim)?.lastStatus === "STOPPED");
  expect(last()?.sources[0]?.state).toBe("ok");
  expect(last()?.slots.blue.targets.length).toBeGreaterThan(0);
  await until(() => (last()?.sources[1]?.ageMs ?? 0) > 50);
  sandbox.faults.clear();
  await until(() => last()?.sources[1]?.state === "ok");
  expect(seen.length).toBeGreaterThan(3);
});

test("a throttled API is named, slows the turns down and recovers", async () => {
  const { observer, aws, fault, sandbox } = await startObserver();
  const { last } = collect(observer, "library");
  await until(() => last()?.sources[1]?.state === "ok");
  const rate = aws.budgets.rate("elb-read");
  fault("throttle", { service: "elbv2", operation: "DescribeTargetHealth", remaining: 2 });
  await until(() => last()?.sources[1]?.state === "throttled");
  expect(last()?.sources[1]?.message).toContain("Throttling");
  expect(aws.budgets.rate("elb-read")).toBeLessThan(rate);
  sandbox.faults.clear();
  await until(() => last()?.sources[1]?.state === "ok");
});

test("a source that falls silent turns stale by itself", async () => {
  let now = Date.now();
  const { observer, fault } = await startObserver({ now: () => now });
  const { last } = collect(observer, "library");
  await until(() => last()?.sources[1]?.state === "ok");
  fault("latency", { service: "elbv2", ms: 1500, remaining: null });
  await until(() => {
    now += 50;
    return last()?.sources[1]?.state === "stale";
  });
  expect(last()?.sources[1]?.message).toMatch(/No answer for \d+ s/);
});

test("AWS that hangs keeps nobody waiting: a look ends with what is known, and the rest is told when it comes", async () => {
  const { observer, fault, sandbox } = await startObserver({ patienceMs: { question: 50, action: 50, engine: 50 } });
  const { last } = collect(observer, "library");
  await until(() => last()?.slots.blue.counts.healthy === 2);
  for (const service of ["ecs", "elbv2"]) fault("timeout", { service, ms: 600_000, remaining: null });
  // What was sent before may still be answered.
  const known = last();
  const looks = await Promise.all([
    observer.lookWithin("library", 0),
    observer.refreshNow("library"),
    observer.refreshNow("library", { priority: "action" }),
    observer.refreshNow("library", { priority: "action", withWays: true }),
  ]);
  for (const { traffic, slots } of looks) {
    expect(traffic.readAt).toBeLessThanOrEqual(Date.now() - 50);
    expect(traffic.weights).toEqual(known?.traffic.weights);
    expect(slots.blue.counts.healthy).toBe(2);
  }
  sandbox.faults.clear();
  const clearedAt = Date.now();
  await until(() => (last()?.observedAt ?? 0) > clearedAt);
});

test("a refresh asks AWS anew, and those that come meanwhile share the next one", async () => {
  const { observer, calls } = await startObserver({ idleMs: 60_000 });
  await until(() => observer.observation("library") !== null);
  const before = calls("ecs.DescribeServices");
  const asked = Date.now();
  const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => observer.refreshNow("library")));
  expect(calls("ecs.DescribeServices")).toBe(before + 2);
  expect(first?.observedAt).toBeGreaterThanOrEqual(asked);
  expect(new Set(others).size).toBe(1);
  await expect(observer.refreshNow("nothing")).rejects.toThrow("There is no application nothing");
});

test("names that AWS does not know stop no other application, and are tried again", async () => {
  const world = await startFastWorld();
  const lost = libraryConfig({ name: "lost", blue: { service: "later", targetGroup: "library-blue-tg" } });
  const { observer } = await startObserver({ configs: [lost, world.config] }, world);
  const { seen } = collect(observer, "*");
  await until(() => seen.length > 0);
  expect(seen.every((observation) => observation.application === "library")).toBe(true);
  expect(observer.unresolved()).toMatchObject([{ name: "lost", message: expect.stringContaining("later") }]);
  await expect(observer.refreshNow("lost")).rejects.toThrow("later");
  const green = await world.aws.ecs.describeServices(lost.cluster, ["library-green-service"], "action");
  const like = green.get("library-green-service");
  if (!like || !("taskDefinition" in like)) throw new Error("no green service");
  await world.sandbox.ecs.service.operations.CreateService?.(
    {
      cluster: lost.cluster,
      serviceName: "later",
      taskDefinition: like.taskDefinition,
      desiredCount: 0,
      loadBalancers: [
        {
          targetGroupArn: world.application.slots.blue.targetGroupArn,
          containerName: "library",
          containerPort: 8081,
        },
      ],
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-0a1b2c3d4e5f60001"] } },
    },
    { requestId: "test", signal: new AbortController().signal },
  );
  await until(() => observer.findApplication("lost") !== null);
});

test("a listener that fails stops no other", async () => {
  const world = await startFastWorld();
  const errors: unknown[] = [];
  const observer = createObserver({ ...world, configs: [world.config], fastMs: 100, onError: (e) => errors.push(e) });
  onTestFinished(() => observer.stop());
  observer.subscribe("library", () => {
    throw new Error("broken viewer");
  });
  const { seen } = collect(observer, "library");
  observer.start();
  await until(() => seen.length > 1);
  expect(errors[0]).toEqual(new Error("broken viewer"));
});

test("stops at once and calls AWS no more", async () => {
  const { observer, sandbox } = await startObserver();
  const { seen } = collect(observer, "*");
  await until(() => seen.length > 0);
  await observer.stop();
  sandbox.calls.reset();
  const count = seen.length;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(seen.length).toBe(count);
  expect(sandbox.calls.counts()).toEqual({});
});

test("metrics come on their own and hold nothing up when CloudWatch does not answer", async () => {
  const world = await startFastWorld();
  world.fault("timeout", { service: "cloudwatch", ms: 60_000, remaining: 1 });
  const { observer } = await startObserver({ metricsMs: 200 }, world);
  const { last } = collect(observer, "library");
  await until(() => last()?.slots.blue.counts.healthy === 2);
  expect(last()?.slots.blue.metrics).toBeNull();
});

test("tells metrics of both sides, and why there are none", async () => {
  const { observer, fault, sandbox } = await startObserver({ metricsMs: 200 });
  const { last } = collect(observer, "library");
  const source = () => last()?.sources.find(({ name }) => name === "cloudwatch");
  await until(() => source()?.state === "ok");
  expect(last()?.slots.green.metrics?.series.length).toBeGreaterThan(0);
  fault("error", { service: "cloudwatch", code: "AccessDenied", remaining: null });
  await until(() => source()?.state === "error");
  expect(source()?.message).toContain("cloudwatch:GetMetricData");
  sandbox.faults.clear();
  await until(() => source()?.state === "ok");
});
