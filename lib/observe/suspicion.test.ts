import { expect, test } from "vitest";
import { sideMetrics } from "../domain/observation/side-metrics.ts";
import { NOW, observation, slot } from "../testing/facts.ts";
import { isEmptySide, isSuspicious, isSuspiciousSide } from "./suspicion.ts";

const EMPTY = { counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 }, targets: [] };

test("reading the sides that are not empty and those that ECS tells of ends the suspicion", () => {
  // A service that AWS drives is one for both sides, so its events are those of both.
  const events = [{ id: "e", at: NOW - 1000, message: "has reached a steady state" }];
  const before = {
    blue: { events, targetsReadAt: NOW - 5000 },
    green: { ...EMPTY, events, targetsReadAt: NOW - 5000 },
  };
  expect(isSuspicious(observation(before))).toBe(true);
  const read = (changes: (typeof before)["blue" | "green"]) => {
    const side = slot("blue", changes);
    return isEmptySide(side) && !isSuspiciousSide(side) ? changes : { ...changes, targetsReadAt: NOW };
  };
  expect(isSuspicious(observation({ blue: read(before.blue), green: read(before.green) }))).toBe(false);
});

test("an empty side that ECS tells nothing of is not read sooner", () => {
  expect(isSuspiciousSide(slot("green", { ...EMPTY, targetsReadAt: NOW - 60_000 }))).toBe(false);
  expect(isSuspiciousSide(slot("green", { ...EMPTY }))).toBe(false);
});

test("a period of CloudWatch's that began after the targets were read and counts other unhealthy ones has them read again", () => {
  const metrics = { ...sideMetrics([], 60, NOW), hosts: { healthy: 1, unhealthy: 1, from: NOW - 60_000, at: NOW } };
  const side = (targetsReadAt: number, hosts = metrics.hosts) =>
    isSuspiciousSide(slot("blue", { metrics: { ...metrics, hosts }, targetsReadAt }));
  expect(side(NOW - 61_000)).toBe(true);
  // The targets were read within the period, or after it: they are newer than what it counted.
  expect(side(NOW - 30_000)).toBe(false);
  expect(side(NOW)).toBe(false);
  expect(side(NOW - 61_000, { ...metrics.hosts, unhealthy: 0 })).toBe(false);
});
