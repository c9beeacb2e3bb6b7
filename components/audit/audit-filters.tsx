import { Button } from "@/components/ui/button.tsx";
import { AUDIT_EVENTS, AUDIT_OUTCOMES } from "@/lib/domain/audit/audit.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";

/** What the page is narrowed to; empty texts narrow nothing. */
export interface AuditChoice {
  application: string;
  actor: string;
  verb: string;
  outcome: string;
  /** As the field gives them, "2026-11-25T16:00", in UTC. */
  from: string;
  to: string;
}

/** A plain form: the address carries the filter, so it can be sent to somebody. */
export function AuditFilters({ choice }: { choice: AuditChoice }) {
  return (
    <>
      <input
        data-filter
        name="application"
        aria-label="Application"
        placeholder="Application"
        defaultValue={choice.application}
        className="field w-36 max-sm:w-auto max-sm:flex-1 max-sm:basis-2/5"
      />
      <input
        name="actor"
        aria-label="Person or token"
        placeholder="Person or token"
        defaultValue={choice.actor}
        className="field w-40 max-sm:w-auto max-sm:flex-1 max-sm:basis-2/5"
      />
      <Choice name="verb" label="Verb" all="Every verb" options={[...VERBS, ...AUDIT_EVENTS]} value={choice.verb} />
      <Choice name="outcome" label="Outcome" all="Every outcome" options={AUDIT_OUTCOMES} value={choice.outcome} />
      <TimeField name="from" label="From, UTC" value={choice.from} />
      <TimeField name="to" label="To, UTC" value={choice.to} />
      <Button type="submit">Filter</Button>
    </>
  );
}

function TimeField({ name, label, value }: { name: string; label: string; value: string }) {
  return (
    <label className="flex items-center gap-1.5 text-xs text-second">
      {label}
      <input type="datetime-local" name={name} defaultValue={value} className="field w-44" />
    </label>
  );
}

function Choice({
  name,
  label,
  all,
  options,
  value,
}: {
  name: string;
  label: string;
  all: string;
  options: readonly string[];
  value: string;
}) {
  return (
    <select
      name={name}
      aria-label={label}
      defaultValue={value}
      className="field w-36 max-sm:w-auto max-sm:flex-1 max-sm:basis-2/5"
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}
