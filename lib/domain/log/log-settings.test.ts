import { expect, test } from "vitest";
import { logSourcesOf } from "./log-settings.ts";

const slots = {
  blue: { tasks: [{ logGroup: "/ecs/a", logs: [{ group: "/ecs/a" }, { group: "/ecs/router" }] }] },
  green: { tasks: [{ logGroup: "/ecs/b" }] },
};

test("the groups are those that the tasks name, each once, where none is configured", () => {
  const sources = logSourcesOf({ logGroup: null }, slots);
  expect(sources).toEqual([
    { group: "/ecs/a", side: null },
    { group: "/ecs/router", side: null },
    { group: "/ecs/b", side: null },
  ]);
  expect(logSourcesOf({ logGroup: null }, null)).toEqual([]);
});

test("what is configured counts alone, and a group of both sides is nobody's", () => {
  const logs = { groups: ["/ecs/shared"], sides: { blue: ["/ecs/blue", "/ecs/both"], green: ["/ecs/both"] } };
  expect(logSourcesOf({ logGroup: "/ecs/old", logs }, slots)).toEqual([
    { group: "/ecs/shared", side: null },
    { group: "/ecs/old", side: null },
    { group: "/ecs/blue", side: "blue" },
    { group: "/ecs/both", side: null },
  ]);
});
