import { isDrivenByAws } from "../domain/application/capabilities.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { type DeploymentStart, newDeployment } from "../domain/deployment/new-deployment.ts";
import { somebodyOf } from "../domain/deployment/person.ts";
import type { Loaded } from "../request/load-facts.ts";
import type { Operating } from "../request/operate.ts";
import { withStore } from "../request/refusal.ts";

/**
 * Inserts a deployment and hands it to the engine, with the look that it was decided on. @throws DeploymentInFlight when the
 * application has one, RecordChanged when one has ended that was not in the record that it was decided on
 */
export async function beginDeployment(
  { ctx, newId }: Pick<Operating<unknown>, "ctx" | "newId">,
  { record, observation }: Pick<Loaded, "record" | "observation">,
  start: Omit<DeploymentStart, "id" | "actor" | "now" | "observation">,
  override: Deployment["override"] | null = null,
): Promise<Deployment> {
  const { name, via } = ctx.identity;
  const actor = { ...somebodyOf(ctx.identity), name, via };
  const application = ctx.runtime.observer.findApplication(start.application);
  const isDriven = application !== null && isDrivenByAws(application.controller);
  // Where AWS drives, it ends the old side's life itself.
  const windowMinutes = isDriven ? 0 : (application?.windowMinutes ?? 0);
  // And moves traffic as its own settings say, which following it tells.
  const rollout = isDriven ? undefined : start.rollout;
  const begun = newDeployment({ ...start, rollout, isDriven, observation, id: newId, actor, now: ctx.runtime.now() });
  const deployment = { ...begun, ...(windowMinutes > 0 ? { windowMinutes } : {}), ...(override ? { override } : {}) };
  const seen = record.history.map(({ id: finished }) => finished);
  await withStore(() => ctx.runtime.store.insertDeployment(deployment, seen));
  ctx.runtime.hub.deploymentChanged(deployment);
  ctx.runtime.engine.submit(deployment, observation);
  return deployment;
}
