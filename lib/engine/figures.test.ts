import { expect, test } from "vitest";
import type { Observation } from "../domain/observation/observation.ts";
import { createFigures } from "./figures.ts";

interface Seen {
  application?: string;
  samples?: number;
  alarm?: string;
  gate?: string;
}

function look({ application = "library", samples = 10, alarm = "OK", gate = "waiting" }: Seen = {}) {
  const side = { metrics: { at: 1, samples, http5xxShare: 0 } };
  const gates = [{ id: "gate-1", state: gate }];
  const awsDeployments = [{ id: "d-1", status: "IN_PROGRESS", stage: "BAKE_TIME", gates }];
  const watchedAlarms = [{ name: "errors", state: alarm }];
  // Only what the figures are made from.
  return { application, slots: { blue: side, green: side }, watchedAlarms, awsDeployments } as unknown as Observation;
}

test.each<[string, Seen, boolean]>([
  ["nothing changed", {}, false],
  ["more requests were counted", { samples: 11 }, true],
  ["an alarm went off", { alarm: "ALARM" }, true],
  ["AWS's gate was answered", { gate: "continued" }, true],
  ["it is another application's first look", { application: "orders" }, true],
])("figures after which %s", (_what, seen, areNew) => {
  const figures = createFigures();
  expect(figures.areNew(look())).toBe(true);
  expect(figures.areNew(look(seen))).toBe(areNew);
  expect(figures.areNew(look(seen))).toBe(false);
});
