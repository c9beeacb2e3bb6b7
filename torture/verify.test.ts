import { describe, expect, test } from "vitest";
import type { Deployment, JournalEntry } from "../lib/domain/deployment/deployment.ts";
import type { Weights } from "../lib/domain/observation/traffic.ts";
import { deploymentRow } from "../lib/testing/test-rows.ts";
import type { AwsWrite, Evidence } from "./evidence.ts";
import { countShifts } from "./history.ts";
import { verify } from "./verify.ts";

const START = 1_000_000;
const at = (seconds: number) => START + seconds * 1000;
const BLUE: Weights = { blue: 100, green: 0 };
const GREEN: Weights = { blue: 0, green: 100 };

/** A switch from blue to green, with nothing wrong; each test breaks one thing. */
function kept(change: Partial<Evidence> = {}): Evidence {
  return {
    startedAt: START,
    endedAt: at(60),
    speed: 1,
    writes: [shift(20, GREEN, "r-1")],
    taskSets: [],
    samples: Array.from({ length: 120 }, (_, i) => ({ at: at(i / 2), healthy: { blue: 2, green: 2 } })),
    troubles: [],
    requests: [],
    deployments: [ended([entry(1, 19.9, "shift", "intent"), entry(2, 20.1, "shift", "done", "r-1")])],
    failures: [],
    hasErrorsByDesign: false,
    ...change,
  };
}

function shift(seconds: number, { blue, green }: Weights, requestId: string): AwsWrite {
  const group = (n: number, color: string, weight: number) => ({
    [`DefaultActions.member.1.ForwardConfig.TargetGroups.member.${n}.TargetGroupArn`]: `arn:…/library-${color}-tg/0`,
    [`DefaultActions.member.1.ForwardConfig.TargetGroups.member.${n}.Weight`]: String(weight),
  });
  const input = { ...group(1, "blue", blue), ...group(2, "green", green) };
  return { at: at(seconds), requestId, operation: "ModifyListener", input, error: null };
}

function update(seconds: number, color: string, desiredCount: number, taskDefinition = "family:7"): AwsWrite {
  const input = { service: `library-${color}-service`, desiredCount, taskDefinition };
  return { at: at(seconds), requestId: `u-${seconds}`, operation: "UpdateService", input, error: null };
}

function entry(
  sequence: number,
  seconds: number,
  step: string,
  phase: JournalEntry["phase"],
  awsRequestId?: string,
): JournalEntry {
  return { sequence, at: at(seconds), step, phase, message: step, ...(awsRequestId ? { awsRequestId } : {}) };
}

function ended(journal: JournalEntry[], status: Deployment["status"] = "SUCCESSFUL") {
  return { ...deploymentRow({ id: "d-1", application: "library", status }), journal };
}

const started = [entry(3, 5, "startSide", "intent"), entry(4, 30, "startSide", "done")];
const withStart = (writes: AwsWrite[], troubles: Evidence["troubles"] = []) =>
  kept({ writes, troubles, deployments: [ended([...(kept().deployments[0]?.journal ?? []), ...started])] });
const promises = (evidence: Evidence) => verify(evidence).map(({ promise }) => promise);

test("a run in which nothing went wrong breaks no promise", () => {
  expect(verify(kept())).toEqual([]);
  expect(countShifts(kept())).toBe(1);
});

describe("a failed request", () => {
  const failed = (seconds: number, waited = 0) => ({
    failures: [{ sentAt: at(seconds - waited), at: at(seconds), what: "status 502" }],
  });
  test("counts when every side with weight is well", () => {
    expect(promises(kept(failed(10)))).toEqual(["no request failed"]);
  });
  test("is excused while the load balancer has not noticed a killed task of the live side, and not for ever", () => {
    const troubles: Evidence["troubles"] = [{ at: at(9), kind: "task", side: "blue" }];
    expect(promises(kept({ ...failed(10), troubles }))).toEqual([]);
    expect(promises(kept({ ...failed(29), troubles }))).toEqual(["no request failed"]);
  });
  test("that waited long is judged by all of its time", () => {
    const troubles: Evidence["troubles"] = [{ at: at(9), kind: "task", side: "blue" }];
    expect(promises(kept({ ...failed(35, 10), troubles }))).toEqual(["no request failed"]);
    expect(promises(kept({ ...failed(29, 10), troubles }))).toEqual([]);
  });
  test("is not excused by a killed task of the side without weight", () => {
    expect(promises(kept({ ...failed(10), troubles: [{ at: at(9), kind: "task", side: "green" }] }))).toHaveLength(1);
  });
  test("is excused by design only where it is a 500", () => {
    expect(promises(kept({ ...failed(10), hasErrorsByDesign: true }))).toHaveLength(1);
    const failures = [{ sentAt: at(30), at: at(30), what: "status 500" }];
    expect(promises(kept({ failures, hasErrorsByDesign: true }))).toEqual([]);
  });
});

