"use client";
import { useId, useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { ReasonField } from "@/components/ui/reason-field.tsx";

/** What is asked for. */
export interface FreezeRequest {
  application: string | null;
  reason: string;
  until: number | null;
}

const ENDS = [
  [1, "hour"],
  [4, "hour"],
  [12, "hour"],
  [1, "day"],
  [3, "day"],
  [7, "day"],
] as const;
const MINUTES = { hour: 60, day: 1440 } as const;
const UNTIL_LIFTED = "lifted";
const EVERY = "";

/** Stops the line: for whom, why, and until when, all of which must be said. */
export function FreezeForm({
  choices,
  isBusy,
  onFreeze,
}: {
  choices: readonly (string | null)[];
  isBusy: boolean;
  onFreeze: (asked: FreezeRequest) => void;
}) {
  const t = useTranslations("freezes");
  const id = useId();
  const [application, setApplication] = useState(choices[0] ?? EVERY);
  const [reason, setReason] = useState("");
  const [end, setEnd] = useState("");
  const blocked = reason.trim() === "" ? t("sayWhy") : end === "" ? t("sayUntil") : null;
  const send = () =>
    onFreeze({
      application: application === EVERY ? null : application,
      reason: reason.trim(),
      until: end === UNTIL_LIFTED ? null : Date.now() + Number(end) * 60_000,
    });
  return (
    <form
      aria-label={t("stop")}
      className="card grid grid-cols-[1fr_2fr_1fr_auto] items-end gap-3 px-3.5 py-3 max-md:grid-cols-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked && !isBusy) send();
      }}
    >
      <label htmlFor={`${id}-application`} className="text-xs text-second">
        {t("whose")}
        <select
          id={`${id}-application`}
          value={application}
          onChange={(event) => setApplication(event.target.value)}
          className="field mt-1 w-full text-ink"
        >
          {choices.map((choice) => (
            <option key={choice ?? EVERY} value={choice ?? EVERY}>
              {choice ?? t("everyApplication")}
            </option>
          ))}
        </select>
      </label>
      <ReasonField label={t("reason")} className="" value={reason} onChange={setReason} />
      <label htmlFor={`${id}-end`} className="text-xs text-second">
        {t("endLabel")}
        <select
          id={`${id}-end`}
          value={end}
          onChange={(event) => setEnd(event.target.value)}
          className="field mt-1 w-full text-ink"
        >
          <option value="">{t("choose")}</option>
          {ENDS.map(([count, unit]) => (
            <option key={`${count} ${unit}`} value={count * MINUTES[unit]}>
              {t("end", { count, unit })}
            </option>
          ))}
          <option value={UNTIL_LIFTED}>{t("endLifted")}</option>
        </select>
      </label>
      <Button look="primary" type="submit" blocked={blocked} busy={isBusy}>
        {t("stop")}
      </Button>
    </form>
  );
}
