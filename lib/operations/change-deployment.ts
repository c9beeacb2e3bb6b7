import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Told } from "../domain/sentence/told.ts";
import type { Blocker } from "../domain/verb/blocker.ts";
import type { Operating } from "../request/operate.ts";
import type { Operated } from "../request/operated.ts";
import { noDeployment } from "../request/permission.ts";
import { refuseFor, withStore } from "../request/refusal.ts";
import { RecordChanged } from "../store/store.ts";

/** A change that a person asks of a deployment in flight. */
export interface DeploymentChange {
  /** For the journal. */
  step: string;
  words: Told;
  /** Why not, by the newest record. */
  blockers(newest: Deployment): Blocker[];
  /** Whether what was decided still goes for the newest record; always when left out. */
  stillApplies?(newest: Deployment): boolean;
  change(newest: Deployment): Deployment;
  /** Whether the record already is as asked, so that a repeat answers with it. */
  isDone(newest: Deployment): boolean;
}

/**
 * Checks and changes a deployment's record at once, so that nothing comes in between. @throws RecordChanged when the record
 * has become one that this was not decided on
 */
export async function changeDeployment(
  { ctx, input }: Operating<{ deploymentId: string }>,
  wanted: DeploymentChange,
): Promise<Operated> {
  const { store, engine } = ctx.runtime;
  const found = await withStore(() => store.findDeployment(input.deploymentId));
  if (!found) return noDeployment(input.deploymentId);
  if (wanted.isDone(found)) return { ok: true, value: found };
  const blocked = refuseFor(wanted.blockers(found));
  if (blocked) return blocked;
  const changed = await withStore(() =>
    engine.change(found, wanted.step, wanted.words, (newest) => {
      const applies = wanted.stillApplies?.(newest) ?? true;
      return !applies || wanted.isDone(newest) || wanted.blockers(newest).length > 0 ? null : wanted.change(newest);
    }),
  );
  if (!changed) throw new RecordChanged(found.application);
  return { ok: true, value: changed };
}
