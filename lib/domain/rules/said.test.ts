import fc from "fast-check";
import { expect, test } from "vitest";
import { deployment, facts, NOW, observation, revision, target, waitingForApproval } from "../../testing/facts.ts";
import type { ControllerName } from "../application/controller-name.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Slot } from "../observation/slot.ts";
import type { WayIn } from "../observation/way-in.ts";
import { inEnglish, inLanguage } from "../sentence/in-language.ts";
import type { Sentence } from "../sentence/sentence.ts";
import { actionStates } from "./action-rules.ts";
import { findAlarms } from "./alarms.ts";
import { findApproveBlockers } from "./approve-blockers.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { findScaleDownBlockers } from "./scale-down-rules.ts";
import { findSwitchBlockers } from "./switch-rules.ts";
import { findWait } from "./waits.ts";

/* Whatever the world: what the rules say is in the catalogues, and the published English is what the English one says. */

const task = {
  ...{ arn: "arn", id: "t1", lastStatus: "STOPPED", desiredStatus: "STOPPED", healthStatus: "UNKNOWN" },
  ...{ startedAt: NOW, createdAt: NOW, stoppedAt: NOW - 1_000, stopCode: "EssentialContainerExited" },
  ...{ containers: [], taskDefinition: revision(1).taskDefinition, address: null },
};
const flapping = {
  ...target("10.0.9.9"),
  history: (["healthy", "unhealthy", "healthy", "unhealthy"] as const).map((state, at) => ({ at, state })),
};
const way = (priority: number | null): WayIn => ({
  ...{ arn: `rule-${priority}`, listener: "library-alb:80", protocol: "HTTP", priority, takes: "path /a" },
  ...{ weights: { blue: 1, green: 1 }, others: [], use: "other" },
});

