import { say } from "../sentence/sentence.ts";
import type { ApplicationSnapshot } from "../snapshot/snapshot.ts";
import type { ActionState } from "../verb/action-state.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import { VERBS, type Verb } from "../verb/verb.ts";

/** Why nothing but an instant rollback is done while the database is away. */
export const STORE_AWAY: Blocker = blocker("STORE_UNAVAILABLE", say("refusal.storeAway"), say("refusal.storeBack"));

/** Why a rollback that needs more than one write has to wait for the database. */
export function coldRollbackBlocker(to: string): Blocker {
  return blocker("STORE_UNAVAILABLE", say("refusal.storeAwayCold", { to }), say("refusal.storeBackScale", { to }));
}

/** Refused without the database where AWS drives: which of its deployments to roll back is on the record. */
export function drivenRollbackBlocker(): Blocker {
  return blocker("STORE_UNAVAILABLE", say("refusal.storeAwayDriven"), say("refusal.storeBackStop"));
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
