import { describe, expect, it } from "vitest";
import { inWords } from "@/components/fixtures/in-words.ts";
import { faultAfterSwitch } from "@/components/fixtures/scenes.ts";
import { deployment, NOW, slot, snapshot } from "@/components/fixtures/snapshots.ts";
import { type SideMetrics, sideMetrics } from "@/lib/domain/observation/side-metrics.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { agreement } from "./agreement.ts";
import {
  isManyErrors,
  judgeRequests,
  requestsReading,
  requestsTitle,
  takesTestTraffic,
  unmeasuredSaid,
} from "./request-facts.ts";

const PERIOD = 10;
const END = NOW - 4000;

/** Periods of 10 s, the newest last, as requests or as requests with errors. */
function metered(...periods: (number | [requests: number, errors: number])[]): SideMetrics {
  const series = periods.map((period, i) => {
    const [requests, errors] = typeof period === "number" ? [period, 0] : period;
    const at = END - (periods.length - i) * PERIOD * 1000;
    return { at, requests, errors, p95Ms: requests > 0 ? 38 : null, averageMs: requests > 0 ? 12 : null };
  });
  return sideMetrics(series, PERIOD, END);
}

function world(
  blue: SideMetrics | null,
  green: SideMetrics | null,
  over: Partial<ApplicationSnapshot> = {},
): ApplicationSnapshot {
  return snapshot({
    slots: { blue: slot("blue", { metrics: blue }), green: slot("green", { metrics: green }) },
    ...over,
  });
}

const shifted = (at: number) =>
  deployment("BAKE_TIME", "IN_PROGRESS", {
    from: "green",
    to: "blue",
    proof: { ruleReadBackMs: 90, firstRequestOnNewMs: 300, lastRequestOnOldMs: 4200, proven: true },
    stages: deployment("BAKE_TIME", "IN_PROGRESS").stages.map((each) =>
      each.stage === "PRODUCTION_TRAFFIC_SHIFT" ? { ...each, startedAt: at } : each,
    ),
  });
const sticky = { ...snapshot().traffic, groupStickinessSeconds: 3600 };
const tested = {
  ...snapshot().traffic,
  test: { listenerOrRuleArn: "arn", name: "HTTP:81", weights: { blue: 0, green: 1 }, readAt: NOW },
};

describe("where requests really go", () => {
  const reading = (value: ApplicationSnapshot, now = NOW) => {
    const { title, weights, unknown, words } = inWords(requestsReading(value, now));
    return [title, weights ? `${weights.blue} / ${weights.green}` : unknown, words ?? ""];
  };
  const split = metered(0, [600, 2]);
  const cases: [string, ApplicationSnapshot, string[]][] = [
    [
      "is what was counted",
      world(metered(2140, 2140), metered(0, 0)),
      ["Requests really go", "100 / 0", "214 rps, 0.0 % 5xx"],
    ],
    ["adds both sides", world(split, metered(0, [200, 30])), ["Requests really go", "75 / 25", "80 rps, 4.0 % 5xx"]],
    [
      "says so without requests",
      world(metered(0), metered(0)),
      ["Requests really go", "No requests", "in the last 10 s"],
    ],
    [
      "is not known before a first reading",
      world(null, null),
      ["Requests really go", "Not measured", "nothing read yet"],
    ],
    [
      "names what is denied",
      world(null, null, {
        sources: [{ name: "cloudwatch", state: "error", ageMs: 0, message: "AccessDenied: cloudwatch:GetMetricData" }],
      }),
      ["Requests really go", "Not measured", "AccessDenied: cloudwatch:GetMetricData"],
    ],
    [
      "is the verification while the figures are from before the shift",
      world(metered(0, 0), metered(900, 900), { deployment: shifted(END - 5000) }),
      ["Requests really went", "100 / 0", "verified in 4.2 s"],
    ],
    [
      "is counted again once a whole period passed since the shift",
      world(metered(0, 900), metered(900, 0), { deployment: shifted(END - 15_000) }),
      ["Requests really go", "100 / 0", "90 rps, 0.0 % 5xx"],
    ],
    [
      "is unknown after a shift that nothing has measured yet",
      world(metered(0, 0), metered(900, 900), { deployment: { ...shifted(END - 5000), proof: null } }),
      ["Requests really go", "Not measured", "newest figures are from before the switch"],
    ],
  ];
  it.each(cases)("%s", (_name, value, expected) => {
    expect(reading(value)).toEqual(expected);
  });

  it("is not taken from old figures", () => {
    const late = NOW + 10 * 60_000;
    expect(reading(world(metered(50), metered(0)), late)).toEqual([
      "Requests really go",
      "Not measured",
      "newest figures are 10 min old",
    ]);
  });
});

