import { expect, test } from "vitest";
import { NOW, observation, target } from "../../testing/facts.ts";
import type { EarlierRule } from "../observation/traffic.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { receiptWarnings } from "./receipt-warnings.ts";

type Look = Parameters<typeof observation>[0];

function warnings(look: Look = {}, traffic: { groupStickinessSeconds?: number; earlierRules?: EarlierRule[] } = {}) {
  const seen = observation({ blue: { deregistrationDelaySeconds: 0 }, ...look });
  return receiptWarnings({ slots: seen.slots, traffic: { ...seen.traffic, ...traffic } }, "green", NOW).map(inEnglish);
}

const rule = (priority: number, takes: string, groups: string[], isOurs: boolean) => ({
  priority,
  takes,
  groups,
  isOurs,
});

test("nothing odd, nothing to warn of", () => {
  expect(warnings()).toEqual([]);
});

test.each<[string, string[], string[]]>([
  [
    "stickiness between the groups, with the time at which it ends",
    warnings({}, { groupStickinessSeconds: 3_600 }),
    [
      "Target group stickiness is on: some clients stay on blue until 09:00 UTC. Turn it off in the forward action to move everybody at once",
    ],
  ],
  [
    "sticky sessions of the old side",
    warnings({ blue: { stickinessSeconds: 600, deregistrationDelaySeconds: 0 } }),
    ["Sticky sessions on blue (10 min) do not follow: what they keep in memory is lost"],
  ],
  [
    "a group that no rule names, with the fix",
    warnings({ green: { targets: [target("a", "unused", 1, "Target.NotInUse")] } }),
    ["No rule names library-green-tg, so its targets are not checked: put it into the forward action with weight 0"],
  ],
  [
    "draining",
    warnings({ blue: { deregistrationDelaySeconds: 300 } }),
    ["Requests that are open on blue end there; once it is retired its targets drain for 5 min"],
  ],
  [
    "requests that come without the load balancer, to either side",
    warnings({
      blue: { besides: ["Cloud Map (srv-0abc)"], deregistrationDelaySeconds: 0 },
      green: { besides: ["Service Connect (library:8080)"] },
    }),
    [
      "blue gets requests without the load balancer, too, by Cloud Map (srv-0abc): no switch moves them, and a new version gets them as soon as it runs",
      "green gets requests without the load balancer, too, by Service Connect (library:8080): no switch moves them, and a new version gets them as soon as it runs",
    ],
  ],
  [
    "an earlier rule that pins requests to a side",
    warnings({}, { earlierRules: [rule(5, "path /api/*", ["library-blue-tg"], true)] }),
    [
      "Rule 5 comes first and sends path /api/* to library-blue-tg, whatever is switched: give it the same weights, or delete it",
    ],
  ],
  [
    "earlier rules that go elsewhere, in one sentence",
    warnings({}, { earlierRules: [rule(1, "host a.example.com", ["a"], false), rule(2, "path /b", [], false)] }),
    ["Rule 1 (host a.example.com) and 1 more come first: those requests do not reach green"],
  ],
])("%s", (_name, told, expected) => {
  expect(told).toEqual(expected);
});

test("more tasks than the auto scaling of the side that gets the traffic allows", () => {
  const policy = {
    name: "cpu",
    kind: "target-tracking",
    scalesIn: true,
    metric: null,
    target: null,
    alarm: null,
  } as const;
  const bounds = { minimum: 0, maximum: 0, isScaleInSuspended: false, isScheduleSuspended: false };
  const scaling = { ...bounds, policies: [policy], scheduled: [], newest: null, countWhenRead: 2, count: 2 };
  expect(warnings({ green: { scaling } })).toEqual([
    "green is asked to run 2 tasks and its auto scaling allows at most 0: the next policy that acts leaves it no more",
  ]);
});
