import type { z } from "zod";
import { inTime } from "../async/within.ts";
import { otherColor } from "../domain/observation/slot.ts";
import { findDeployBlockers } from "../domain/rules/action-rules.ts";
import { findRolledBackBlocker } from "../domain/rules/automatic-rollback-rules.ts";
import { findRolloutBlocker } from "../domain/rules/driven-rules.ts";
import { fields, membersOnly, sourceField } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { loadFacts } from "../request/load-facts.ts";
import { defineOperation, type Operating } from "../request/operate.ts";
import type { Operated } from "../request/operated.ts";
import { notInTime, refuseFor } from "../request/refusal.ts";
import { beginDeployment } from "./begin-deployment.ts";
import { findRoleFault } from "./find-role-fault.ts";
import { findUnusedGroup } from "./find-unused-group.ts";
import { resolveRevision, revisionFields, revisionIsOne } from "./resolve-revision.ts";

/** What the operation takes; exactly one of the three ways to say what to run. */
export const deployInput = membersOnly({
  application: fields.application,
  ...revisionFields,
  reason: fields.reason,
  rollout: fields.rollout,
  source: sourceField,
  idempotencyKey: fields.idempotencyKey,
});
const schema = deployInput.refine(...revisionIsOne);
type Input = z.infer<typeof schema>;

/**
 * Starts a release: registers the revision and updates the side that is not live, then waits for a person to switch. Safe to
 * call twice with an Idempotency-Key; without one the second is refused while the first is in flight.
 */
export const deploy = defineOperation({ verb: "deploy", schema, scope: onApplication, run });

/** Nothing is written before AWS has said what the revision is; after so many ms the deployment is refused instead. */
const PATIENCE_MS = 15_000;

async function run(operating: Operating<Input>): Promise<Operated> {
  const { ctx, input } = operating;
  const loaded = await loadFacts(ctx.runtime, input.application, "anew-with-ways");
  if (!loaded.ok) return loaded;
  const { application, observation } = loaded;
  const unoffered = findRolloutBlocker(loaded.facts, input.rollout);
  const blocked = refuseFor([...(unoffered ? [unoffered] : []), ...findDeployBlockers(loaded.facts)]);
  if (blocked) return blocked;
  const here = { controllers: ctx.runtime.controllers, aws: ctx.runtime.awsFor(application) };
  const asked = await inTime(
    PATIENCE_MS,
    Promise.all([
      findUnusedGroup(here, application, observation),
      findRoleFault(here, application),
      resolveRevision(here, application, observation, input),
    ]),
  );
  if (!asked) return notInTime(PATIENCE_MS);
  const [unused, role, resolved] = asked.value;
  if (unused) return { ok: false, ...unused.blocker };
  if (role.blocker) return { ok: false, ...role.blocker };
  if (!resolved.ok) return resolved;
  const rolledBack = findRolledBackBlocker(loaded.record.history, resolved.request, ctx.identity.via, resolved.digest);
  if (rolledBack) return { ok: false, ...rolledBack };
  const value = await beginDeployment(operating, loaded, {
    application: application.name,
    kind: "RELEASE",
    to: otherColor(observation.traffic.live === "green" ? "green" : "blue"),
    requested: resolved.request,
    reason: input.reason,
    bakeMinutes: application.bakeMinutes,
    test: { hasListener: application.testListener !== null, hasSmokeCheck: application.smoke !== null },
    timeouts: application.timeouts,
    rollout: input.rollout ?? application.rollout,
    approval: application.approvals?.release ?? null,
    ...(input.source ? { source: input.source } : {}),
  });
  return { ok: true, value };
}
