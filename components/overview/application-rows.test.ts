import { expect, it } from "vitest";
import { degraded, failed, faultAfterSwitch, scaling, unverified, waiting } from "@/components/fixtures/scenes.ts";
import { snapshot } from "@/components/fixtures/snapshots.ts";
import { describeChanges } from "@/components/live/describe-changes.ts";
import { endShape, statusSaid, titleSaid } from "@/components/live/stage-words.ts";
import { applyPatch, diff } from "@/lib/domain/snapshot/patch.ts";
import { summaryOf } from "@/lib/domain/snapshot/summary.ts";
import { groupRows, matchesFilter, needsPerson, worstFirst } from "./application-rows.ts";
import { readOverviewAddress, writeOverviewAddress } from "./overview-address.ts";

const SCENES = { calm: snapshot(), degraded, failed, faultAfterSwitch, scaling, unverified, waiting };

it.each(Object.entries(SCENES))("a list says of the summary of %s what it says of the whole", (_name, whole) => {
  const summary = summaryOf(whole);
  for (const [of, as] of [
    [whole.deployment, summary.deployment],
    [whole.lastDeployment, summary.lastDeployment],
  ] as const) {
    expect(as && [titleSaid(as), statusSaid(as), endShape(as)]).toEqual(
      of && [titleSaid(of), statusSaid(of), endShape(of)],
    );
  }
  expect(needsPerson(summary)).toBe(needsPerson(whole));
  for (const word of ["lib", "alarm", "deploying", "1.1.0", "blue"])
    expect(matchesFilter(summary, word)).toBe(matchesFilter(whole, word));
});

it("a summary of one that is at rest is less than a tenth of its snapshot as an open board has it", () => {
  const metrics = {
    series: Array.from({ length: 60 }, (_, at) => ({ at, requests: 1200, errors: 0, p95Ms: 12.5, averageMs: 8.25 })),
  };
  const events = Array.from({ length: 20 }, (_, at) => ({ id: `${at}`, at, message: "(service x) is steady." }));
  const { slots } = snapshot();
  const whole = snapshot({
    slots: {
      blue: { ...slots.blue, events, metrics: metrics as never },
      green: { ...slots.green, events, metrics: metrics as never },
    },
  });
  const bytes = (value: unknown) => JSON.stringify(value).length;
  expect(bytes(summaryOf(whole)) / bytes(whole)).toBeLessThan(0.1);
});

it("summaries carry what a person who cannot see the list is told", () => {
  const before = summaryOf(snapshot());
  const after = summaryOf(faultAfterSwitch);
  const patched = applyPatch(before, diff(before, after));
  expect(patched).toEqual(JSON.parse(JSON.stringify(after)));
  expect(describeChanges(before, patched).length).toBeGreaterThan(0);
});

it("what waits for a person comes before what is only in flight, and both before the rest", () => {
  const all = [
    snapshot({ name: "calm" }),
    { ...scaling, alarms: [], name: "scaling" },
    { ...waiting, name: "waiting" },
  ];
  expect(worstFirst(all).map(({ name }) => name)).toEqual(["waiting", "scaling", "calm"]);
  expect(all.filter(needsPerson).map(({ name }) => name)).toEqual(["waiting"]);
});

it("groups by what rows have in common; the group that needs somebody is the first, one without a name stays one", () => {
  const rows = worstFirst([
    { ...snapshot({ name: "a" }), team: "alpha" },
    { ...snapshot({ name: "b" }), team: "beta" },
    { ...faultAfterSwitch, name: "c", team: "beta" },
    snapshot({ name: "d" }),
  ]);
  const shown = groupRows(rows, "team").map(({ name, rows: members }) => [name, members.map((each) => each.name)]);
  expect(shown).toEqual([
    ["beta", ["c", "b"]],
    ["", ["d"]],
    ["alpha", ["a"]],
  ]);
  expect(groupRows(rows, "none")).toEqual([{ name: null, rows }]);
});

it("an address is a saved filter: it reads back as it was written, and keeps what is not the overview's", () => {
  const address = { filter: "app 1.1", grouping: "team", needsPerson: true } as const;
  const text = writeOverviewAddress("?other=1", address);
  expect(text).toBe("?other=1&filter=app+1.1&group=team&needs=person");
  expect(readOverviewAddress(new URLSearchParams(text))).toEqual(address);
  const nothing = { filter: "", grouping: "none", needsPerson: false } as const;
  expect(writeOverviewAddress(text, nothing)).toBe("?other=1");
  expect(readOverviewAddress(new URLSearchParams("group=__proto__&needs=all"))).toEqual(nothing);
});

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

it.each([
  ["platform-팀".normalize("NFD"), "팀"],
  ["플랫폼", "플랫폼".normalize("NFD")],
  ["STRASSE", "straße"],
  ["library", "ＬＩＢＲＡＲＹ"],
  ["library", "lib\u200brary\u200d"],
])("the team %s is found by %s", (team, filter) => {
  expect(matchesFilter({ ...summaryOf(snapshot()), team }, filter)).toBe(true);
  expect(matchesFilter({ ...summaryOf(snapshot()), team }, `${filter}zzz`)).toBe(false);
});
