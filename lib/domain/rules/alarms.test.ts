import { expect, test } from "vitest";
import { deployment, facts, NOW, observation, target } from "../../testing/facts.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { advance, withPlan } from "../deployment/deployment-transitions.ts";
import { SLOT_COLORS, type Task } from "../observation/slot.ts";
import { findAlarms } from "./alarms.ts";

const messages = (...args: Parameters<typeof facts>) =>
  findAlarms(facts(...args)).map((a) => `${a.severity}: ${a.message}`);

test("a healthy world has no alarms", () => {
  expect(findAlarms(facts())).toEqual([]);
});

test("a sick target is a fault where it serves and a warning where it does not, since it was first seen so", () => {
  const targets = [target("a"), { ...target("b", "unhealthy", 3, "Target.Timeout"), since: NOW - 5_000 }];
  expect(messages(observation({ blue: { targets } }))).toEqual([
    "fault: On blue, b:8081 is unhealthy (Target.Timeout)",
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
  const unused = observation({ blue: { targets: [target("a", "unused", 3, "Target.NotInUse")] } });
  expect(messages(unused)[0]).toBe("fault: blue is live and has no target: every request is answered 503");
  const sick = observation({ blue: { targets: [target("a", "unhealthy"), target("b", "unhealthy")] } });
  expect(messages(sick)[0]).toBe(
    "fault: blue is live and none of its targets is healthy: its requests go to unhealthy ones",
  );
  const coming = observation({ blue: { targets: [target("a", "unhealthy"), target("b", "initial")] } });
  expect(messages(coming).join()).not.toContain("none of its targets");
  const unread = { ...gone, sources: [{ name: "elb" as const, state: "error" as const, ageMs: 0 }] };
  expect(messages(unread).join()).not.toContain("503");
});

test("a listener without any weight is a fault before all others, also one of several that move together", () => {
  const nobody = observation({ weights: { blue: 0, green: 0 }, green: { targets: [target("b", "unhealthy")] } });
  expect(messages(nobody)[0]).toBe(
    "fault: library-alb HTTP:80 sends its requests to no target group: neither side has a weight above 0",
  );
  const look = observation();
  const together = [
    { arn: "80", name: "library-alb HTTP:80", weights: { blue: 100, green: 0 } },
    { arn: "443", name: "library-alb HTTPS:443", weights: { blue: 0, green: 0 } },
  ];
  expect(messages({ ...look, traffic: { ...look.traffic, together } })[0]).toBe(
    "fault: library-alb HTTPS:443 sends its requests to no target group: neither side has a weight above 0",
  );
  const elsewhere = observation({ weights: { blue: 0, green: 0 }, drift: "It forwards to other-tg as well" });
  expect(messages(elsewhere).join()).not.toContain("no target group");
});

test("what is wrong with a side names it, so that the same on both can be told apart", () => {
  const died = (id: string): Task => ({
    arn: id,
    id,
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    healthStatus: "UNKNOWN",
    startedAt: NOW - 60_000,
    createdAt: NOW - 60_000,
    stoppedAt: NOW - 1_000,
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [],
    taskDefinition: "x",
    address: null,
  });
  const flapping = {
    ...target("c"),
    history: (["healthy", "unhealthy", "healthy", "unhealthy"] as const).map((state, at) => ({ at, state })),
  };
  const sick = {
    tasks: [died("a"), died("b")],
    targets: [target("a", "unhealthy", 3), target("b", "unhealthy", 3), flapping],
    rollout: { id: "r", state: "FAILED" as const, failedTasks: 3 },
  };
  for (const color of SLOT_COLORS) {
    const alarms = findAlarms(facts(observation({ [color]: sick }))).filter(({ slot }) => slot === color);
    expect(alarms.length).toBeGreaterThanOrEqual(4);
    for (const { message } of alarms) expect(message).toContain(color);
    expect(alarms.map(({ message }) => message)).toContain(
      `2 tasks of ${color} stopped: An essential container exited`,
    );
  }
});

test("a switch that is being verified is no alarm; one that stayed unverified is", () => {
  const proof = { ruleReadBackMs: 40, proven: false, note: "Verifies the switch: no request seen on green yet" };
  const stages = [
    { stage: "POST_PRODUCTION_TRAFFIC_SHIFT", status: "IN_PROGRESS", startedAt: NOW, finishedAt: null },
  ] as const;
  const shift = { to: "green" as const, expected: { blue: 100, green: 0 }, sentAt: NOW - 5_000, readBackMs: 40 };
  const moved: Deployment = {
    ...withPlan(deployment({ kind: "SWITCH", requested: null }), { shift }),
    stage: "POST_PRODUCTION_TRAFFIC_SHIFT",
    status: "IN_PROGRESS",
    stages: [...stages],
    proof,
  };
  const live = observation({ weights: { blue: 0, green: 100 } });
  expect(findAlarms(facts(live, { deployment: moved }))).toEqual([]);
  const note = "Switched, not verified: no request seen on green yet";
  const ended = { ...advance(moved, NOW), status: "SUCCESSFUL" as const, proof: { ...proof, note } };
  expect(messages(live, { history: [ended] })).toEqual([`warning: ${note}`]);
});

test("a CloudWatch alarm that went off is a fault, one that does not exist a warning", () => {
  const watchedAlarms = [
    { name: "library-slow", state: "OK" as const, reason: "Threshold Crossed", since: NOW - 9_000 },
    { name: "library-5xx", state: "ALARM" as const, reason: "Threshold Crossed", since: NOW - 5_000 },
    { name: "library-5xy", state: "MISSING" as const, reason: "CloudWatch has no alarm of this name", since: null },
  ];
  expect(findAlarms(facts({ ...observation(), watchedAlarms }))).toMatchObject([
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
