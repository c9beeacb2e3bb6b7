import type { ApplicationSnapshot } from "../snapshot/snapshot.ts";
import type { ActionState } from "../verb/action-state.ts";
import type { Blocker } from "../verb/blocker.ts";
import { VERBS, type Verb } from "../verb/verb.ts";

/** Why nothing but an instant rollback is done while the database is away. */
export const STORE_AWAY: Blocker = {
  code: "STORE_UNAVAILABLE",
  message: "The database does not answer, so nothing was started; what is live is shown from AWS all the same",
  fix: "Bring the database back, or act in AWS directly",
};

/** Why a rollback that needs more than one write has to wait for the database. */
export function coldRollbackBlocker(to: string): Blocker {
  return {
    code: "STORE_UNAVAILABLE",
    message: `The database does not answer, and ${to} is not warm: only a rollback to a warm side is made without it`,
    fix: `Bring the database back, or scale ${to} up in AWS directly`,
  };
}

/** Refused without the database where AWS drives: which of its deployments to roll back is on the record. */
export function drivenRollbackBlocker(): Blocker {
  return {
    code: "STORE_UNAVAILABLE",
    message: "The database does not answer, and AWS's own deployments are rolled back with it only",
    fix: "Bring the database back, or stop the deployment with the AWS CLI, in ECS or CodeDeploy",
  };
}

/** What may be done while the database is away: a rollback that is one write, and nothing else. */
export function actionsWithoutStore({
  actions,
  window,
  rollbackTo,
  capabilities,
}: Pick<ApplicationSnapshot, "actions" | "window" | "rollbackTo" | "capabilities">) {
  return Object.fromEntries(VERBS.map((verb) => [verb, stateOf(verb)])) as Record<Verb, ActionState>;

  function stateOf(verb: Verb): ActionState {
    if (verb !== "rollback") return { allowed: false, blockers: [STORE_AWAY] };
    if (actions.rollback.allowed && capabilities?.worksWithoutStore === false)
      return { allowed: false, blockers: [drivenRollbackBlocker()] };
    if (!actions.rollback.allowed || window?.instant !== false) return actions.rollback;
    return { allowed: false, blockers: [coldRollbackBlocker(rollbackTo ?? "the old side")] };
  }
}
