import type { z } from "zod";
import type { Identity } from "../domain/access/role.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onDeployment } from "../request/judge.ts";
import { refuse, withStore } from "../request/refusal.ts";

/** What the operation takes. */
export const acknowledgeRollbackInput = membersOnly({ deploymentId: fields.deploymentId, reason: fields.reason });

/**
 * A person takes note that Switchyard turned a deployment round by itself: it is no longer shown first, and pipelines may deploy
 * its version again. Twice changes nothing. A pipeline's token is refused; the bootstrap token stands for an admin.
 */
export const acknowledgeRollback = defineAdministration({
  action: "rollback.acknowledged",
  permission: "acknowledge",
  schema: acknowledgeRollbackInput,
  scope: onDeployment,
  run,
  describe: ({ breach }) => say("auditRow.acknowledged", { why: breach?.said ?? breach?.message ?? "" }),
  change: ({ id }) => ({ subject: id }),
});

async function run(
  { runtime, identity }: Context & { identity: Identity },
  input: z.infer<typeof acknowledgeRollbackInput>,
  known: Deployment,
): Promise<Result<Deployment>> {
  if (identity.scope) return refuse("FORBIDDEN", say("refusal.pipelineCannot"), say("refusal.personOnBoard"));
  if (!known.breach)
    return refuse("INVALID_INPUT", say("refusal.notByItself", { id: known.id }), say("refusal.chooseRolledBack"));
  const { id, name, via } = identity;
  const acknowledged = { actor: { id, name, via }, at: runtime.now(), reason: input.reason };
  const changed = await withStore(() =>
    runtime.store.changeDeployment(known.id, null, async (newest) =>
      newest.acknowledged ? null : { deployment: { ...newest, acknowledged }, entries: [], audit: [] },
    ),
  );
  runtime.hub.recordChanged(known.application);
  return { ok: true, value: changed ?? known };
}
