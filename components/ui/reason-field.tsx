import { useId } from "react";
import { useTranslations } from "#translations";

/** Why something is done, in the person's own words; kept in the record. */
export function ReasonField({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  const t = useTranslations("ui");
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="mt-4 mb-1 block text-xs text-second">
        {t("reason")}
      </label>
      <input
        id={id}
        value={value}
        maxLength={500}
        onChange={(event) => onChange(event.target.value)}
        className="field w-full"
        autoComplete="off"
      />
    </>
  );
}
