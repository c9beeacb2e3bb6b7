import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { Approval } from "../domain/deployment/approval.ts";
import { hasSaid, standingApprovals, subjectOf } from "../domain/deployment/approval.ts";
import { withApproval } from "../domain/deployment/approval-transitions.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Somebody } from "../domain/deployment/person.ts";
import { approverOf } from "../domain/rules/approval-rules.ts";
import { findApproveBlockers } from "../domain/rules/approve-blockers.ts";
import { findFreeze, freezeBlocker } from "../domain/rules/freeze.ts";
import type { Sentence } from "../domain/sentence/sentence.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onDeployment } from "../request/judge.ts";
import { loadFacts } from "../request/load-facts.ts";
import { defineOperation, type Operating } from "../request/operate.ts";
import type { Operated } from "../request/operated.ts";
import { noDeployment } from "../request/permission.ts";
import { type Refusal, refuse, refuseFor, withStore } from "../request/refusal.ts";
import { changeDeployment } from "./change-deployment.ts";
import { makeReceipt } from "./make-receipt.ts";
import { saidBy } from "./said-by.ts";

/** What the operation takes. */
export const approveInput = membersOnly({
  deploymentId: fields.deploymentId,
  comment: fields.comment,
  receipt: z
    .string(fix(say("input.receiptForm")))
    .regex(/^[0-9a-f]{64}$/, fix(say("input.approvalHash")))
    .nullish()
    .describe(
      "approvalHash or hash of the receipt that was read; needed where the application's policy asks for approvals",
    ),
});
type Input = z.infer<typeof approveInput>;

/**
 * Puts one's name to a deployment that waits before its production shift, for what was on the receipt. With the last approval
 * that its policy asks for it goes on; without a policy it is a note. The same person twice is once.
 */
export const approveDeployment = defineOperation({ verb: "approve", schema: approveInput, scope: onDeployment, run });

async function run(operating: Operating<Input>): Promise<Operated<{ receipt?: Receipt }>> {
  const { ctx, input } = operating;
  const { runtime, identity } = ctx;
  const found = await withStore(() => runtime.store.findDeployment(input.deploymentId));
  if (!found) return noDeployment(input.deploymentId);
  const freeze = findFreeze(
    await withStore(() => runtime.store.listFreezes(runtime.now(), found.application)),
    found.application,
    runtime.now(),
  );
  if (freeze) return refuseFor([freezeBlocker(freeze)]) ?? noDeployment(input.deploymentId);
  if (!found.approval) return note(operating);
  if (hasApproved(found, identity)) return { ok: true, value: found };
  const approver = approverOf(identity, found.application);
  const blocked = refuseFor(findApproveBlockers(found, approver, runtime.now()));
  if (blocked) return blocked;
  const loaded = await loadFacts(runtime, found.application, "anew");
  if (!loaded.ok) return loaded;
  const receipt = makeReceipt(loaded.application, loaded.observation, loaded.record, found.to, runtime.now());
  const { receipt: read } = input;
  if (read !== receipt.approvalHash && read !== receipt.hash) return unread(receipt, read != null);
  const subject = subjectOf(loaded.observation, found.to);
  return changeDeployment(operating, {
    ...words(operating),
    blockers: (newest) => findApproveBlockers(newest, approver, runtime.now()),
    stillApplies: (newest) => newest.approval != null && newest.to === found.to,
    change: (newest) => withApproval(newest, { ...approvalOf(operating), receipt: receipt.approvalHash }, subject),
    isDone: (newest) => hasApproved(newest, identity),
  });
}

/** Nobody has to approve: it is kept, and moves nothing. */
function note(operating: Operating<Input>): Promise<Operated> {
  const { identity, runtime } = operating.ctx;
  return changeDeployment(operating, {
    ...words(operating),
    blockers: (newest) => findApproveBlockers(newest, approverOf(identity, newest.application), runtime.now()),
    stillApplies: (newest) => !newest.approval,
    change: (newest) => ({ ...newest, approvals: [...newest.approvals, approvalOf(operating)] }),
    isDone: (newest) => hasApproved(newest, identity),
  });
}

function hasApproved(deployment: Deployment, person: Somebody): boolean {
  return hasSaid(standingApprovals(deployment), person);
}

function approvalOf({ ctx, input }: Operating<Input>): Approval {
  const { id, name, people } = ctx.identity;
  const comment = input.comment ? { comment: input.comment } : {};
  return { actor: id, ...(people ? { people } : {}), name, decision: "approved", at: ctx.runtime.now(), ...comment };
}

function words({ ctx, input }: Operating<Input>): { step: string; words: Sentence } {
  return { step: "approve", words: saidBy("approved", ctx.identity, input.comment) };
}

function unread(receipt: Receipt, isOutdated: boolean): Refusal<{ receipt: Receipt }> {
  const refusal = isOutdated
    ? refuse("RECEIPT_OUTDATED", say("refusal.approvalOutdated"), say("refusal.readNewReceipt"))
    : refuse("RECEIPT_REQUIRED", say("refusal.receiptMissing"), say("refusal.sendHash"));
  return { ...refusal, extra: { receipt } };
}
