import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APPROVAL_RULE, deployment, facts, NOW, observation, revision } from "../../testing/facts.ts";
import type { ApprovalRequest } from "../deployment/approval.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { planLateRollback } from "../late/late-rollback.ts";
import { withoutOverridable } from "./override-rules.ts";
import { findRollbackBlockers } from "./rollback-rules.ts";
import { findSwitchBlockers } from "./switch-rules.ts";
import { findUnapproved } from "./unapproved-rules.ts";

const AT = Date.UTC(2026, 10, 29, 17, 0);

/** A finished release of revision 2, as its asking stood at the end; null is one that nobody had to approve. */
function release(state: ApprovalRequest["state"] | null, at = AT): Deployment {
  const begun = deployment({ id: `d-${at}`, now: at, approval: state === null ? null : APPROVAL_RULE });
  const asking = begun.approval && state ? { ...begun.approval, state, expiresAt: at } : undefined;
  return {
    ...begun,
    status: state === null || state === "approved" || state === "continued" ? "SUCCESSFUL" : "STOPPED",
    statusReason: state === "waiting" ? "Aborted by Olga" : null,
    revision: revision(2),
    finishedAt: at + 60_000,
    ...(asking ? { approval: asking } : {}),
    approvals:
      state === "rejected"
        ? [{ actor: "kim@x.y", name: "Kim", decision: "rejected", comment: "breaks login", at }]
        : [],
  };
}

/** Green stands by, healthy, with revision 2. */
const world = (...releases: Deployment[]) => facts(observation(), { unapproved: findUnapproved(releases) });
const codes = (...releases: Deployment[]) => findSwitchBlockers(world(...releases), "green").map(({ code }) => code);

describe("a switch to what was not approved", () => {
  test.each([
    ["rejected", "APPROVAL_REJECTED", "Kim rejected it at 2026-11-29 17:00 UTC (breaks login)"],
    ["expired", "APPROVAL_EXPIRED", "its time limit ended at 2026-11-29 17:00 UTC with 0 of 2 approvals"],
    [
      "waiting",
      "APPROVAL_REQUIRED",
      "its release ended at 2026-11-29 17:01 UTC with 0 of 2 approvals (Aborted by Olga)",
    ],
  ] as const)("is refused with who, when and why: %s", (state, code, why) => {
    const [blocker, ...others] = findSwitchBlockers(world(release(state)), "green");
    expect(blocker).toMatchObject({
      code,
      message: `green runs 2, which was never approved: ${why}`,
      fix: "Deploy it anew and have it approved",
    });
    expect(others).toEqual([]);
  });

  test("no override takes it away", () => {
    const blockers = findSwitchBlockers(world(release("rejected")), "green");
    expect(withoutOverridable(blockers)).toEqual(blockers);
  });

  test("what was approved, went on by its rule, or needed nobody is switched to", () => {
    for (const state of ["approved", "continued", null] as const) expect(codes(release(state))).toEqual([]);
  });

  test("the newest release of a revision counts, whatever the order they are read in", () => {
    expect(codes(release("rejected", AT), release("approved", AT + 1))).toEqual([]);
    expect(codes(release("approved", AT + 1), release("rejected", AT))).toEqual([]);
    expect(codes(release("rejected", AT + 1), release("approved", AT))).toEqual(["APPROVAL_REJECTED"]);
    expect(codes(release("rejected", AT), release(null, AT + 1))).toEqual([]);
  });

  test("a side that was released anew since is judged by what it runs now", () => {
    const now = facts(observation({ green: { revision: revision(3) } }), {
      unapproved: findUnapproved([release("rejected")]),
    });
    expect(findSwitchBlockers(now, "green")).toEqual([]);
  });
});

describe("a way back to what was not approved", () => {
  // Somebody moved traffic to green by hand; then blue was released and switched to, which makes green the way back.
  const toBlue: Deployment = {
    ...deployment({ observation: observation({ weights: { blue: 0, green: 100 } }), now: AT + 600_000 }),
    status: "SUCCESSFUL",
    finishedAt: AT + 700_000,
  };
  const moved = {
    ...toBlue,
    plan: toBlue.plan && {
      ...toBlue.plan,
      shift: { to: "blue" as const, expected: { blue: 0, green: 100 }, sentAt: AT + 650_000, readBackMs: 50 },
    },
  };
  const back = (...releases: Deployment[]) => ({ ...world(...releases), history: [moved] });

  test("is refused as a switch is", () => {
    expect(findRollbackBlockers(back(release("rejected"))).map(({ code }) => code)).toEqual(["APPROVAL_REJECTED"]);
  });

  test("is refused while the database is away, too", () => {
    const asked = { id: "late", application: "library", actor: moved.actor, reason: null, words: "Rolled back" };
    expect(planLateRollback(back(release("rejected")), { deployment: null }, asked)).toMatchObject({
      ok: false,
      blockers: [{ code: "APPROVAL_REJECTED" }],
    });
    expect(planLateRollback(back(), { deployment: null }, asked)).toMatchObject({ ok: true });
  });

  test("without any record, nothing unknown goes live where releases need approval", () => {
    const asked = { id: "late", application: "library", actor: moved.actor, reason: null, words: "Rolled back" };
    const application = { minimumHealthy: null, stableChecks: 3, approvals: { release: APPROVAL_RULE, switch: null } };
    expect(planLateRollback({ ...world(), application }, null, asked)).toMatchObject({
      ok: false,
      blockers: [{ code: "STORE_UNAVAILABLE" }],
    });
    expect(planLateRollback(world(), null, asked)).toMatchObject({ ok: true });
  });

  test("is open where an earlier release of it was approved: it was live rightly", () => {
    expect(findRollbackBlockers(back(release("approved", AT), release("rejected", AT + 1)))).toEqual([]);
  });

  test("is open for what is in flight: it rolls back to what was live when it began", () => {
    const inFlight = { ...moved, status: "IN_PROGRESS" as const, finishedAt: null };
    expect(findRollbackBlockers({ ...world(release("rejected")), deployment: inFlight })).toEqual([]);
  });
});

test("for every order of releases, a switch is refused exactly when the newest one was not approved", () => {
  const states = fc.constantFrom<ApprovalRequest["state"] | null>(
    "waiting",
    "approved",
    "continued",
    "rejected",
    "expired",
    null,
  );
  fc.assert(
    fc.property(fc.array(states, { minLength: 1, maxLength: 8 }), fc.nat(), (each, seed) => {
      const releases = each.map((state, index) => release(state, NOW + index * 1000));
      const shuffled = releases.toSorted((a, b) => ((a.startedAt * (seed + 1)) % 7) - ((b.startedAt * (seed + 1)) % 7));
      const last = each.at(-1);
      const isOpen = last === null || last === "approved" || last === "continued";
      expect(codes(...shuffled).length === 0).toBe(isOpen);
    }),
  );
});
