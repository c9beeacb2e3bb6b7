import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { Identity } from "../domain/access/role.ts";
import { type SeenDrift, toSeenDrift } from "../domain/drift/drift-words.ts";
import { acknowledged } from "../domain/drift/ledger.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { loadFacts } from "../request/load-facts.ts";
import { refuse, withStore } from "../request/refusal.ts";

const ID = fix(say("input.drift"));

/** What the operation takes. */
export const acknowledgeInput = membersOnly({
  application: fields.application,
  drift: z.string(ID).regex(/^dr-[0-9a-f]{8}$/, ID),
  reason: fields.reason,
});
type Input = z.infer<typeof acknowledgeInput>;

/** What was acknowledged, and where. */
interface Acknowledged extends SeenDrift {
  application: string;
}

/**
 * Takes note of one change that Switchyard did not make: what AWS holds is what is expected from now on, and nothing is
 * written to AWS. One that has changed again meanwhile has another id and is refused.
 */
export const acknowledgeDrift = defineAdministration({
  action: "drift.acknowledged",
  permission: "acknowledge",
  schema: acknowledgeInput,
  scope: onApplication,
  run,
  describe: ({ said, message }) => said ?? message,
});

const TRIES = 3;

async function run(ctx: Context & { identity: Identity }, input: Input): Promise<Result<Acknowledged>> {
  const { runtime } = ctx;
  const { application, drift: id } = input;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const loaded = await loadFacts(runtime, application, "anew");
    if (!loaded.ok) return loaded;
    const { ledger } = loaded.facts;
    const drift = ledger?.drifts.find((candidate) => candidate.id === id);
    if (!ledger || !drift)
      return refuse("NOT_FOUND", say("refusal.noSuchChange", { application }), say("refusal.readAgain"));
    const saved = await withStore(() => runtime.store.saveLedger(application, acknowledged(ledger, id, runtime.now())));
    if (!saved) continue;
    runtime.hub.recordChanged(application);
    return { ok: true, value: { ...toSeenDrift(drift), application } };
  }
  return refuse("STORE_UNAVAILABLE", say("refusal.othersChange"), say("refusal.tryAgain"));
}