test("a deployment in flight at the end is told", () => {
  const [deployment] = kept().deployments;
  const deployments = deployment ? [{ ...deployment, status: "IN_PROGRESS" as const }] : [];
  expect(promises(kept({ deployments }))).toEqual(["every deployment ends"]);
});

describe("a write", () => {
  test("of weights that the listener held already was done twice", () => {
    const writes = [shift(20, GREEN, "r-1"), shift(20.05, GREEN, "r-2")];
    expect(promises(kept({ writes }))).toEqual(["no write done twice"]);
  });
  test("that puts right what somebody else changed was not", () => {
    const writes = [shift(20, GREEN, "r-1"), shift(20.05, GREEN, "r-2")];
    const troubles: Evidence["troubles"] = [{ at: at(20.02), kind: "weights", weights: BLUE }];
    expect(promises(kept({ writes, troubles }))).toEqual([]);
  });
  test("of what was there already is excused while looks are answered with how it was, and not for long", () => {
    const writes = [shift(20, GREEN, "r-1"), shift(25, GREEN, "r-1")];
    const stale = (seconds: number, hits: number): Evidence["troubles"] => {
      const what = JSON.stringify({ service: "elbv2", operation: "DescribeListeners", kind: "stale" });
      return [{ at: at(seconds), kind: "fault", what, ms: 900, hits }];
    };
    expect(promises(kept({ writes, troubles: stale(21, 1) }))).not.toContain("no write done twice");
    expect(promises(kept({ writes, troubles: stale(21, 0) }))).toContain("no write done twice");
    expect(promises(kept({ writes, troubles: stale(18, 1) }))).toContain("no write done twice");
  });
  test("without an intent before it is told, and one without an outcome", () => {
    expect(promises(kept({ deployments: [ended([])] }))).toEqual(["an intent and an outcome for every write"]);
    const open = [ended([entry(1, 19.9, "shift", "intent")])];
    expect(new Set(promises(kept({ deployments: open })))).toEqual(
      new Set(["an intent and an outcome for every write"]),
    );
  });
  test("that registers a second task definition for one deployment is told", () => {
    const register = (seconds: number): AwsWrite => ({
      at: at(seconds),
      requestId: `t-${seconds}`,
      operation: "RegisterTaskDefinition",
      input: { tags: [{ key: "switchyard:deployment", value: "d-1" }] },
      error: null,
    });
    const journal = [entry(1, 1, "registerRevision", "intent"), entry(2, 9, "registerRevision", "done")];
    const evidence = kept({ writes: [register(2), register(3)], deployments: [ended(journal)] });
    expect(promises(evidence)).toEqual(["no write done twice"]);
  });
});

describe("a side with weight", () => {
  test("may be neither updated nor scaled down", () => {
    expect(promises(withStart([update(10, "blue", 2), shift(20, GREEN, "r-1")]))).toEqual([
      "a side with weight is left alone",
    ]);
    expect(promises(withStart([update(10, "green", 2), shift(20, GREEN, "r-1"), update(25, "green", 0)]))).toEqual([
      "a side with weight is left alone",
    ]);
  });
  test("may be updated when it got its weight from somebody else a moment before", () => {
    const troubles: Evidence["troubles"] = [{ at: at(8), kind: "weights", weights: GREEN }];
    expect(promises(withStart([update(10, "green", 2)], troubles)).filter((p) => /weight/.test(p))).toEqual([]);
  });
});

test("weight for a side that had no healthy target in any look before is told", () => {
  const samples = kept().samples.map(({ at: seenAt }) => ({ at: seenAt, healthy: { blue: 2, green: 0 } }));
  expect(promises(kept({ samples }))).toEqual(["no weight for a side without healthy targets"]);
});

test("a repeated request that is answered with another deployment is told", () => {
  const request = { at: at(1), answeredAt: at(2), verb: "release" as const, key: "key-1", status: 202, code: null };
  const requests = [
    { ...request, deploymentId: "d-1" },
    { ...request, deploymentId: "d-2" },
  ];
  expect(promises(kept({ requests }))).toEqual(["a repeated request is answered with the same deployment"]);
});

test("a click is refused only for what was in flight while it was asked", () => {
  const refused = (seconds: number) => {
    const request = { verb: "rollback" as const, key: "key-1", status: 409, deploymentId: null };
    return [{ ...request, at: at(seconds), answeredAt: at(seconds + 0.1), code: "DEPLOYMENT_IN_FLIGHT" }];
  };
  const deployments = kept().deployments.map((one) => ({ ...one, startedAt: at(18), finishedAt: at(24) }));
  expect(promises(kept({ deployments, requests: refused(23.9) }))).toEqual([]);
  expect(promises(kept({ deployments, requests: refused(26) }))).toEqual(["no click is refused for what has ended"]);
});

