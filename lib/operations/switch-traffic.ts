import { z } from "zod";
import { fix } from "../config/fix.ts";
import { subjectOf } from "../domain/deployment/approval.ts";
import { type Deployment, isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import { requestSwitch } from "../domain/deployment/deployment-transitions.ts";
import { isAtSameGate } from "../domain/deployment/same-gate.ts";
import { ranRevision, type SlotColor } from "../domain/observation/slot.ts";
import { findMissingApprovalBlocker } from "../domain/rules/approve-blockers.ts";
import { findRolledBackBlocker } from "../domain/rules/automatic-rollback-rules.ts";
import { findRolloutBlocker } from "../domain/rules/driven-rules.ts";
import { findSwitchBlockers } from "../domain/rules/switch-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";
import { compareErrorsFirst } from "../request/compare-errors.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { findUnreadListener, type Loaded, loadFacts } from "../request/load-facts.ts";
import { defineOperation, type Operating } from "../request/operate.ts";
import type { Operated } from "../request/operated.ts";
import { type Refusal, refuse, refuseFor, withStore } from "../request/refusal.ts";
import { RecordChanged } from "../store/store.ts";
import { beginDeployment } from "./begin-deployment.ts";
import { makeReceipt } from "./make-receipt.ts";
import { overrideField, takeOverride } from "./take-override.ts";

/** What the operation takes. */
export const switchInput = membersOnly({
  application: fields.application,
  to: fields.color,
  receipt: z.string(fix(say("input.receipt"))).regex(/^[0-9a-f]{64}$/, fix(say("input.receiptForm"))),
  reason: fields.reason,
  rollout: fields.rollout,
  override: overrideField,
  idempotencyKey: fields.idempotencyKey,
});
type Input = z.infer<typeof switchInput>;

/**
 * Sends all production traffic to one side, if the world is still as on the receipt; continues a release that waits for it,
 * in the steps it began with unless others are asked for. What is no release moves all at once unless steps are asked for.
 * Where a switch needs approval, its deployment waits for that.
 * Safe to call twice: the same switch while the first is going on answers with the same deployment.
 */
export const switchTraffic = defineOperation({ verb: "switch", schema: switchInput, scope: onApplication, run });

async function run(operating: Operating<Input>): Promise<Operated<{ receipt?: Receipt }>> {
  const { ctx, input } = operating;
  await compareErrorsFirst(ctx.runtime, input.application);
  const loaded = await loadFacts(ctx.runtime, input.application, "anew-with-ways");
  if (!loaded.ok) return loaded;
  const { deployment } = loaded.record;
  if (deployment && isSameSwitch(deployment, input.to)) return { ok: true, value: deployment };
  const unread = findUnreadListener(loaded);
  if (unread) return unread;
  const unoffered = findRolloutBlocker(loaded.facts, input.rollout);
  if (unoffered) return { ok: false, ...unoffered };
  const receipt = makeReceipt(loaded.application, loaded.observation, loaded.record, input.to, ctx.runtime.now());
  const taken = takeOverride(operating, input.to, findSwitchBlockers(loaded.facts, input.to));
  if (!taken.ok) return taken;
  // Whoever has not seen what somebody else changed is shown it first.
  const isUnseen =
    receipt.hash !== input.receipt && taken.blockers.every(({ code }) => code === "DRIFT_NOT_ACKNOWLEDGED");
  if (isUnseen) return outdated(receipt);
  const blocked = refuseFor(taken.blockers, { receipt });
  if (blocked) return blocked;
  const revision = ranRevision(loaded.observation.slots[input.to]);
  const rolledBack = findRolledBackBlocker(loaded.record.history, revision, ctx.identity.via, revision?.digest);
  if (rolledBack) return { ok: false, ...rolledBack };
  const { override } = taken;
  return deployment ? continueRelease(operating, deployment, loaded, override) : begin(operating, loaded, override);
}

async function begin(
  operating: Operating<Input>,
  loaded: Loaded,
  override: Deployment["override"] | null,
): Promise<Operated<never>> {
  const { application, observation } = loaded;
  const { to, reason } = operating.input;
  const value = await beginDeployment(
    operating,
    loaded,
    {
      application: application.name,
      kind: "SWITCH",
      to,
      requested: null,
      reason,
      bakeMinutes: application.bakeMinutes,
      timeouts: application.timeouts,
      rollout: operating.input.rollout,
      approval: application.approvals?.switch ?? null,
      // What its approvers are asked about is what was on the receipt of this click.
      subject: subjectOf(observation, to),
    },
    override,
  );
  return { ok: true, value };
}

async function continueRelease(
  { ctx, input, request }: Operating<Input>,
  release: Deployment,
  loaded: Loaded,
  override: Deployment["override"] | null,
): Promise<Operated<never>> {
  const { runtime, identity } = ctx;
  const { weights } = loaded.observation.traffic;
  const told = { by: identity.name, to: input.to };
  const words = input.reason ? say("step.switchedWhy", { ...told, reason: input.reason }) : say("step.switched", told);
  const changed = await withStore(() =>
    runtime.engine.change(
      release,
      "switch",
      words,
      // A gate that opened since is on another receipt.
      (newest) =>
        isAwaitingSwitch(newest) && isAtSameGate(newest, release) && !findMissingApprovalBlocker(newest)
          ? { ...requestSwitch(newest, weights, runtime.now(), input.rollout), ...(override ? { override } : {}) }
          : null,
      request,
    ),
  );
  // Another click was first, or the release ended meanwhile.
  if (!changed) throw new RecordChanged(release.application);
  return { ok: true, value: changed };
}

/** Whether the deployment is moving traffic to the side right now, or is a switch to it that waits for those who approve. */
function isSameSwitch(deployment: Deployment, to: SlotColor): boolean {
  if (deployment.to !== to || (deployment.status !== "IN_PROGRESS" && deployment.status !== "PENDING")) return false;
  if (deployment.kind === "SWITCH" && deployment.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT") return true;
  return deployment.stage === "PRODUCTION_TRAFFIC_SHIFT" || deployment.stage === "POST_PRODUCTION_TRAFFIC_SHIFT";
}

function outdated(receipt: Receipt): Refusal<{ receipt: Receipt }> {
  return {
    ...refuse("RECEIPT_OUTDATED", say("refusal.receiptOutdated"), say("refusal.readNewReceipt")),
    extra: { receipt },
  };
}
