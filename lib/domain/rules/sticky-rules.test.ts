import { expect, test } from "vitest";
import { deployment, facts, NOW, observation } from "../../testing/facts.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { SlotColor } from "../observation/slot.ts";
import { findDeployBlockers, findRetireBlockers } from "./action-rules.ts";
import { findRollbackBlockers } from "./rollback-rules.ts";
import { findStickyBlocker } from "./sticky-rules.ts";

const HOUR = 3600;

/** Green is live since a shift so many seconds ago. */
function world(seconds: number, sticky: number | null, to: SlotColor = "green") {
  const before = observation();
  const begun = deployment({ kind: "SWITCH", requested: null, observation: before });
  const moved: Deployment = {
    ...begun,
    status: "SUCCESSFUL",
    finishedAt: NOW,
    plan: begun.plan && {
      ...begun.plan,
      shift: { to, expected: before.traffic.weights, sentAt: NOW - seconds * 1000, readBackMs: 9 },
    },
  };
  const look = observation({ weights: { blue: 0, green: 100 } });
  const traffic = { ...look.traffic, groupStickinessSeconds: sticky };
  return facts({ ...look, traffic }, { history: [moved] });
}

test.each([
  ["within the cookies' time", 60, HOUR, true],
  ["once all of them are over", HOUR, HOUR, false],
  ["without stickiness", 60, null, false],
])("the old side counts as served %s", (_, seconds, sticky, isServed) => {
  const now = world(seconds, sticky);
  expect(findStickyBlocker(now, "blue")?.code).toBe(isServed ? "STILL_SERVED" : undefined);
  const codes = (all: readonly { code: string }[]) => all.map(({ code }) => code).includes("STILL_SERVED");
  expect([codes(findDeployBlockers(now)), codes(findRetireBlockers(now))]).toEqual([isServed, isServed]);
  // Nobody who goes back to it waits for anything.
  expect(codes(findRollbackBlockers(now))).toBe(false);
});

test("the side with the weight, and one that nothing was moved away from, is not judged by cookies", () => {
  expect(findStickyBlocker(world(60, HOUR), "green")).toBeNull();
  expect(findStickyBlocker(world(60, HOUR, "blue"), "blue")).toBeNull();
});
