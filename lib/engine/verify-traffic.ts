import type { Step } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { proofSeen, stepSeen } from "../domain/deployment/deployment-transitions.ts";
import { judgeProof } from "../domain/deployment/proof.ts";
import { otherColor } from "../domain/observation/slot.ts";
import type { StepOutcome, StepTools } from "./run-step.ts";

/** How far before the shift requests are looked for, so that a quiet application is told from a silent side. */
const BEFORE_MS = 60_000;

/** Looks in the logs for what the shift did: requests on the new side, none any more on the old one. */
export async function prove(
  deployment: Deployment,
  step: Extract<Step, { type: "prove" }>,
  tools: StepTools,
): Promise<StepOutcome> {
  const { application, observation, requests } = tools;
  const old = otherColor(step.to);
  const [onNew, onOld] = await Promise.all([
    requests.requestsSince(application, step.to, observation, step.sentAt, "first"),
    requests.requestsSince(application, old, observation, step.sentAt, "last"),
  ]);
  const sawSome = onNew.count + onOld.count > 0;
  const before = sawSome
    ? null
    : await requests.requestsSince(application, old, observation, step.sentAt - BEFORE_MS, "last");
  const shift = deployment.plan?.shift ?? null;
  const readBackMs = shift?.readBackMs ?? 0;
  const seen = judgeProof(
    { to: step.to, expected: shift?.expected ?? { blue: 0, green: 0 }, sentAt: step.sentAt, readBackMs },
    { onNew, onOld, hadTraffic: sawSome || (before?.count ?? 0) > 0 },
    tools.now(),
  );
  return {
    change: (d, now) => proofSeen(d, seen, application.bakeMinutes, now),
    message: seen.proof.proven ? "Proven by requests on both sides" : (seen.proof.note ?? "Not proven"),
    requestId: null,
  };
}

/** While traffic is split, the old side is never quiet: what the new side served is all there is to see. */
export async function lookForFirst(
  step: Extract<Step, { type: "prove" }>,
  part: number,
  { application, observation, requests }: StepTools,
): Promise<StepOutcome> {
  const { firstAt } = await requests.requestsSince(application, step.to, observation, step.sentAt, "first");
  const firstMs = firstAt === null ? null : Math.max(0, firstAt - step.sentAt);
  return {
    change: (d, now) => stepSeen(d, part, firstMs, now),
    message: firstMs === null ? `No request seen on ${step.to} yet` : `${step.to} served its first request`,
    requestId: null,
  };
}
