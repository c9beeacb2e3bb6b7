import { expect, test } from "vitest";
import { slot } from "../../testing/facts.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { scaleInsOf } from "./scale-ins.ts";
import type { ScalingPolicy, SideScaling } from "./side-scaling.ts";

const NOW = Date.UTC(2026, 2, 2, 12, 0);

const CPU: ScalingPolicy = {
  name: "cpu",
  kind: "target-tracking",
  scalesIn: true,
  metric: "ECSServiceAverageCPUUtilization",
  target: 50,
  alarm: { name: "low", state: "OK", since: NOW - 60_000 },
};
const EVENING: SideScaling["scheduled"][number] = {
  name: "evening",
  schedule: "cron(0 20 * * ? *)",
  timezone: "UTC",
  minimum: null,
  maximum: 1,
  startsAt: null,
  endsAt: null,
};
const SCALING: SideScaling = {
  minimum: 1,
  maximum: 8,
  isScaleInSuspended: false,
  isScheduleSuspended: false,
  policies: [],
  scheduled: [],
  newest: null,
  countWhenRead: 2,
  count: 2,
};
const below =
  "Auto scaling policy cpu scales green in once ECSServiceAverageCPUUtilization is below 45 for 15 minutes, to no fewer than 1 task";

test.each<[string, Partial<SideScaling>, string[]]>([
  ["what tracks a target, by its metric", { policies: [CPU] }, [below]],
  [
    "one whose alarm is on, since when",
    { policies: [{ ...CPU, alarm: { name: "low", state: "ALARM", since: NOW - 60_000 } }] },
    ["Auto scaling policy cpu scales green in since 2026-03-02 11:59 UTC, to no fewer than 1 task"],
  ],
  [
    "steps, by their alarm",
    { policies: [{ ...CPU, kind: "step", metric: null, target: null }] },
    ["Auto scaling policy cpu scales green in once the alarm low goes off, to no fewer than 1 task"],
  ],
  [
    "one whose alarm is not known",
    { policies: [{ ...CPU, kind: "step", metric: null, target: null, alarm: null }] },
    ["Auto scaling policy cpu may scale green in, to no fewer than 1 task"],
  ],
  [
    "more than its maximum, which any policy that acts makes true",
    { policies: [{ ...CPU, scalesIn: false }], minimum: 0, maximum: 0 },
    [
      "green is asked to run 2 tasks and its auto scaling allows at most 0: the next policy that acts leaves it no more",
    ],
  ],
  ["nothing of a maximum that no policy enforces", { minimum: 0, maximum: 0 }, []],
  ["nothing that only scales out", { policies: [{ ...CPU, scalesIn: false }] }, []],
  ["no policy at the minimum", { policies: [CPU], minimum: 2 }, []],
  [
    "that policies are suspended, where one would scale it in",
    { policies: [CPU], isScaleInSuspended: true },
    ["Auto scaling policies do not scale green in: that is suspended"],
  ],
  ["no policy that is suspended and could do nothing", { isScaleInSuspended: true }, []],
  [
    "what is scheduled, with its next time",
    { scheduled: [EVENING] },
    ["Scheduled action evening leaves green at most 1 task from 2026-03-02 20:00 UTC"],
  ],
  [
    "a schedule that cannot be told ahead as it is written",
    { scheduled: [{ ...EVENING, schedule: "cron(0 20 L * ? *)" }] },
    ["Scheduled action evening leaves green at most 1 task by its schedule cron(0 20 L * ? *) (UTC)"],
  ],
  ["no schedule while those are suspended", { scheduled: [EVENING], isScheduleSuspended: true }, []],
  ["no schedule that leaves the count as it is", { scheduled: [{ ...EVENING, maximum: 2 }] }, []],
])("a side is told %s", (_, changes, told) => {
  const side = slot("green", { scaling: { ...SCALING, ...changes } });
  expect(scaleInsOf(side, NOW).map(inEnglish)).toEqual(told);
});

test("a side without tasks, and one that nothing scales, is told nothing", () => {
  const { counts } = slot("green", {});
  const scaling = { ...SCALING, policies: [CPU] };
  expect(scaleInsOf(slot("green", { scaling, counts: { ...counts, desired: 0 } }), NOW)).toEqual([]);
  expect(scaleInsOf(slot("green", {}), NOW)).toEqual([]);
});
