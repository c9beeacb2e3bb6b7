import { expect, it } from "vitest";
import { degraded, faultAfterSwitch, waiting } from "@/components/fixtures/scenes.ts";
import { snapshot } from "@/components/fixtures/snapshots.ts";
import { matchesFilter, worstFirst } from "./application-rows.ts";

it("puts faults first, then warnings, then what is in flight, then the rest by name", () => {
  const all = [
    snapshot({ name: "b-calm" }),
    { ...waiting, name: "waiting" },
    snapshot({ name: "a-calm" }),
    { ...degraded, name: "degraded" },
    { ...faultAfterSwitch, name: "fault" },
  ];
  expect(worstFirst(all).map((each) => each.name)).toEqual(["fault", "degraded", "waiting", "a-calm", "b-calm"]);
});

it("filters by every word typed", () => {
  expect(matchesFilter(snapshot(), "lib 1.1.0")).toBe(true);
  expect(matchesFilter(snapshot(), "lib 9.9")).toBe(false);
  expect(matchesFilter(faultAfterSwitch, "alarm")).toBe(true);
  expect(matchesFilter(snapshot(), "alarm")).toBe(false);
});
