import { expect, test } from "vitest";
import { circuitBreakerThreshold, launchBackOffMs, taskLimits } from "./rolling-limits.ts";

test.each([
  { desired: 2, minimumHealthyPercent: 100, maximumPercent: 200, minimum: 2, maximum: 4 },
  { desired: 3, minimumHealthyPercent: 50, maximumPercent: 150, minimum: 2, maximum: 4 },
  { desired: 1, minimumHealthyPercent: 0, maximumPercent: 100, minimum: 0, maximum: 1 },
  { desired: 7, minimumHealthyPercent: 33, maximumPercent: 133, minimum: 3, maximum: 9 },
  { desired: 0, minimumHealthyPercent: 100, maximumPercent: 200, minimum: 0, maximum: 0 },
])("rounds the minimum of $desired up and the maximum down", ({ desired, minimum, maximum, ...configuration }) => {
  expect(taskLimits(desired, configuration)).toEqual({ minimum, maximum });
});

test("uses 100 and 200 percent where nothing is set", () => {
  expect(taskLimits(5, {})).toEqual({ minimum: 5, maximum: 10 });
});

test.each([
  [0, 3],
  [1, 3],
  [6, 3],
  [7, 4],
  [100, 50],
  [399, 200],
  [1000, 200],
])("trips the circuit breaker of %i desired tasks after %i failures", (desired, threshold) => {
  expect(circuitBreakerThreshold(desired, {})).toBe(threshold);
});

test("takes a configured threshold as it is", () => {
  const breaker = (type: "COUNT" | "UNBOUNDED_PERCENT", value: number) => ({
    deploymentCircuitBreaker: { enable: true, rollback: false, thresholdConfiguration: { type, value } },
  });
  expect(circuitBreakerThreshold(10, breaker("COUNT", 1))).toBe(1);
  expect(circuitBreakerThreshold(10, breaker("UNBOUNDED_PERCENT", 10))).toBe(1);
});

test("backs off longer with every round, up to fifteen minutes", () => {
  const delays = [1, 2, 3, 4, 5, 20].map(launchBackOffMs);
  expect(delays).toEqual([0, 10_000, 20_000, 40_000, 80_000, 900_000]);
});
