import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createControllers } from "../controllers/registry.ts";
import { createFleetWorld } from "../testing/fleet-world.ts";
import { createObserver } from "./observer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const COUNT = 100;
const SECONDS = 30;

test("of a hundred applications at ECS's gates one call covers twenty, each is looked at anew within 3 s, and half of AWS's limit is left", async () => {
  const world = createFleetWorld({ count: COUNT, ofOneListener: 20, standbyTasks: 0, native: "at a pause" });
  const { aws, configs, calls, sizes } = world;
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const observer = createObserver({ aws, configs, controllers: createControllers(aws), onError });
  observer.subscribe("*", () => undefined);
  observer.start();
  const seen = () =>
    observer.applications().filter(({ name }) => observer.observation(name)?.awsDeployments?.[0]?.gates.length === 1);
  while (seen().length < COUNT) await vi.advanceTimersByTimeAsync(1000);
  calls.clear();
  sizes.clear();
  const ages: number[] = [];
  for (let second = 0; second < SECONDS; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    ages.push(...seen().map(({ name }) => Date.now() - (observer.observation(name)?.observedAt ?? 0)));
  }
  const asked = sizes.get("DescribeServiceDeployments") ?? [];
  expect(Math.max(...asked)).toBe(20);
  expect(asked.reduce((sum, size) => sum + size, 0) / asked.length).toBeGreaterThan(15);
  expect(ages.toSorted((a, b) => a - b)[Math.floor(ages.length * 0.95)]).toBeLessThanOrEqual(3_000);
  // Describe- and ListServiceDeployments share 20 calls a second, and what the bucket held may come on top.
  const count = asked.length + (calls.get("ListServiceDeployments")?.length ?? 0);
  expect(count).toBeLessThanOrEqual(SECONDS * 10 + 50);
  const stopped = observer.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  await stopped;
  expect(errors).toEqual([]);
}, 60_000);
