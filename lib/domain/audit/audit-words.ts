import type { Deployment } from "../deployment/deployment.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { englishOf, saidOf, type Told } from "../sentence/told.ts";
import { shortName } from "../text/short-name.ts";
import type { AuditRow } from "./audit.ts";

/** A side and what it runs, as the audit names it: "green 1.1.0". */
export function sideWords(color: SlotColor, revision: Revision | null): string {
  if (revision === null) return color;
  const { tag, taskDefinition } = revision;
  return `${color} ${tag ?? shortName(taskDefinition)}`;
}

/** Where a deployment stands, as the audit names it before and after somebody changes it. */
export function standSaid({ status, stage, bakeUntil }: Pick<Deployment, "status" | "stage" | "bakeUntil">): Sentence {
  if (bakeUntil === null) return say("auditRow.stands", { status, stage });
  return say("auditRow.standsAndBakes", { status, stage, until: new Date(bakeUntil).toISOString() });
}

/** From what to what, as a row keeps it. */
export function changeMembers(
  before: Told | null,
  after: Told | null,
): Pick<AuditRow, "before" | "beforeSaid" | "after" | "afterSaid"> {
  const [beforeSaid, afterSaid] = [saidOf(before ?? ""), saidOf(after ?? "")];
  return {
    ...(before === null ? {} : { before: englishOf(before) }),
    ...(beforeSaid ? { beforeSaid } : {}),
    ...(after === null ? {} : { after: englishOf(after) }),
    ...(afterSaid ? { afterSaid } : {}),
  };
}
