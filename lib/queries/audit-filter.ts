import { type Holder, seenApplications } from "../domain/access/role.ts";
import { typedName } from "../domain/access/typed-name.ts";
import { AUDIT_OUTCOMES } from "../domain/audit/audit.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { VERBS } from "../domain/verb/verb.ts";
import { heldSaid } from "../request/input.ts";
import { type Refusal, refuse } from "../request/refusal.ts";
import type { AuditQuery } from "../store/store.ts";

/** Which rows; texts come from addresses, times are epoch ms or ISO 8601 text. */
export interface AuditFilter {
  application?: string | null;
  actor?: string | null;
  /** "switch" and the like, or an action as rows name it, such as "session.started". */
  verb?: string | null;
  outcome?: string | null;
  from?: number | string | null;
  to?: number | string | null;
}

/** The filter as the store takes it, within what the asker may see; a refusal that names the field that is none. */
export function auditQueryOf(
  filter: AuditFilter,
  identity: Holder | null,
): { ok: true; value: AuditQuery } | Refusal<never> {
  const from = timeOf(filter.from);
  const to = timeOf(filter.to);
  if (Number.isNaN(from)) return notUnderstood("from", filter.from, "epoch milliseconds or an ISO 8601 time");
  if (Number.isNaN(to)) return notUnderstood("to", filter.to, "epoch milliseconds or an ISO 8601 time");
  const action = actionOf(filter.verb);
  if (action === null) return notUnderstood("verb", filter.verb, `${VERBS.join(", ")}, or a row's action`);
  const outcome = AUDIT_OUTCOMES.find((candidate) => candidate === filter.outcome);
  if (filter.outcome && !outcome) return notUnderstood("outcome", filter.outcome, AUDIT_OUTCOMES.join(", "));
  const [application, actor] = [typedName(filter.application).toLowerCase(), typedName(filter.actor)];
  const applications = seenApplications(identity);
  return {
    ok: true,
    value: {
      ...(applications === null ? {} : { applications }),
      ...(application ? { application } : {}),
      ...(actor ? { actor } : {}),
      ...(action ? { action } : {}),
      ...(outcome ? { outcome } : {}),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
  };
}

function notUnderstood(field: string, value: unknown, give: Sentence | string): Refusal<never> {
  return refuse(
    "INVALID_INPUT",
    heldSaid(field, value),
    say("input.fixOf", { field, fix: say("input.give", { what: give }) }),
  );
}

/** Undefined without a verb, null for one that cannot be. */
function actionOf(verb: string | null | undefined): string | null | undefined {
  if (!verb) return undefined;
  if (VERBS.some((candidate) => candidate === verb)) return `deployment.${verb}`;
  return /^[a-z]{1,32}\.[a-z-]{1,32}$/.test(verb) ? verb : null;
}

function timeOf(value: number | string | null | undefined): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "number") return value;
  return /^\d{1,15}$/.test(value) ? Number(value) : Date.parse(value);
}
