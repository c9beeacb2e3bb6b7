import { expect, test } from "vitest";
import { deployment, facts, NOW, observation } from "../../testing/facts.ts";
import { withStage } from "../deployment/change-stage.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { findRetireBlockers } from "./action-rules.ts";
import { findUnverified, lateLookEveryMs, provenLate } from "./late-proof.ts";

const GREEN = { blue: 0, green: 100 };
const NOTE = "Switched, not verified: no request seen on either side";
const PROVEN = {
  ruleReadBackMs: 40,
  firstRequestOnNewMs: 90_000,
  lastRequestOnOldMs: 0,
  failedRequests: 0,
  proven: true,
};

/** A switch to green that ended without its verification. */
function unprovenSwitch(changes: Partial<Deployment> = {}): Deployment {
  const begun = deployment({ kind: "SWITCH", requested: null });
  const shift = { to: "green" as const, expected: { blue: 100, green: 0 }, sentAt: NOW - 60_000, readBackMs: 40 };
  const ended: Deployment = {
    ...begun,
    ...(begun.plan ? { plan: { ...begun.plan, shift } } : {}),
    status: "SUCCESSFUL",
    finishedAt: NOW - 30_000,
    statusReason: `${NOTE}. green is live; blue stays warm until it is retired`,
    proof: { ruleReadBackMs: 40, proven: false, note: NOTE },
  };
  return {
    ...withStage(ended, "POST_PRODUCTION_TRAFFIC_SHIFT", {
      status: "SUCCEEDED",
      finishedAt: NOW - 30_000,
      detail: NOTE,
    }),
    ...changes,
  };
}

const world = (
  history: Deployment[],
  changes: Parameters<typeof observation>[0] = {},
  requestLine: string | null = "GET",
) => {
  const known = facts(observation({ weights: GREEN, ...changes }), { history });
  return { ...known, application: { ...known.application, requestLine } };
};

test("a switch that ended without its verification is looked for, and blocks the old side's end, until it is verified", () => {
  const unverified = world([unprovenSwitch()]);
  expect(findUnverified(unverified)?.shift).toMatchObject({ to: "green", sentAt: NOW - 60_000 });
  expect(findRetireBlockers(unverified)).toMatchObject([
    {
      code: "NOT_PROVEN",
      message: `blue is kept until the switch is verified. ${NOTE}`,
      fix: "Let green serve a request: verification goes on",
    },
  ]);
  const proven = world([unprovenSwitch({ proof: PROVEN })]);
  expect(findUnverified(proven)).toBeNull();
  expect(findRetireBlockers(proven)).toEqual([]);
});

test.each([
  ["somebody moved traffic since", world([unprovenSwitch()], { weights: { blue: 100, green: 0 } })],
  ["the listener has drifted", world([unprovenSwitch()], { drift: "another group" })],
  ["no request line is configured, so that the read-back is all there is", world([unprovenSwitch()], {}, null)],
  ["nothing was ever moved", world([])],
])("nothing is looked for when %s", (_why, look) => {
  expect(findUnverified(look)).toBeNull();
});

test("a deployment that takes its verification itself is left to it; one that bakes without it is not", () => {
  const flying = unprovenSwitch({ status: "IN_PROGRESS", finishedAt: null });
  const proving = withStage(flying, "POST_PRODUCTION_TRAFFIC_SHIFT", { status: "IN_PROGRESS", finishedAt: null });
  expect(findUnverified({ ...world([]), deployment: proving })).toBeNull();
  expect(findUnverified({ ...world([]), deployment: flying })?.deployment).toBe(flying);
});

test("the record loses what it said of the missing verification, and keeps the rest", () => {
  const late = provenLate(unprovenSwitch(), PROVEN);
  expect(late.proof).toEqual(PROVEN);
  expect(late.statusReason).toBe("green is live; blue stays warm until it is retired");
  expect(late.stages.find(({ stage }) => stage === "POST_PRODUCTION_TRAFFIC_SHIFT")?.detail).toBe(
    "Verified later, by requests seen afterwards",
  );
  expect(provenLate(unprovenSwitch({ statusReason: null }), PROVEN).statusReason).toBeNull();
  expect(provenLate(unprovenSwitch({ statusReason: NOTE }), PROVEN).statusReason).toBeNull();
});

test("looks get rarer, and never rarer than five minutes", () => {
  expect([0, 60_000, 600_000, 3_600_000, 86_400_000].map(lateLookEveryMs)).toEqual([
    10_000, 10_000, 30_000, 180_000, 300_000,
  ]);
});