describe("requests and the listener", () => {
  const cases: [string, ApplicationSnapshot, string, string][] = [
    ["all agree", world(metered(90, 90), metered(0, 0)), "done", "Both agree"],
    ["a few late ones are nothing", world(metered(900, 900), metered(9, 9)), "done", "Both agree"],
    ["too few to tell", world(metered(2, 3), metered(9, 5)), "unmeasured", "Nothing to compare"],
    ["nothing was requested", world(metered(0, 0), metered(0, 0)), "none", "No traffic"],
    ["no figures", world(null, null), "unmeasured", "Nothing to compare"],
    ["a side without weight serves", world(metered(90, 90), metered(40, 40)), "fault", "Requests disagree"],
    ["it no longer does", world(metered(90, 90), metered(40, 0)), "done", "Both agree"],
    [
      "it did before the shift",
      world(metered(90, 90), metered(40, 40), { deployment: shifted(END - 15_000) }),
      "unmeasured",
      "They agree",
    ],
    [
      "it does two periods after the shift",
      world(metered(90, 90), metered(40, 40), { deployment: shifted(END - 20_000) }),
      "fault",
      "Requests disagree",
    ],
    [
      "all agree after the shift",
      world(metered(90, 90), metered(0, 0), { deployment: shifted(END - 20_000) }),
      "done",
      "All three agree",
    ],
    [
      "clients are sticky",
      world(metered(90, 90), metered(40, 40), { traffic: sticky }),
      "explained",
      "Sticky clients stay",
    ],
    [
      "they were sticky for an hour and it is two",
      world(metered(90, 90), metered(40, 40), { traffic: sticky, deployment: shifted(NOW - 2 * 3_600_000) }),
      "fault",
      "Requests disagree",
    ],
    [
      "the test listener sends there",
      world(metered(90, 90), metered(40, 40), { traffic: tested }),
      "explained",
      "Test requests, too",
    ],
    [
      "each side has weight, so none contradicts",
      world(metered(90, 90), metered(5, 5), {
        traffic: { ...snapshot().traffic, weights: { blue: 10, green: 90 }, live: "split" },
      }),
      "done",
      "Both agree",
    ],
  ];
  it.each(cases)("%s", (_name, value, tone, words) => {
    const verdict = judgeRequests(value, NOW);
    expect(verdict.tone).toBe(tone);
    expect(inWords(agreement(value, verdict, NOW)).words).toBe(words);
  });

  it("say which side and how much of it", () => {
    expect(inWords(judgeRequests(world(metered(60, 60), metered(40, 40)), NOW))).toMatchObject({
      detail: "green has weight 0 and 40.0 % of the requests",
    });
  });

  it("do not outweigh a listener that is not as recorded", () => {
    const value = { ...faultAfterSwitch, traffic: snapshot().traffic };
    expect(inWords(agreement(value, { tone: "done" }, NOW)).words).toBe("They disagree");
  });
});

it("counts a side's requests as tests only where it has no other traffic", () => {
  expect(takesTestTraffic({ traffic: tested }, "green")).toBe(true);
  expect(takesTestTraffic({ traffic: tested }, "blue")).toBe(false);
  expect(takesTestTraffic(snapshot(), "green")).toBe(false);
});

it("calls errors many only among enough requests", () => {
  expect(isManyErrors(metered([100, 5]))).toBe(true);
  expect(isManyErrors(metered([100, 4]))).toBe(false);
  expect(isManyErrors(metered([10, 9]))).toBe(false);
  expect(isManyErrors(metered(0))).toBe(false);
});

it("says why nothing is measured, with AWS's words where there are some", () => {
  const source = (state: "ok" | "stale" | "throttled" | "error") =>
    inWords(unmeasuredSaid({ sources: [{ name: "cloudwatch", state, ageMs: 0 }] }));
  expect([source("ok"), source("stale"), source("throttled"), source("error")]).toEqual([
    "this load balancer has no metrics",
    "CloudWatch does not answer",
    "AWS throttles CloudWatch",
    "CloudWatch cannot be read",
  ]);
});

describe("what a side's figures are called", () => {
  const listener = { listenerOrRuleArn: "x", name: "test", weights: { blue: 0, green: 100 }, readAt: NOW };
  const figures = metered(40);
  const begin = figures.at - PERIOD * 1000;
  const switched = (at: number) => {
    const traffic = { ...snapshot().traffic, weights: { blue: 100, green: 0 }, live: "blue" as const, test: listener };
    return world(figures, figures, { traffic, deployment: shifted(at) });
  };

  it.each([
    ["the period began before the switch", 1, "Requests, before the switch", "Requests, before the switch"],
    ["the period began with the switch", 0, "Requests", "Requests, test listener"],
  ])("when %s", (_name, afterBegin, live, old) => {
    const value = switched(begin + afterBegin);
    expect(inWords([requestsTitle(value, "blue", figures), requestsTitle(value, "green", figures)])).toEqual([
      live,
      old,
    ]);
  });
});
