import { Button } from "@/components/ui/button.tsx";
import { VERBS } from "@/lib/domain/snapshot.ts";

/** What the page is narrowed to; empty texts narrow nothing. */
export interface AuditChoice {
  application: string;
  actor: string;
  verb: string;
  outcome: string;
}

const OTHER_ACTIONS = [
  "session.started",
  "session.ended",
  "session.refused",
  "token.created",
  "token.revoked",
  "delivery.retried",
];
const OUTCOMES = ["done", "refused", "failed"];

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
        className="field w-40"
      />
      <input
        name="actor"
        aria-label="Person or token"
        placeholder="Person or token"
        defaultValue={choice.actor}
        className="field w-48"
      />
      <Choice name="verb" label="Verb" all="Every verb" options={[...VERBS, ...OTHER_ACTIONS]} value={choice.verb} />
      <Choice name="outcome" label="Outcome" all="Every outcome" options={OUTCOMES} value={choice.outcome} />
      <Button type="submit">Filter</Button>
    </>
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
    <select name={name} aria-label={label} defaultValue={value} className="field w-36">
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}
