import type { Deployment } from "../deployment/deployment.ts";
import { requestAbort, withPlan } from "../deployment/deployment-transitions.ts";
import { firstShiftAt } from "../deployment/shift-steps.ts";
import { say } from "../sentence/sentence.ts";
import { toldOf } from "../verb/blocker.ts";
import { findBreach, takeBaseline } from "./breach.ts";
import type { Decision, World } from "./decision.ts";

/**
 * Turns a deployment round whose new side broke a bound since its shift; null while all bounds hold. Before that it keeps
 * the old side's figures, which are out of CloudWatch's reach by the end of a long bake. A rollback is never rolled back.
 */
export function decideBreach(deployment: Deployment, world: World): Decision | null {
  const { now, observation, settings } = world;
  const { kind, plan, to, from } = deployment;
  const sentAt = firstShiftAt(deployment);
  if (!plan || kind === "ROLLBACK" || sentAt === null || !settings.checks) return null;
  if (!plan.baseline) {
    const baseline = takeBaseline(observation.slots[from], sentAt);
    if (baseline)
      return {
        kind: "change",
        deployment: withPlan(deployment, { baseline }),
        note: say("decision.compares", { to, from, requests: baseline.requests }),
      };
  }
  const breach = findBreach(
    observation,
    { checks: settings.checks, alarms: settings.alarms ?? [], stableChecks: settings.stableChecks },
    { to, sentAt, baseline: plan.baseline ?? null, logged: loggedRequests(deployment, settings), about: deployment.id },
    now,
  );
  if (!breach) return null;
  const why = toldOf(breach);
  const turned = requestAbort(deployment, say("decision.rolledBackBySwitchyard", { why }));
  return { kind: "change", deployment: { ...turned, breach: { ...breach, at: now } }, note: why };
}

/** What the verification has counted in the new side's log since the shift; null where nothing is counted, or not for this. */
function loggedRequests({ proof }: Deployment, { checks }: World["settings"]) {
  if (!checks?.requestLines || proof?.requests === undefined) return null;
  return { requests: proof.requests, errors: proof.failedRequests ?? 0 };
}
