import { expect, test } from "vitest";
import { ClockSkews } from "./clock-skew.ts";

const HOUR = 3_600_000;
const NOW = 1_764_000_000_000;
const feed = (skews: ClockSkews, offsets: readonly number[], stream = "s") =>
  offsets.flatMap((offset, i) => {
    const told = skews.note(stream, NOW + i * 1000 + offset, NOW + i * 1000);
    return told ? [Math.round(told.offsetMs / 1000)] : [];
  });
const times = (offset: number, count: number) => Array.from({ length: count }, (_, i) => offset - (i % 5) * 1000);

test.each<[string, readonly number[], number[]]>([
  ["an hour behind", times(-HOUR, 12), [-3602]],
  ["an hour ahead", times(HOUR, 12), [3598]],
  ["as late as lines are", times(-6000, 12), []],
  ["a minute late, as behind a slow agent", times(-60_000, 12), []],
  ["one late line", [...times(-3000, 4), -HOUR, ...times(-3000, 6)], []],
  ["a backlog that is sent at once", Array.from({ length: 20 }, (_, i) => -HOUR + i * 120_000), []],
  ["fewer lines than say anything", times(-HOUR, 4), []],
  ["a clock that jumps further is told again", [...times(-HOUR, 6), ...times(-2 * HOUR, 6)], [-3602, -7202]],
])("%s", (_what, offsets, told) => {
  expect(feed(new ClockSkews(), offsets)).toEqual(told);
});

test("a clock that was put right is no longer told to those who come later, and is told anew when it goes wrong", () => {
  const skews = new ClockSkews();
  feed(skews, times(HOUR, 6));
  expect(skews.current()).toHaveLength(1);
  feed(skews, times(-2000, 6));
  expect(skews.current()).toEqual([]);
  expect(feed(skews, times(HOUR, 6))).toHaveLength(1);
});

test("each stream has a clock of its own, and a source that names no time of ingestion says nothing", () => {
  const skews = new ClockSkews();
  feed(skews, times(-HOUR, 6), "a");
  feed(skews, times(-1000, 6), "b");
  for (let i = 0; i < 6; i++) expect(skews.note("c", NOW, 0)).toBeNull();
  expect(skews.current().map(({ stream }) => stream)).toEqual(["a"]);
});
