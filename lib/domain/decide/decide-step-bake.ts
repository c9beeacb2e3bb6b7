import type { Deployment } from "../deployment/deployment.ts";
import type { ShiftStep } from "../deployment/deployment-plan.ts";
import { beginStep } from "../deployment/deployment-transitions.ts";
import { stepsOf } from "../deployment/shift-steps.ts";
import { say } from "../sentence/sentence.ts";
import { decideBreach } from "./decide-breach.ts";
import { change } from "./decide-change.ts";
import { findExternalChange } from "./decide-external-change.ts";
import type { Decision, World } from "./decision.ts";

/** A canary gets few requests: soon after the write the first is looked for often, later now and then. */
const LOOK_EVERY_MS = 2_000;
const LOOK_SELDOM_MS = 15_000;
const OFTEN_FOR_MS = 60_000;

/** Between two steps: watched for foreign weights, broken bounds and the first request, until its time is over. */
export function decideStepBake(
  deployment: Deployment,
  world: World,
  { index, step }: { index: number; step: ShiftStep },
): Decision {
  const { now } = world;
  const known = findExternalChange(deployment, world) ?? decideBreach(deployment, world);
  if (known) return known;
  const next = stepsOf(deployment)[index + 1];
  if (next && now >= (step.bakeUntil ?? 0))
    return change(
      beginStep(deployment, index + 1, now),
      say("decision.stepDue", {
        step: index + 2,
        steps: stepsOf(deployment).length,
        percent: next.percent,
        to: deployment.to,
      }),
    );
  return (
    lookForRequest(deployment, world, index, step) ?? {
      kind: "wait",
      reason: say("decision.stepWatched", { percent: step.percent, to: deployment.to }),
    }
  );
}

function lookForRequest(deployment: Deployment, world: World, index: number, step: ShiftStep): Decision | null {
  const { now, settings } = world;
  if (settings.requestLine === null || step.shiftedAt === null || step.firstRequestMs !== undefined) return null;
  const everyMs = now - step.shiftedAt < OFTEN_FOR_MS ? LOOK_EVERY_MS : LOOK_SELDOM_MS;
  const lookedAt = deployment.plan?.provedAt ?? null;
  if (lookedAt !== null && now - lookedAt < everyMs) return null;
  return { kind: "step", step: { type: "prove", to: deployment.to, sentAt: step.shiftedAt, part: index } };
}
