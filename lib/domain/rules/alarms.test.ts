import { expect, test } from "vitest";
import { facts, NOW, observation, target } from "../../testing/facts.ts";
import { findAlarms } from "./alarms.ts";

const messages = (...args: Parameters<typeof facts>) =>
  findAlarms(facts(...args)).map((a) => `${a.severity}: ${a.message}`);

test("a healthy world has no alarms", () => {
  expect(findAlarms(facts())).toEqual([]);
});

test("a sick target is a fault where it serves and a warning where it does not, since it was first seen so", () => {
  const targets = [target("a"), { ...target("b", "unhealthy", 3, "Target.Timeout"), since: NOW - 5_000 }];
  expect(messages(observation({ blue: { targets } }))).toEqual([
    "fault: b:8081 is unhealthy (Target.Timeout)",
    "fault: 1 of 2 wanted targets are healthy while blue is live",
  ]);
  expect(findAlarms(facts(observation({ green: { targets } })))).toMatchObject([
    { severity: "warning", slot: "green", since: NOW - 5_000 },
  ]);
});

test("a live side without a target is a fault before all others: every request is answered 503", () => {
  const counts = { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 };
  const gone = observation({ blue: { targets: [], counts }, green: { targets: [target("b", "unhealthy")] } });
  expect(messages(gone)[0]).toBe("fault: blue is live and has no target: every request is answered 503");
  const draining = observation({ blue: { targets: [target("a", "draining")] } });
  expect(messages(draining)[0]).toBe("fault: blue is live and has no target: every request is answered 503");
  const soon = observation({ blue: { counts } });
  expect(messages(soon)[0]).toBe("fault: blue is live and is asked to run 0 tasks: soon every request is answered 503");
  const split = observation({ weights: { blue: 80, green: 20 }, green: { targets: [] } });
  expect(messages(split)[0]).toBe("fault: green has weight 20 and has no target: its requests are answered 503");
  const unread = { ...gone, sources: [{ name: "elb" as const, state: "error" as const, ageMs: 0 }] };
  expect(messages(unread).join()).not.toContain("503");
});

test("a CloudWatch alarm that went off is a fault, one that does not exist a warning", () => {
  const watchedAlarms = [
    { name: "library-slow", state: "OK" as const, reason: "Threshold Crossed", since: NOW - 9_000 },
    { name: "library-5xx", state: "ALARM" as const, reason: "Threshold Crossed", since: NOW - 5_000 },
    { name: "library-5xy", state: "MISSING" as const, reason: "CloudWatch has no alarm of this name", since: null },
  ];
  expect(findAlarms(facts({ ...observation(), watchedAlarms }))).toEqual([
    { severity: "fault", message: "CloudWatch alarm library-5xx: Threshold Crossed", since: NOW - 5_000 },
    { severity: "warning", message: "CloudWatch alarm library-5xy: CloudWatch has no alarm of this name", since: NOW },
  ]);
});

test("drift, a split that nobody deploys and a silent source are told", () => {
  expect(messages(observation({ drift: "It forwards to other-tg" }))).toEqual([
    "fault: Drift: It forwards to other-tg",
  ]);
  expect(messages(observation({ weights: { blue: 80, green: 20 } }))[0]).toMatch(/^warning: Traffic is split/);
  const look = observation();
  const sources = [{ name: "ecs" as const, state: "throttled" as const, ageMs: 4_000, message: "AWS throttles" }];
  expect(findAlarms(facts({ ...look, sources }))).toMatchObject([
    { message: "Tasks and events: AWS throttles", since: NOW - 4_000 },
  ]);
});
