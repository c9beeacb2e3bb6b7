import { expect, test } from "vitest";
import { observation } from "../testing/facts.ts";
import { createWatchers } from "./watchers.ts";

const fail = (error: unknown) => {
  throw error;
};

test("what is in flight or open in a browser has the focus, what is in a list the overview", () => {
  const watchers = createWatchers(fail);
  expect(watchers.attentionOf("library")).toBe("idle");
  const leaveList = watchers.subscribe("*", () => undefined, false);
  expect(watchers.attentionOf("library")).toBe("overview");
  const leaveBoard = watchers.subscribe("library", () => undefined, false);
  expect([watchers.attentionOf("library"), watchers.attentionOf("catalog")]).toEqual(["focus", "overview"]);
  leaveBoard();
  watchers.setInFlight("catalog", true);
  leaveList();
  expect([watchers.attentionOf("library"), watchers.attentionOf("catalog")]).toEqual(["idle", "focus"]);
});

test("a passive listener is told and makes nothing faster", () => {
  const watchers = createWatchers(fail);
  const told: string[] = [];
  watchers.subscribe("library", (look) => told.push(look.application), true);
  expect(watchers.attentionOf("library")).toBe("idle");
  watchers.tell(observation());
  expect(told).toEqual(["library"]);
});

test("a listener that fails keeps no other from being told", () => {
  const errors: unknown[] = [];
  const watchers = createWatchers((error) => errors.push(error));
  const told: string[] = [];
  watchers.subscribe("library", () => fail(new Error("broken")), false);
  watchers.subscribe("*", (look) => told.push(look.application), false);
  watchers.tell(observation());
  expect([told, errors]).toEqual([["library"], [new Error("broken")]]);
});
