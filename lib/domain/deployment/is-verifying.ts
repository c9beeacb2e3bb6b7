import type { Deployment } from "./deployment.ts";

/** Whether the verification of its newest shift is still being taken, which is a normal state until its time is over. */
export function isVerifying(deployment: Pick<Deployment, "status" | "stage" | "proof" | "stages">): boolean {
  if (!deployment.proof || deployment.proof.proven) return false;
  if (deployment.status === "ROLLBACK_IN_PROGRESS") return true;
  const { stage, status } = deployment;
  return stage === "POST_PRODUCTION_TRAFFIC_SHIFT" && status === "IN_PROGRESS";
}
