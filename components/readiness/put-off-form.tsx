"use client";
import { useId, useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { ReasonField } from "@/components/ui/reason-field.tsx";

/** What is asked for; null takes the step up again. */
export interface PutOffRequest {
  step: string;
  reason: string;
  until: number | null;
}

const DAY_MS = 86_400_000;

/** Puts a step off, with a reason and a date, both of which must be said; or takes it up again. */
export function PutOffForm({
  step,
  title,
  isPutOff,
  isBusy,
  onSend,
}: {
  step: string;
  title: string;
  isPutOff: boolean;
  isBusy: boolean;
  onSend: (asked: PutOffRequest) => void;
}) {
  const t = useTranslations("readiness");
  const id = useId();
  const [reason, setReason] = useState("");
  const [date, setDate] = useState("");
  if (isPutOff)
    return (
      <div>
        <Button size="small" busy={isBusy} onClick={() => onSend({ step, reason: "taken up again", until: null })}>
          {t("takeUp")}
        </Button>
      </div>
    );
  // The whole of the day that was chosen, where the person is.
  const until = date === "" ? Number.NaN : new Date(`${date}T00:00`).getTime() + DAY_MS;
  const blocked = reason.trim() === "" ? t("sayWhy") : !(until > Date.now()) ? t("chooseDay") : null;
  return (
    <form
      aria-label={t("putOffThis", { title })}
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked && !isBusy) onSend({ step, reason: reason.trim(), until });
      }}
    >
      <ReasonField label={t("reason")} className="min-w-56 flex-1" value={reason} onChange={setReason} />
      <label htmlFor={`${id}-date`} className="text-xs text-second">
        {t("until")}
        <input
          id={`${id}-date`}
          type="date"
          value={date}
          onChange={(event) => setDate(event.target.value)}
          className="field mt-1 block text-ink"
        />
      </label>
      <Button size="small" type="submit" blocked={blocked} busy={isBusy}>
        {t("putOff")}
      </Button>
    </form>
  );
}
