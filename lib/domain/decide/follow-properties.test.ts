import fc from "fast-check";
import { expect, test } from "vitest";
import { APPROVAL_RULE, NOW, observation, slot } from "../../testing/facts.ts";
import { aws, gate, look, settle, started } from "../../testing/followed.ts";
import { subjectOf } from "../deployment/approval.ts";
import { withApproval } from "../deployment/approval-transitions.ts";
import { type Deployment, isAwaitingSwitch, isInFlight } from "../deployment/deployment.ts";
import { answerGate, requestAbort } from "../deployment/deployment-transitions.ts";
import { isGateBeforeShift } from "../deployment/gate-words.ts";
import { AWS_DEPLOYMENT_STATUSES, type AwsGate, type AwsPause } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import type { Step } from "./decision.ts";

/* AWS may show anything at any look, in any order, and people may say anything at any time. */

const STAGES = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "SCALE_UP",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "BAKE_TIME",
  "CLEAN_UP",
  "UNHEARD_OF",
];
const REQUESTS = ["nothing", "continue", "approve", "approve-too", "abort"] as const;
const GATE_IDS = ["g-1", "g-2", "g-3"];

const moment = fc.record({
  stage: fc.constantFrom(...STAGES),
  status: fc.oneof(
    { weight: 8, arbitrary: fc.constant("IN_PROGRESS" as const) },
    { weight: 1, arbitrary: fc.constantFrom(...AWS_DEPLOYMENT_STATUSES) },
  ),
  gates: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...GATE_IDS),
      state: fc.constantFrom<AwsGate["state"]>("AWAITING_ACTION", "SUCCEEDED", "FAILED", "TIMED_OUT"),
      onExpiry: fc.constantFrom<AwsGate["onExpiry"]>("ROLLBACK", "CONTINUE"),
      minutes: fc.option(fc.integer({ min: 1, max: 90 }), { nil: null }),
    }),
    { selector: ({ id }) => id, maxLength: 2 },
  ),
  shown: fc.constantFrom("ours", "ours", "ours", "nothing", "a newer one as well"),
  green: fc.constantFrom(0, 10, 100),
  blueIsWell: fc.boolean(),
  isRead: fc.boolean(),
  pauses: fc.constantFrom<AwsPause[] | undefined>(
    undefined,
    [],
    [{ stage: "POST_TEST_TRAFFIC_SHIFT", onExpiry: null }],
  ),
  request: fc.constantFrom(...REQUESTS),
  minutes: fc.integer({ min: 0, max: 40 }),
});
type Moment = typeof moment extends fc.Arbitrary<infer T> ? T : never;

function lookAt(each: Moment, now: number): Observation {
  const blue = each.blueIsWell ? {} : { counts: { desired: 2, running: 2, pending: 0, healthy: 0, total: 2 } };
  const seen = observation({
    weights: { blue: 100 - each.green, green: each.green },
    at: now,
    blue: slot("blue", blue),
  });
  const gates = each.gates.map(({ id, state, onExpiry, minutes }) => ({
    ...gate(id, state),
    onExpiry,
    expiresAt: minutes === null ? null : now + minutes * 60_000,
  }));
  const { stage, status } = each;
  const ours = aws({ stage, status, gates, ...(each.pauses ? { pauses: each.pauses } : {}) });
  const newer = aws({ id: "newer", createdAt: NOW + 1 });
  const shown = each.shown === "nothing" ? [] : each.shown === "ours" ? [ours] : [newer, ours];
  const sources = seen.sources.map((one) => (each.isRead ? one : { ...one, state: "error" as const }));
  return { ...look(shown, seen), sources };
}

function told(deployment: Deployment, request: Moment["request"], seen: Observation, now: number): Deployment {
  switch (request) {
    case "continue":
      // As the operation does: what has to be approved goes on with the approvals alone.
      return isAwaitingSwitch(deployment) && deployment.approval ? deployment : answerGate(deployment, "CONTINUE", now);
    case "approve":
    case "approve-too": {
      if (!isAwaitingSwitch(deployment) || deployment.approval?.state !== "waiting") return deployment;
      const given = { actor: request, decision: "approved", at: now } as const;
      return withApproval(deployment, given, subjectOf(seen, "green"));
    }
    case "abort":
      return requestAbort(deployment, "no");
    default:
      return deployment;
  }
}

/** What the engine does with an answer that AWS took. */
function answered(deployment: Deployment, { gate: id, action }: Extract<Step, { type: "answerGate" }>, at: number) {
  const { aws: followed } = deployment;
  if (!followed) return deployment;
  const done = [...followed.answered, { gate: id, action, at, expiresAt: followed.answer?.expiresAt }];
  return { ...deployment, aws: { ...followed, answer: null, gate: null, answered: done } };
}

test("no gate is answered twice, with an old id, unseen, or without the approvals; every deployment ends, and then asks nothing more", () => {
  const history = fc.array(moment, { maxLength: 30 });
  fc.assert(
    fc.property(history, fc.boolean(), fc.boolean(), (moments, hasApproval, isForeign) => {
      let deployment = started(isForeign ? { isForeign } : {}, hasApproval ? { approval: APPROVAL_RULE } : {});
      const answers: string[] = [];
      let now = NOW;
      for (const each of moments) {
        now += each.minutes * 60_000;
        const seen = lookAt(each, now);
        const wasOver = !isInFlight(deployment);
        // `settle` throws where it turns in circles.
        let settled = settle(deployment, seen, now);
        settled = settle(told(settled.deployment, each.request, seen, now), seen, now);
        deployment = settled.deployment;
        const { decision } = settled;
        if (wasOver) expect(decision.kind).toBe("end");
        if (decision.kind !== "step" || decision.step.type !== "answerGate") continue;
        const { step } = decision;
        const ours = seen.awsDeployments?.find(({ id }) => id === deployment.aws?.id);
        const asked = ours?.gates.find(({ id }) => id === step.gate);
        expect(asked?.state).toBe("AWAITING_ACTION");
        // AWS may give another step's gate the same id: it ends later.
        const gate = `${step.gate} until ${asked?.expiresAt}`;
        expect(answers).not.toContain(gate);
        const { aws: followed, approval } = deployment;
        if (approval && followed?.gate && isGateBeforeShift(followed.gate) && step.action === "CONTINUE")
          expect(approval.state).toBe("approved");
        answers.push(gate);
        deployment = answered(deployment, step, now);
      }
      // Either AWS says how it ended, or it tells of it no more.
      const ends = [[aws({ status: "SUCCESSFUL", finishedAt: now })], []];
      for (const shown of ends) {
        const once = settle(deployment, look(shown), now).deployment;
        expect(isInFlight(settle(once, look(shown), now + 3_600_000).deployment)).toBe(false);
      }
    }),
    { numRuns: 1_000 },
  );
});
