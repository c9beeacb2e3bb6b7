import { lineMembers, type Told } from "../sentence/told.ts";
import type { AuditRow } from "./audit.ts";

/** A row of the audit about what Switchyard saw or did of itself, with nobody asking. */
export function ownAuditRow(
  row: Pick<AuditRow, "id" | "at" | "action" | "application" | "deploymentId"> & { told: Told },
): AuditRow {
  const { told, ...own } = row;
  return {
    ...own,
    ...lineMembers(told),
    actorId: "switchyard",
    actorName: "Switchyard",
    role: null,
    via: "engine",
    address: null,
    outcome: "done",
    code: null,
    reason: null,
  };
}
