import { createHash } from "node:crypto";
import type { Application } from "../domain/application/application.ts";
import { canonicalSubject, subjectOf } from "../domain/deployment/approval.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { ALL_AT_ONCE, rolloutSteps } from "../domain/observation/rollout.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { weightsFor } from "../domain/observation/traffic.ts";
import { findSwitchBlockers } from "../domain/rules/switch-rules.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { composeSnapshot, ruleFacts } from "../domain/snapshot/compose-snapshot.ts";
import { canonicalFacts, type Receipt, receiptFacts } from "../domain/snapshot/receipt.ts";
import { receiptWarnings } from "../domain/snapshot/receipt-warnings.ts";
import type { ApplicationRecord } from "../store/application-record.ts";

/** What a switch to `to` would rest on now, with its hash. */
export function makeReceipt(
  application: Application,
  observation: Observation,
  record: ApplicationRecord,
  to: SlotColor,
  now: number,
): Receipt {
  const snapshot = composeSnapshot(application, observation, record, now);
  const warningsSaid = receiptWarnings(snapshot, to, now);
  const facts = receiptFacts(snapshot, to);
  // A release that waits moves as it was begun; anything else moves at once.
  const rollout = (record.deployment?.to === to && record.deployment.rollout) || ALL_AT_ONCE;
  return {
    ...facts,
    hash: sha256(canonicalFacts(facts)),
    approvalHash: sha256(canonicalSubject(subjectOf(observation, to))),
    observedAt: observation.observedAt,
    weightsAfter: weightsFor(to),
    rollout,
    steps: rolloutSteps(rollout, to),
    warnings: warningsSaid.map(inEnglish),
    warningsSaid,
    blockers: findSwitchBlockers(ruleFacts(application, observation, record, now), to),
  };
}

/** In hexadecimal. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
