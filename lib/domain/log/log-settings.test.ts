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

test("a configured group to which tasks write in another Region is read there", () => {
  const there = (group: string) => `arn:aws:logs:us-east-1:123456789012:log-group:${group}`;
  const writing = { blue: { tasks: [{ logGroup: there("/ecs/a") }] }, green: { tasks: [{ logGroup: "/ecs/b" }] } };
  const sources = (logGroup: string, logs?: Parameters<typeof logSourcesOf>[0]["logs"]) =>
    logSourcesOf({ logGroup, ...(logs ? { logs } : {}) }, writing).map(({ group }) => group);
  expect(sources("/ecs/a")).toEqual([there("/ecs/a")]);
  expect(sources("/ecs/b")).toEqual(["/ecs/b"]);
  // The end of another group's name is not the group.
  expect(sources("a")).toEqual(["a"]);
  expect(sources("/ecs/b", { groups: [], sides: { blue: ["/ecs/a"], green: [] } })).toEqual([
    "/ecs/b",
    there("/ecs/a"),
  ]);
});
