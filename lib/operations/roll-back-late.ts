import { somebodyOf } from "../domain/deployment/person.ts";
import { lateRecord, planLateRollback, turnedLate } from "../domain/late/late-rollback.ts";
import { STORE_AWAY } from "../domain/late/without-store.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import { ruleFacts } from "../domain/snapshot/compose-snapshot.ts";
import { findApplication } from "../request/load-facts.ts";
import type { Operating } from "../request/operate.ts";
import type { Operated } from "../request/operated.ts";
import { otherSideRefusal, type Refusal, refuseFor } from "../request/refusal.ts";
import { auditRow } from "../request/write-audit.ts";
import { saidBy } from "./said-by.ts";

interface Input {
  application: string;
  to?: SlotColor;
  reason: string | null;
}

/**
 * Rolls back while the database is away. What to roll back to is what the listener holds now and the record as it was last
 * read; the side must be warm by a fresh look. AWS is written at once, compared and read back; the record follows when the
 * database is back. No lease is held then: the comparison at the moment of the write is what keeps two replicas apart.
 */
export async function rollBackLate({ ctx, input, newId }: Operating<Input>): Promise<Operated> {
  const { runtime, identity } = ctx;
  const found = findApplication(runtime, input.application);
  if (!found.ok) return found;
  const { application } = found;
  const { name } = application;
  const made = await runtime.engine.late.make<Refusal<never>>(application, async () => {
    const observation = await runtime.observer.refreshNow(name, { priority: "action" });
    const record = runtime.hub.lastKnown(name);
    const known = record ?? { deployment: null, lastDeployment: null };
    const plan = planLateRollback(ruleFacts(application, observation, known, runtime.now()), record, {
      id: newId,
      application: name,
      actor: { ...somebodyOf(identity), name: identity.name, via: identity.via },
      reason: input.reason,
      words: saidBy("rolledBack", identity, input.reason),
    });
    if (!plan.ok) return { ok: false, refusal: refuseFor<never>(plan.blockers) ?? { ok: false, ...STORE_AWAY } };
    const { deployment, turns } = plan.rollback;
    if (input.to && input.to !== deployment.to) return { ok: false, refusal: otherSideRefusal(deployment.to) };
    const audit = auditRow(ctx, {
      action: "deployment.rollback",
      application: name,
      deploymentId: turns ?? newId,
      outcome: "done",
      code: null,
      ...lineMembers(say("auditRow.askedLate", { application: name, from: deployment.from, to: deployment.to })),
      reason: input.reason,
    });
    return { ok: true, rollback: { ...plan.rollback, audit } };
  });
  // What the engine tried by itself refuses without a word of its own.
  if ("refusal" in made) return made.refusal ?? { ok: false, ...STORE_AWAY };
  const inFlight = runtime.hub.lastKnown(name)?.deployment ?? null;
  const turned = inFlight?.id === made.turns ? (turnedLate(made, inFlight) ?? inFlight) : null;
  return { ok: true, value: turned ?? lateRecord(made), isLate: true };
}
