import { expect, test } from "vitest";
import { startLibraryWorld } from "../testing/library-world.ts";
import { assembleObservation } from "./assemble-observation.ts";
import { createFacts } from "./facts.ts";
import { gatherMetrics, metricsCallsOf } from "./gather-metrics.ts";

async function startWorld() {
  const world = await startLibraryWorld();
  const application = { ...world.application, metricPeriodSeconds: 10, alarms: ["library-5xx"] };
  const facts = createFacts(world.aws);
  const gather = () => gatherMetrics(world.aws, [application], facts, { priority: "action", now: Date.now });
  const observe = (now = Date.now()) => assembleObservation(application, facts, now, 60_000);
  return { ...world, application, gather, observe };
}

test("an observation without metrics says nothing of CloudWatch; with them it has both sides and the alarms", async () => {
  const { gather, observe } = await startWorld();
  expect(observe().sources.map(({ name }) => name)).toEqual(["ecs", "elb"]);
  expect(observe().slots.blue.metrics).toBeNull();
  await gather();
  const { sources, slots, watchedAlarms } = observe();
  expect(sources[2]).toMatchObject({ name: "cloudwatch", state: "ok" });
  expect(slots.blue.metrics).toMatchObject({ periodSeconds: 10, samples: 0 });
  expect(slots.green.metrics).toMatchObject({ periodSeconds: 10, samples: 0 });
  expect(watchedAlarms).toMatchObject([{ name: "library-5xx", state: "MISSING" }]);
});

test("a denied permission is named, and what was known before stays", async () => {
  const { gather, observe, fault } = await startWorld();
  await gather();
  fault("error", { service: "cloudwatch", code: "AccessDenied", operation: "DescribeAlarms" });
  await gather();
  expect(observe().sources[2]).toMatchObject({
    name: "cloudwatch",
    state: "error",
    message: expect.stringContaining("cloudwatch:DescribeAlarms"),
  });
  expect(observe().watchedAlarms).toHaveLength(1);
});

test("metrics that come no more are stale, without making the observation older", async () => {
  const { gather, observe } = await startWorld();
  await gather();
  expect(observe(Date.now() + 200_000).sources[2]).toMatchObject({ state: "stale", message: /No answer for 20\d s/ });
  expect(observe().observedAt).toBe(0);
});

test("counts its calls: twenty-three applications and a hundred alarms to each", async () => {
  const { application } = await startWorld();
  const many = Array.from({ length: 120 }, (_, index) => ({ ...application, alarms: [`alarm-${index}`] }));
  expect(metricsCallsOf([])).toBe(0);
  expect(metricsCallsOf([application])).toBe(2);
  expect(metricsCallsOf(many)).toBe(8);
});
