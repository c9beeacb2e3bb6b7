import { type Deployment, isInFlight } from "../deployment/deployment.ts";
import type { Incident } from "./incident.ts";

/** Under which id the end of a deployment is kept. */
export const incidentIdOf = ({ id }: Pick<Deployment, "id">): string => `i-${id}`;

/** As what the end of a deployment is kept; null while it goes on, and where it went well. */
export function endKindOf(
  deployment: Pick<Deployment, "status" | "finishedAt" | "kind" | "evidence" | "aws">,
): Incident["kind"] | null {
  const { status, kind, evidence, finishedAt, aws } = deployment;
  if (isInFlight(deployment) || finishedAt === null) return null;
  if (status === "ROLLBACK_FAILED") return "deployment-failed";
  if (status === "ROLLBACK_SUCCESSFUL") return "rolled-back";
  if (status === "STOPPED") return evidence || aws?.isFailed ? "deployment-failed" : "stopped";
  return kind === "ROLLBACK" ? "rolled-back" : null;
}
