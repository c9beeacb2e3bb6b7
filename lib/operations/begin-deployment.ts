import type { Deployment } from "../domain/deployment/deployment.ts";
import { type DeploymentStart, newDeployment } from "../domain/deployment/new-deployment.ts";
import type { Operating } from "../request/operate.ts";
import { withStore } from "../request/refusal.ts";

/** Inserts a deployment and hands it to the engine. Rejects with DeploymentInFlight when the application has one. */
export async function beginDeployment(
  { ctx, newId }: Pick<Operating<unknown>, "ctx" | "newId">,
  start: Omit<DeploymentStart, "id" | "actor" | "now">,
  override: Deployment["override"] | null = null,
): Promise<Deployment> {
  const { id, name, via } = ctx.identity;
  const windowMinutes = ctx.runtime.observer.findApplication(start.application)?.windowMinutes ?? 0;
  const begun = newDeployment({ ...start, id: newId, actor: { id, name, via }, now: ctx.runtime.now() });
  const deployment = { ...begun, ...(windowMinutes > 0 ? { windowMinutes } : {}), ...(override ? { override } : {}) };
  await withStore(() => ctx.runtime.store.insertDeployment(deployment));
  ctx.runtime.hub.deploymentChanged(deployment);
  ctx.runtime.engine.submit(deployment);
  return deployment;
}

/** The deployment that an insert met in flight; null for any other error. */
export function deploymentMet(error: unknown): Deployment | null {
  const isMet = error instanceof Error && error.name === "DeploymentInFlight" && "deployment" in error;
  return isMet ? (error.deployment as Deployment) : null;
}
