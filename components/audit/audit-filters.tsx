import { useTranslations } from "#translations";
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
  const t = useTranslations("audit");
  return (
    <>
      <input
        data-filter
        name="application"
        aria-label={t("application")}
        placeholder={t("application")}
        defaultValue={choice.application}
        className="field w-36 max-sm:w-auto max-sm:flex-1 max-sm:basis-2/5"
      />
      <input
        name="actor"
        aria-label={t("actor")}
        placeholder={t("actor")}
        defaultValue={choice.actor}
        className="field w-40 max-sm:w-auto max-sm:flex-1 max-sm:basis-2/5"
      />
      <Choice
        name="verb"
        label={t("verb")}
        all={t("everyVerb")}
        options={[...VERBS, ...AUDIT_EVENTS]}
        value={choice.verb}
      />
      <Choice
        name="outcome"
        label={t("outcome")}
        all={t("everyOutcome")}
        options={AUDIT_OUTCOMES}
        wordOf={(outcome) => t("outcomeIs", { outcome })}
        value={choice.outcome}
      />
      <TimeField name="from" label={t("from")} value={choice.from} />
      <TimeField name="to" label={t("to")} value={choice.to} />
      <Button type="submit">{t("filter")}</Button>
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
  wordOf = (option) => option,
}: {
  name: string;
  label: string;
  all: string;
  options: readonly string[];
  value: string;
  wordOf?: (option: string) => string;
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
          {wordOf(option)}
        </option>
      ))}
    </select>
  );
}
