import { describe, expect, test } from "vitest";
import { observation } from "../../testing/facts.ts";
import type { Deployment, DeploymentStatus } from "../deployment/deployment.ts";
import { newDeployment } from "../deployment/new-deployment.ts";
import { outcomesOf } from "./deployment-audit.ts";

const START = newDeployment({
  id: "d-1",
  application: "library",
  kind: "SWITCH",
  to: "green",
  observation: observation(),
  requested: null,
  reason: "because",
  bakeMinutes: 1,
  actor: { id: "kim", name: "Kim", via: "session" },
  now: 1000,
});
const RUNNING: Deployment = { ...START, status: "IN_PROGRESS", stage: "POST_PRODUCTION_TRAFFIC_SHIFT" };
const shift = { to: "green", expected: { blue: 100, green: 0 }, sentAt: 2000, readBackMs: 5 } as const;
const moved: Deployment = { ...RUNNING, ...(RUNNING.plan ? { plan: { ...RUNNING.plan, shift } } : {}) };
const line = (step: string, phase: "intent" | "done" | "failed", awsRequestId?: string) => ({
  at: 3000,
  step,
  phase,
  message: `${step} ${phase}`,
  ...(awsRequestId ? { awsRequestId } : {}),
});

describe("what the audit says of what came of a deployment", () => {
  test("traffic that was moved, with the request that moved it, and nothing of intents and failures", () => {
    expect(outcomesOf(RUNNING, moved, [line("shift", "intent"), line("shift", "failed", "r-0")], [])).toEqual([]);
    expect(outcomesOf(RUNNING, moved, [line("shift", "done", "r-1")], [])).toMatchObject([
      {
        action: "traffic.switched",
        actorId: "engine",
        deploymentId: "d-1",
        askedAt: 2000,
        before: expect.stringMatching(/^blue/),
        after: expect.stringMatching(/^green/),
        awsRequestIds: ["r-1"],
      },
    ]);
  });

  test("a part of the traffic, and traffic that went back, by other names", () => {
    const part: Deployment = { ...moved, stage: "PRODUCTION_TRAFFIC_SHIFT" };
    expect(outcomesOf(part, part, [line("shift", "done")], [])[0]?.action).toBe("traffic.shifted");
    const back: Deployment = {
      ...moved,
      status: "ROLLBACK_IN_PROGRESS",
      ...(moved.plan ? { plan: { ...moved.plan, shift: { ...shift, to: "blue" } } } : {}),
    };
    expect(outcomesOf(back, back, [line("shift", "done")], [])[0]).toMatchObject({
      action: "traffic.rolled-back",
      after: expect.stringMatching(/^blue/),
    });
  });

  test.each<[DeploymentStatus, string, RegExp, "done" | "failed"]>([
    ["SUCCESSFUL", "deployment.succeeded", /^green/, "done"],
    ["STOPPED", "deployment.stopped", /^blue/, "done"],
    ["ROLLBACK_SUCCESSFUL", "deployment.rolled-back", /^blue/, "done"],
    ["ROLLBACK_FAILED", "deployment.rollback-failed", /^blue/, "failed"],
  ])("its end as %s, once, with every request of its journal", (status, action, after, outcome) => {
    const end: Deployment = { ...moved, status, finishedAt: 9000, statusReason: "as it was" };
    expect(outcomesOf(moved, end, [], ["r-1", "r-2"])).toMatchObject([
      {
        action,
        outcome,
        askedAt: 1000,
        after: expect.stringMatching(after),
        reason: "because",
        awsRequestIds: ["r-1", "r-2"],
      },
    ]);
    expect(outcomesOf(end, end, [], [])).toEqual([]);
    expect(outcomesOf(end, end, [line("retire", "done", "r-3")], [])).toMatchObject([
      { action: "side.retired", awsRequestIds: ["r-3"] },
    ]);
  });
});