const slot = fc.record(
  {
    revision: fc.constantFrom(null, revision(1), revision(2)),
    counts: fc.record({
      desired: fc.constantFrom(0, 2, 4),
      running: fc.constantFrom(0, 2),
      pending: fc.constant(0),
      healthy: fc.constantFrom(0, 1, 2),
      total: fc.constant(2),
    }),
    targets: fc.subarray([
      target("10.0.0.1"),
      target("10.0.0.2", "unhealthy", 5, "Target.Timeout"),
      target("10.0.0.3", "unused", 5, "Target.NotInUse"),
      target("10.0.0.4", "healthy", 1),
      target("10.0.0.5", "initial"),
      flapping,
    ]),
    tasks: fc.constantFrom(
      [],
      [task],
      [task, { ...task, stopCode: "TaskFailedToStart", stoppedReason: "OutOfMemory" }],
    ),
    rollout: fc.constantFrom(
      null,
      { id: "1", state: "IN_PROGRESS" as const, failedTasks: 0 },
      { id: "1", state: "FAILED" as const, failedTasks: 2 },
      { id: "1", state: "FAILED" as const, failedTasks: 2, reason: "tasks failed to start" },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<Slot>>;

const look = fc
  .record({
    weights: fc.constantFrom(
      { blue: 100, green: 0 },
      { blue: 0, green: 100 },
      { blue: 5, green: 95 },
      { blue: 0, green: 0 },
    ),
    blue: slot,
    green: slot,
    drift: fc.constantFrom("", "The listener does not forward to a target group"),
    ways: fc.constantFrom(
      [],
      [way(5)],
      [way(null), way(5), way(7)],
      Array.from({ length: 40 }, (_, i) => way(i)),
    ),
    source: fc.constantFrom("ok" as const, "stale" as const, "error" as const),
    message: fc.constantFrom("AccessDenied", undefined),
    problem: fc.constantFrom(null, "elb is slow"),
    image: fc.constantFrom("there", "deleted", "untagged"),
    definition: fc.constantFrom("ACTIVE", "INACTIVE", "MISSING"),
    alarm: fc.constantFrom("ALARM", "MISSING", "OK"),
  })
  .map(({ source, message, problem, image, definition, alarm, drift, ...changes }) => {
    const seen = observation({ ...changes, ...(drift ? { drift } : {}) });
    const state = { image, definition, since: NOW, checkedAt: NOW };
    const revisions = Object.fromEntries([1, 2].map((number) => [revision(number).taskDefinition, state]));
    const elb = { name: "elb" as const, state: source, ageMs: 40_000, ...(message ? { message } : {}) };
    return {
      ...seen,
      sources: [...seen.sources.slice(0, 1), source === "ok" ? { ...elb, ageMs: 0 } : elb],
      waysIn: { ways: changes.ways, readAt: NOW, problem },
      revisions,
      watchedAlarms: [{ name: "library-5xx", state: alarm, reason: "Threshold Crossed", since: NOW }],
    } as unknown as RuleFacts["observation"];
  });

const STATUSES: readonly Deployment["status"][] = [
  ...(["IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_IN_PROGRESS"] as const),
  ...(["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL"] as const),
];
const record = fc
  .record({
    kind: fc.constantFrom<Deployment["kind"]>("RELEASE", "SWITCH", "ROLLBACK"),
    status: fc.constantFrom(...STATUSES),
    stage: fc.constantFrom<Deployment["stage"]>("SCALE_UP", "PRE_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME"),
    shifted: fc.boolean(),
    windowMinutes: fc.constantFrom(0, 600),
    note: fc.constantFrom(undefined, "No request was seen on green"),
    state: fc.constantFrom(null, ...(["waiting", "approved", "continued", "rejected", "expired"] as const)),
    onTimeLimit: fc.constantFrom("ROLLBACK" as const, "CONTINUE" as const),
  })
  .map(({ kind, status, stage, shifted, windowMinutes, note, state, onTimeLimit }): Deployment => {
    const asked = { ...waitingForApproval({ onTimeLimit }), approvals: [rejection] };
    const begun = state === null ? deployment({ kind }) : asked;
    const isOver = !["IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_IN_PROGRESS"].includes(status);
    const at = shifted ? NOW - 60_000 : null;
    return {
      ...begun,
      ...{ kind, status, stage, windowMinutes, bakeUntil: NOW + 60_000, finishedAt: isOver ? NOW - 1_000 : null },
      ...(begun.approval && state ? { approval: { ...begun.approval, state, expiresAt: NOW + 60_000 } } : {}),
      plan: {
        ...begun.plan,
        shift: shifted ? { to: begun.to, expected: { blue: 0, green: 100 }, sentAt: at, readBackMs: 5 } : null,
      } as unknown as Deployment["plan"],
      ...(note ? { proof: { proven: false, note } as unknown as NonNullable<Deployment["proof"]> } : {}),
    };
  });
const rejection = { actor: "kim@x.y", name: "Kim", decision: "rejected" as const, comment: "not today", at: NOW };

const world = fc
  .record({
    look,
    flying: fc.option(record),
    ended: fc.array(record, { maxLength: 2 }),
    controller: fc.constantFrom<ControllerName>("paired-services", "ecs-native", "code-deploy"),
    drift: fc.constantFrom<"weights" | "green.desired" | "blue.taskDefinition" | null>(
      ...(["weights", "green.desired", "blue.taskDefinition", null] as const),
    ),
    kind: fc.constantFrom("freezeWindow", "quietHours", null),
    isStopped: fc.boolean(),
    unapproved: fc.constantFrom<"old record" | "said" | null>("old record", "said", null),
    stale: fc.boolean(),
  })
  .map(({ look: seen, flying, ended, controller, drift, kind, isStopped, unapproved, stale }) =>
    facts(seen, {
      application: { minimumHealthy: null, stableChecks: 3, controller, requestLine: {} } as RuleFacts["application"],
      deployment: flying,
      history: ended,
      closed: kind ? ({ kind, name: "night", until: NOW, timeZone: "Asia/Seoul" } as RuleFacts["closed"]) : null,
      freeze: isStopped
        ? {
            ...{ id: "f", application: null, reason: "audit", startedBy: "Kim", startedAt: 0 },
            ...{ until: null, liftedAt: null, liftedBy: null },
          }
        : null,
      ledger: drift
        ? ({ drifts: [{ id: "x", part: drift, from: "1", to: "2", seenAt: NOW, blocks: true }] } as never)
        : null,
      unapproved: unapproved
        ? [{ revision: revision(2), deploymentId: "d", state: "rejected", why: "Kim rejected it", wasCleared: false }]
        : [],
      now: NOW + (stale ? 60_000 : 0),
    }),
  );

interface Told {
  message: string;
  said?: Sentence;
  fix?: string;
  fixSaid?: Sentence;
}

/** Everything that the rules say of this world. */
function everythingSaid(world: RuleFacts): Told[] {
  const approver = { id: "otto@x.y", name: "Otto", role: "viewer" as const, via: "session" as const };
  const { deployment: flying } = world;
  const wait = flying && findWait(flying, "ecs-native");
  return [
    ...Object.values(actionStates(world)).flatMap(({ blockers }) => blockers),
    ...findSwitchBlockers(world, "blue"),
    ...findSwitchBlockers(world, "green"),
    ...findScaleDownBlockers(world),
    ...(flying ? findApproveBlockers(flying, approver, world.now) : []),
    ...findAlarms(world),
    ...(wait ? [{ message: wait.words, said: wait.said }] : []),
  ];
}

test("every blocker, alarm and wait has a sentence whose English is what is published, and that Korean has as well", () => {
  const codes = new Set<string>();
  fc.assert(
    fc.property(world, (each) => {
      for (const { message, said, fix, fixSaid } of everythingSaid(each)) {
        expect(said && inEnglish(said), message).toBe(message);
        expect(fixSaid && inEnglish(fixSaid), message).toBe(fix);
        for (const sentence of [said, fixSaid]) {
          if (!sentence) continue;
          codes.add(sentence.code);
          expect(inLanguage(sentence, "ko"), sentence.code).not.toBeNull();
        }
      }
    }),
    { numRuns: 400 },
  );
  // The worlds are of many kinds: otherwise the property would hold of nothing.
  expect(codes.size).toBeGreaterThan(60);
});