describe("a listener that moves with the first", () => {
  const second = (seconds: number, weights: Weights, requestId: string) => {
    const moved = shift(seconds, weights, requestId);
    return { ...moved, input: { ...moved.input, ListenerArn: "arn:second" } };
  };
  const both = (...more: AwsWrite[]) => kept({ togetherArn: "arn:second", writes: [...kept().writes, ...more] });

  test("is where the first is once all has ended", () => {
    expect(promises(both(second(20.05, GREEN, "r-2")))).toEqual([]);
    expect(promises(both())).toEqual(["what moves together ends together"]);
    const hands = { at: at(50), kind: "weights" as const, weights: BLUE };
    expect(promises({ ...both(), troubles: [hands] })).toEqual([]);
  });

  test("is not written twice, and counts as traffic of its side", () => {
    const again = second(21, GREEN, "r-3");
    expect(promises(both(second(20.05, GREEN, "r-2"), again))).toContain("no write done twice");
    const touched = withStart([shift(20, GREEN, "r-1"), update(25, "blue", 0)]);
    expect(promises(touched)).toEqual([]);
    expect(promises({ ...touched, togetherArn: "arn:second" })).toContain("a side with weight is left alone");
  });
});

test("a side that a rule leads to is left alone, but for a rule of a moment ago or one that is gone", () => {
  const withRule = (from: number, until: number) =>
    withStart(
      [shift(20, GREEN, "r-1"), update(30, "blue", 0)],
      [{ at: at(from), kind: "rule", side: "blue", until: at(until) }],
    );
  const told = (from: number, until: number) =>
    promises(withRule(from, until)).includes("a side with weight is left alone");
  expect(told(25, 35)).toBe(true);
  expect(told(29.5, 35)).toBe(false);
  expect(told(20, 29)).toBe(false);
});

test("the test listener's weights are no production traffic", () => {
  const moved = { ...shift(10, { blue: 0, green: 100 }, "t-1") };
  moved.input = { ...moved.input, ListenerArn: "arn:test" };
  const journal = [entry(1, 9.9, "shiftTest", "intent"), entry(2, 10.1, "shiftTest", "done", "t-1")];
  const base = kept();
  const tested = kept({
    writes: [...base.writes, moved],
    deployments: [...base.deployments, ended(journal)],
    testListenerArn: "arn:test",
  });
  expect(verify(tested)).toEqual([]);
  expect(countShifts(tested)).toBe(countShifts(base));
});

describe("task sets", () => {
  const [BLUE_SET, GREEN_SET] = ["ecs-svc/1", "ecs-svc/2"] as const;
  const write = (seconds: number, operation: string, input: Record<string, unknown>, made?: string): AwsWrite => ({
    at: at(seconds),
    requestId: `${operation}-${seconds}`,
    operation,
    input: { service: "library-service", ...input },
    error: null,
    ...(made ? { made } : {}),
  });
  const scale = (seconds: number, taskSet: string, value: number) =>
    write(seconds, "UpdateTaskSet", { taskSet, scale: { value, unit: "PERCENT" } });
  const create = (seconds: number, made: string, clientToken = "token") =>
    write(
      seconds,
      "CreateTaskSet",
      { externalId: "switchyard:green", clientToken, taskDefinition: "t:2", scale: { value: 100 } },
      made,
    );
  const judge = (writes: AwsWrite[]) =>
    verify({
      ...withStart([...writes, shift(20, GREEN, "r-1")]),
      taskSets: [
        { id: BLUE_SET, side: "blue" },
        { id: GREEN_SET, side: "green" },
      ],
    }).map(({ promise }) => promise);

  test("of the side without traffic may be replaced and removed", () => {
    expect(
      judge([create(6, "ecs-svc/3"), scale(8, GREEN_SET, 0), write(9, "DeleteTaskSet", { taskSet: GREEN_SET })]),
    ).toEqual([]);
  });

  test("of the side with traffic may be neither emptied nor removed", () => {
    expect(judge([scale(8, BLUE_SET, 0)])).toEqual(["a side with weight is left alone"]);
    expect(judge([write(8, "DeleteTaskSet", { taskSet: BLUE_SET })])).toEqual(["a side with weight is left alone"]);
  });

  test("are scaled once, and made once for one token", () => {
    expect(judge([scale(7, GREEN_SET, 50), scale(8, GREEN_SET, 50)])).toEqual(["no write done twice"]);
    expect(judge([create(6, "ecs-svc/3"), create(7, "ecs-svc/3")])).toEqual([]);
    expect(judge([create(6, "ecs-svc/3"), create(7, "ecs-svc/4")])).toEqual(["no write done twice"]);
  });

  test("are marked as primary in their own time after the shift that they follow", () => {
    const mark = write(24, "UpdateServicePrimaryTaskSet", { primaryTaskSet: GREEN_SET });
    expect(judge([mark])).toEqual([]);
  });
});
