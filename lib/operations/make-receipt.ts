import { createHash } from "node:crypto";
import type { Application } from "../domain/application.ts";
import { composeSnapshot, ruleFacts } from "../domain/compose-snapshot.ts";
import type { Observation } from "../domain/observation.ts";
import { canonicalFacts, type Receipt, receiptFacts, receiptWarnings, weightsFor } from "../domain/receipt.ts";
import type { SlotColor } from "../domain/slot.ts";
import { findSwitchBlockers } from "../domain/switch-rules.ts";
import type { ApplicationRecord } from "../live/application-record.ts";

/** What a switch to `to` would rest on now, with its hash. */
export function makeReceipt(
  application: Application,
  observation: Observation,
  record: ApplicationRecord,
  to: SlotColor,
  now: number,
): Receipt {
  const snapshot = composeSnapshot(application, observation, record, now);
  const facts = receiptFacts(snapshot, to);
  return {
    ...facts,
    hash: createHash("sha256").update(canonicalFacts(facts)).digest("hex"),
    observedAt: observation.observedAt,
    weightsAfter: weightsFor(to),
    warnings: receiptWarnings(snapshot, to),
    blockers: findSwitchBlockers(ruleFacts(application, observation, record, now), to),
  };
}
