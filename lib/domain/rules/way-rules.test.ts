import { expect, test } from "vitest";
import { facts, NOW, observation } from "../../testing/facts.ts";
import { inOrder, type WayIn } from "../observation/way-in.ts";
import { findDeployBlockers, findRetireBlockers } from "./action-rules.ts";
import { findAlarms } from "./alarms.ts";
import { findSwitchBlockers } from "./switch-rules.ts";
import { findServedBlockers } from "./way-rules.ts";

const API: WayIn = {
  arn: "arn:rule/5",
  listener: "library-alb:80",
  protocol: "HTTP",
  priority: 5,
  takes: "path /api/*",
  weights: { blue: 0, green: 1 },
  others: [],
  use: "other",
};
const codes = (blockers: { code: string }[]) => blockers.map(({ code }) => code);

test("a side that another rule serves is neither replaced nor stopped, and the rule is named with what it takes", () => {
  const look = observation({ ways: [API] });
  const [blocker] = findServedBlockers(look, "green");
  expect(blocker).toMatchObject({
    code: "STILL_SERVED",
    message: "Rule 5 (path /api/*) of library-alb:80 sends traffic to green",
  });
  expect(findDeployBlockers(facts(look))).toContainEqual(blocker);
  expect(findRetireBlockers(facts(look))).toContainEqual(blocker);
});

test("several ways are named in one refusal, default actions too", () => {
  const ways = [API, { ...API, arn: "arn:listener", listener: "library-alb:8443", priority: null }];
  expect(findServedBlockers(observation({ ways }), "green")[0]?.message).toBe(
    "Rule 5 (path /api/*) of library-alb:80 and the default action of library-alb:8443 send traffic to green",
  );
});

test.each<[string, Partial<WayIn>]>([
  ["a way with weight 0", { weights: { blue: 1, green: 0 } }],
  ["the listener that a switch moves", { use: "production" }],
  ["the test listener", { use: "test" }],
])("%s keeps nobody from deploying", (_, changes) => {
  const look = observation({ ways: [{ ...API, ...changes }] });
  expect(codes(findDeployBlockers(facts(look)))).toEqual([]);
});

test.each<[string, ReturnType<typeof observation>["waysIn"]]>([
  ["have never been read", undefined],
  ["could not be read again", { ways: [], readAt: NOW, problem: "AWS throttles DescribeRules" }],
])("listeners and rules that %s may serve the side: it is left alone", (_, waysIn) => {
  const look = { ...observation(), waysIn };
  expect(codes(findDeployBlockers(facts(look)))).toEqual(["WAYS_IN_UNKNOWN"]);
  expect(codes(findRetireBlockers(facts(look)))).toContain("WAYS_IN_UNKNOWN");
});

test("a switch goes by ways in that were read lately, because it stops nothing", () => {
  const waysIn = { ways: [API], problem: "AWS throttles DescribeRules" };
  const blockersAt = (readAt: number) =>
    codes(findSwitchBlockers(facts({ ...observation(), waysIn: { ...waysIn, readAt } }), "green"));
  expect(blockersAt(NOW - 60_000)).toEqual([]);
  expect(blockersAt(NOW - 6 * 60_000)).toEqual(["WAYS_IN_UNKNOWN"]);
});

test("a way in to a side without a target is a fault and an outage, whichever side is live", () => {
  const empty = { counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 }, targets: [] };
  const words =
    "Rule 5 (path /api/*) of library-alb:80 sends traffic to green, which has no target: its requests are answered 503";
  const look = observation({ ways: [API], green: empty });
  expect(findAlarms(facts(look))[0]).toMatchObject({ severity: "fault", slot: "green", message: words });
  const unread = { ...look, sources: look.sources.map((source) => ({ ...source, state: "error" as const })) };
  for (const quiet of [
    observation({ ways: [API] }),
    observation({ ways: [{ ...API, shadowedBy: "x" }], green: empty }),
    unread,
  ])
    expect(findAlarms(facts(quiet)).map(({ message }) => message)).not.toContain(words);
});

test("ways are told in the order in which a switch concerns them", () => {
  const ways = [
    { ...API, arn: "d", priority: null },
    { ...API, arn: "c", priority: 20 },
    { ...API, arn: "b" },
    { ...API, arn: "t", use: "test" as const },
    { ...API, arn: "p", use: "production" as const, listener: "z" },
  ];
  expect(inOrder(ways).map(({ arn }) => arn)).toEqual(["p", "t", "b", "c", "d"]);
});
