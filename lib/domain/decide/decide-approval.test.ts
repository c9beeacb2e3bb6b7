import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NOW, observation, revision, target, waitingForApproval as waiting } from "../../testing/facts.ts";
import type { ApprovalRule } from "../application/approval-policy.ts";
import type { MaintenanceWindow } from "../application/maintenance-window.ts";
import { standingApprovals, subjectOf } from "../deployment/approval.ts";
import { withApproval, withRejection } from "../deployment/approval-transitions.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import type { Observation } from "../observation/observation.ts";
import { say } from "../sentence/sentence.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";

const MINUTE = 60_000;
const SETTINGS = { minimumHealthy: null, stableChecks: 3, bakeMinutes: 1, requestLine: null };
const NIGHT: MaintenanceWindow = {
  kind: "quietHours",
  name: "nights",
  from: NOW - MINUTE,
  until: NOW + 10 * MINUTE,
  timeZone: "UTC",
};

function approve(deployment: Deployment, actor: string, look = observation()): Deployment {
  return withApproval(
    deployment,
    { actor, name: actor, decision: "approved", at: look.observedAt },
    subjectOf(look, "green"),
  );
}

const approved = (rule: Partial<ApprovalRule> = {}) => approve(approve(waiting(rule), "Ada"), "Alex");

function decideOn(
  deployment: Deployment,
  look: Observation,
  now = look.observedAt,
  closed: MaintenanceWindow | null = null,
): Decision {
  const maintenanceWindow = (at: number) => (closed && at < (closed.until ?? Infinity) ? closed : null);
  return decide(deployment, { observation: look, settings: { ...SETTINGS, maintenanceWindow }, now });
}

/** Decides until there is something to wait for or to ask of AWS. */
function settle(
  deployment: Deployment,
  look: Observation,
  now = look.observedAt,
  closed: MaintenanceWindow | null = null,
): Deployment {
  let current = deployment;
  for (let turn = 0; turn < 10; turn += 1) {
    const decision = decideOn(current, look, now, closed);
    if (decision.kind !== "change") return current;
    current = decision.deployment;
  }
  throw new Error("It turns in circles");
}

const pauseWords = (deployment: Deployment) => stageRecord(deployment, "PRE_PRODUCTION_TRAFFIC_SHIFT").detail;

const waitsFor = (given: number) => {
  const count = say("approval.count", { given, approvers: 2 });
  return { kind: "wait", reason: say("decision.approval.waits", { count }) };
};

describe("a deployment that needs two approvals", () => {
  test("waits, and says how many are there", () => {
    expect(decideOn(waiting(), observation())).toEqual(waitsFor(0));
    const one = approve(waiting(), "Ada");
    expect(decideOn(one, observation())).toEqual(waitsFor(1));
    expect(one.stage).toBe("PRE_PRODUCTION_TRAFFIC_SHIFT");
  });

  test("goes on to the shift by itself with the second, resting on the weights that were approved", () => {
    const gone = settle(approved(), observation());
    expect(gone).toMatchObject({
      stage: "PRODUCTION_TRAFFIC_SHIFT",
      plan: { shift: { to: "green", expected: { blue: 100, green: 0 } } },
    });
    expect(pauseWords(gone)).toBe("Approved by Ada and Alex");
  });

  test.each<[string, Observation, string]>([
    [
      "green is not healthy",
      observation({ green: { targets: [target("a", "unhealthy"), target("b")] } }),
      "Approved; not shifted yet: ",
    ],
    [
      "the listener drifted",
      observation({ drift: "a third target group" }),
      "Approved; not shifted yet: a third target group",
    ],
  ])("holds while %s, though approved", (_what, look, words) => {
    const held = settle(approved(), look);
    expect(held.stage).toBe("PRE_PRODUCTION_TRAFFIC_SHIFT");
    expect(pauseWords(held)).toContain(words);
    expect(held.approval?.state).toBe("approved");
  });

  test("holds in quiet hours, names them and their end, and goes on after it", () => {
    const held = settle(approved(), observation(), NOW, NIGHT);
    expect(pauseWords(held)).toContain("Quiet hours nights, until 2027-01-15 08:10 UTC");
    const after = observation({ at: NOW + 10 * MINUTE });
    expect(settle(held, after, after.observedAt, NIGHT).stage).toBe("PRODUCTION_TRAFFIC_SHIFT");
  });

  test("looks anew before it goes on", () => {
    expect(decideOn(approved(), observation(), NOW + 6_000).kind).toBe("look");
  });
});

