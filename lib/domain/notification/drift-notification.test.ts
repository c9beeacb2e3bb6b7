import { describe, expect, test } from "vitest";
import { deployment, NOW, observation } from "../../testing/facts.ts";
import { englishOf } from "../sentence/told.ts";
import type { ApplicationSnapshot } from "../snapshot/snapshot.ts";
import { driftNotification, findDrift } from "./drift-notification.ts";

const HOUR = 3_600_000;
const ended = { ...deployment(), status: "SUCCESSFUL" as const, finishedAt: NOW - HOUR };

function snapshot(
  look: Parameters<typeof observation>[0] = {},
  change: Partial<ApplicationSnapshot> = {},
): ApplicationSnapshot {
  const { sources, traffic, slots, observedAt } = observation(look);
  return {
    name: "library",
    region: "x",
    cluster: "main",
    controller: "paired-services",
    observedAt,
    sources,
    traffic,
    slots,
    deployment: null,
    lastDeployment: null,
    window: null,
    rollbackTo: null,
    // Drift is told from traffic and the record alone.
    actions: {} as ApplicationSnapshot["actions"],
    alarms: [],
    ...change,
  };
}
const GREEN = { blue: 0, green: 100 };
const SPLIT = { blue: 50, green: 50 };

describe("drift", () => {
  test.each<[string, ApplicationSnapshot, RegExp | null]>([
    ["none when a side is live and nothing is on record", snapshot(), null],
    ["a stranger's target group", snapshot({ drift: "The listener also forwards to x" }), /also forwards to x/],
    ["no weight at all", snapshot({ weights: { blue: 0, green: 0 } }), /Neither side has weight/],
    ["a split that nobody is making", snapshot({ weights: SPLIT }), /split \(blue 50, green 50\)/],
    ["none in a split that a deployment makes", snapshot({ weights: SPLIT }, { deployment: deployment() }), null],
    ["none while live is what the last deployment left", snapshot({ weights: GREEN }, { lastDeployment: ended }), null],
    [
      "another side live than the last deployment left",
      snapshot({}, { lastDeployment: ended }),
      /blue is live, though/,
    ],
    [
      "none from a reading of the moment of the write",
      snapshot({ at: NOW - HOUR + 4999 }, { lastDeployment: ended }),
      null,
    ],
    [
      "none after a deployment that stopped, which left what it found",
      snapshot({}, { lastDeployment: { ...ended, status: "STOPPED" } }),
      null,
    ],
    ["none while a deployment is in flight", snapshot({}, { lastDeployment: ended, deployment: deployment() }), null],
    [
      "none that rests on an old reading",
      snapshot({ drift: "x" }, { sources: [{ name: "elb", state: "stale", ageMs: 60_000 }] }),
      null,
    ],
  ])("%s", (_what, given, expected) => {
    const drift = findDrift(given);
    if (expected) expect(englishOf(drift ?? "")).toMatch(expected);
    else expect(drift).toBeNull();
  });

  test("one spell is one notification, the next another", () => {
    const first = driftNotification(snapshot(), "x", NOW);
    expect(driftNotification(snapshot({ at: NOW + 1 }), "x", NOW).id).toBe(first.id);
    expect(driftNotification(snapshot(), "x", NOW + 1).id).not.toBe(first.id);
    expect(driftNotification(snapshot(), "y", NOW).id).not.toBe(first.id);
    expect(first).toMatchObject({ deploymentId: null, deepLinkPath: "/library", at: NOW });
    expect(first.id).toMatch(/^[\x21-\x7e]+$/);
  });
});
