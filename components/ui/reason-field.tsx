import { useId } from "react";
import { useTranslations } from "#translations";

/** Why something is done, in the person's own words; kept in the record. Optional unless its label says otherwise. */
export function ReasonField({
  value,
  onChange,
  label,
  className = "mt-4",
}: {
  value: string;
  onChange: (reason: string) => void;
  label?: string;
  className?: string;
}) {
  const t = useTranslations("ui");
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-xs text-second">
        {label ?? t("reason")}
      </label>
      <input
        id={id}
        value={value}
        maxLength={500}
        onChange={(event) => onChange(event.target.value)}
        className="field w-full text-ink"
        autoComplete="off"
      />
    </div>
  );
}