describe("approvals lapse when what was approved changes", () => {
  test.each<[string, Observation, string]>([
    ["green runs another revision", observation({ green: { revision: revision(7) } }), "green now runs 7"],
    ["blue runs another revision", observation({ blue: { revision: revision(8) } }), "blue now runs 8"],
    ["the weights changed", observation({ weights: { blue: 50, green: 0 } }), "the rule now holds blue 50, green 0"],
  ])("%s", (_what, look, why) => {
    const asked = settle(approve(waiting(), "Ada"), look);
    expect(asked.approvals[0]?.lapsed).toMatchObject({ at: NOW, why });
    expect(asked.approval).toMatchObject({ given: 0, state: "waiting" });
    expect(standingApprovals(asked)).toEqual([]);
    // The same person may approve what is now.
    expect(approve(asked, "Ada", look).approval?.given).toBe(1);
  });

  test("also when all were there but the shift had not begun", () => {
    const asked = settle(approved(), observation({ green: { revision: revision(7) } }));
    expect(asked).toMatchObject({
      stage: "PRE_PRODUCTION_TRAFFIC_SHIFT",
      approval: { given: 0, state: "waiting" },
      revision: { tag: "7" },
    });
  });

  test("another listener", () => {
    const look = observation();
    const moved = { ...look, traffic: { ...look.traffic, listenerOrRuleArn: "arn:other" } };
    expect(settle(approve(waiting(), "Ada"), moved).approvals[0]?.lapsed?.why).toBe(
      "another listener or rule decides now",
    );
  });

  test("not by healthy counts alone, which the interlock guards", () => {
    const look = observation({ green: { targets: [target("a", "unhealthy"), target("b")] } });
    expect(settle(approve(waiting(), "Ada"), look).approval?.given).toBe(1);
  });

  test("not by a look whose source fails", () => {
    const look = observation({ green: { revision: null } });
    const failing = { ...look, sources: look.sources.map((source) => ({ ...source, state: "error" as const })) };
    expect(settle(approve(waiting(), "Ada"), failing).approval?.given).toBe(1);
  });

  test("an approval of what is now lapses those of what was", () => {
    const look = observation({ green: { revision: revision(7) } });
    const asked = approve(approve(waiting(), "Ada"), "Alex", look);
    expect(asked.approval).toMatchObject({ given: 1, state: "waiting" });
    expect(asked.approvals.map((each) => each.lapsed !== undefined)).toEqual([true, false]);
  });
});

describe("the time limit", () => {
  const END = NOW + 60 * MINUTE;
  const late = observation({ at: END });

  test("ends it with the old side live, by default", () => {
    expect(decideOn(waiting(), observation({ at: END - 1 })).kind).toBe("wait");
    const ended = settle(approve(waiting(), "Ada"), late);
    expect(ended).toMatchObject({
      status: "STOPPED",
      approval: { state: "expired" },
      statusReason: "1 of 2 approvals within 60 min",
    });
  });

  test("lets it go on where the policy says so", () => {
    const gone = settle(waiting({ onTimeLimit: "CONTINUE" }), late);
    expect(gone).toMatchObject({ stage: "PRODUCTION_TRAFFIC_SHIFT", approval: { state: "continued" } });
  });

  test("is not moved by a lapse", () => {
    const look = observation({ green: { revision: revision(7) }, at: NOW + 30 * MINUTE });
    expect(settle(approve(waiting(), "Ada"), look).approval?.expiresAt).toBe(END);
  });

  test("ends what was approved but could not go on", () => {
    const sick = observation({ green: { targets: [target("a", "unhealthy"), target("b")] }, at: END });
    expect(settle(approved(), sick)).toMatchObject({ status: "STOPPED" });
    expect(settle(approved({ onTimeLimit: "CONTINUE" }), sick).status).toBe("IN_PROGRESS");
  });
});

test("one no ends it with the old side live", () => {
  const no = withRejection(
    approve(waiting(), "Ada"),
    { actor: "Alex", decision: "rejected", at: NOW },
    "Rejected by Alex",
  );
  expect(settle(no, observation())).toMatchObject({
    status: "STOPPED",
    approval: { state: "rejected" },
    statusReason: "Rejected by Alex",
  });
});

test("whatever people do in whatever order, it never moves traffic with fewer different people than asked, and it ends", () => {
  const move = fc.oneof(
    fc.constantFrom("ada", "alex", "kim").map((who) => ({ do: "approve" as const, who })),
    fc.constant({ do: "change" as const }),
    fc.constant({ do: "night" as const }),
    fc.constant({ do: "wait" as const }),
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (moves, approvers) => {
      let deployment = waiting({ approvers });
      let runs = 2;
      let night: MaintenanceWindow | null = null;
      let now = NOW;
      const look = () => observation({ green: { revision: revision(runs) }, at: now });
      for (const each of moves) {
        now += MINUTE;
        if (each.do === "change") runs += 1;
        if (each.do === "night") night = night ? null : { ...NIGHT, until: now + 5 * MINUTE };
        if (each.do === "approve" && deployment.approval?.state === "waiting" && deployment.status === "IN_PROGRESS")
          deployment = approve(deployment, each.who, look());
        deployment = settle(deployment, look(), now, night);
        if (deployment.stage !== "PRE_PRODUCTION_TRAFFIC_SHIFT") break;
      }
      if (deployment.plan?.shift) {
        const people = new Set(standingApprovals(deployment).map((each) => each.actor));
        expect(people.size).toBeGreaterThanOrEqual(approvers);
        expect(deployment.revision?.tag).toBe(String(runs));
        return;
      }
      now = NOW + 60 * MINUTE;
      expect(settle(deployment, look(), now).status).toBe("STOPPED");
    }),
  );
});
