import { z } from "zod";
import { fix } from "../config/fix.ts";
import { isDrivenByAws } from "../domain/application/capabilities.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { answerGate } from "../domain/deployment/deployment-transitions.ts";
import { isAtSameGate } from "../domain/deployment/same-gate.ts";
import { findRetireBlockers } from "../domain/rules/action-rules.ts";
import { idleSide } from "../domain/rules/rollback-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onDeployment } from "../request/judge.ts";
import { findUnreadListener, type Loaded, loadFacts } from "../request/load-facts.ts";
import { defineOperation, type Operating } from "../request/operate.ts";
import type { Operated } from "../request/operated.ts";
import { noDeployment } from "../request/permission.ts";
import { inFlightRefusal, refuse, refuseFor, withStore } from "../request/refusal.ts";

/** What the operation takes. */
export const retireInput = membersOnly({
  deploymentId: fields.deploymentId,
  comment: fields.comment,
  gate: z
    .string(fix(say("input.gate")))
    .regex(/^[\w:-]{1,256}$/, fix(say("input.gateForm")))
    .nullish()
    .describe("Where AWS drives: the gate that was read; refused when another one waits by now. Left out, any"),
});

type Input = z.infer<typeof retireInput>;

/**
 * Stops the tasks of the side that carries no traffic, once a deployment has ended. Only by the application's newest
 * deployment, so that an old page cannot stop what a newer one started. A side that runs nothing is left as it is.
 */
export const retireSide = defineOperation({ verb: "retire", schema: retireInput, scope: onDeployment, run });

async function run({ ctx, input, newId, request }: Operating<Input>): Promise<Operated> {
  const { runtime } = ctx;
  const deployment = await withStore(() => runtime.store.findDeployment(input.deploymentId));
  if (!deployment) return noDeployment(input.deploymentId);
  const loaded = await loadFacts(runtime, deployment.application, "anew-with-ways");
  if (!loaded.ok) return loaded;
  if (isDrivenByAws(loaded.application.controller))
    return closeWindow({ ctx, input, newId, request }, loaded, deployment);
  const idle = idleSide(loaded.facts);
  const blockers = findRetireBlockers(loaded.facts);
  // Asked again after it was done: nothing is left to do.
  if (blockers.length === 1 && blockers[0]?.code === "STANDBY_EMPTY") return { ok: true, value: deployment };
  const blocked = refuseFor(blockers) ?? findUnreadListener(loaded);
  if (blocked || !idle) return blocked ?? refuse("STILL_LIVE", say("refusal.noIdle"));
  if (loaded.record.lastDeployment?.id !== deployment.id)
    return refuse("STILL_LIVE", say("refusal.newerDeployment"), say("refusal.retireFromNewest"));
  const seen = loaded.record.history.map(({ id }) => id);
  await withStore(() => runtime.engine.retire(deployment, idle, seen));
  return { ok: true, value: deployment };
}

/** Where AWS drives, the gate after the shift is answered: AWS bakes and then stops the old side. */
async function closeWindow(operating: Operating<Input>, loaded: Loaded, deployment: Deployment): Promise<Operated> {
  const { ctx, request } = operating;
  const { engine, now } = ctx.runtime;
  const { record, facts } = loaded;
  if (record.deployment?.id !== deployment.id) return refuse("NOTHING_WAITS", say("refusal.endedByAws"));
  const blocked = refuseFor(findRetireBlockers(facts));
  if (blocked) return blocked;
  const gate = record.deployment.aws?.gate?.id;
  const read = operating.input.gate;
  if (read != null && read !== gate)
    return refuse("NOTHING_WAITS", say("refusal.gateGone", { gate: read }), say("refusal.readAgain"));
  const words = say("step.windowClosed", { by: ctx.identity.name });
  const seen = record.deployment;
  const answer = (newest: Deployment) => (isAtSameGate(newest, seen) ? answerGate(newest, "CONTINUE", now()) : null);
  const changed = await withStore(() => engine.change(deployment, "retire", words, answer, request));
  return changed ? { ok: true, value: changed } : inFlightRefusal(deployment);
}
