import { expect, test } from "vitest";
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
