import type { Step } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";

/**
 * Whom AWS is told that a write is made for: whoever asked for the deployment, while it does what they asked. Null for what
 * somebody else may have asked since, as the shift of a release and what turns it round are: the audit tells those.
 */
export function whoseWrite(
  { actor, kind, plan, aws }: Pick<Deployment, "actor" | "kind" | "plan" | "aws">,
  { type }: Step,
): string | null {
  const isTurned = plan?.turnedAt != null;
  const isOthers = type === "answerGate" || type === "rollBackAws" || (kind === "RELEASE" && type === "shift");
  return isTurned || isOthers || aws?.isForeign || actor.via === "engine" ? null : actor.id;
}
