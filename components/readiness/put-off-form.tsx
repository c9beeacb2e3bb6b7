"use client";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";

/** What is asked for; null takes the step up again. */
export interface PutOffWish {
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
  onSend: (wish: PutOffWish) => void;
}) {
  const id = useId();
  const [reason, setReason] = useState("");
  const [date, setDate] = useState("");
  if (isPutOff)
    return (
      <div>
        <Button size="small" busy={isBusy} onClick={() => onSend({ step, reason: "taken up again", until: null })}>
          Take up again
        </Button>
      </div>
    );
  // The whole of the day that was chosen, where the person is.
  const until = date === "" ? Number.NaN : new Date(`${date}T00:00`).getTime() + DAY_MS;
  const blocked =
    reason.trim() === "" ? "Say why it waits" : !(until > Date.now()) ? "Choose the day until which it waits" : null;
  return (
    <form
      aria-label={`Put off: ${title}`}
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked && !isBusy) onSend({ step, reason: reason.trim(), until });
      }}
    >
      <label htmlFor={`${id}-reason`} className="min-w-56 flex-1 text-xs text-second">
        Reason
        <input
          id={`${id}-reason`}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
          className="field mt-1 w-full text-ink"
          autoComplete="off"
        />
      </label>
      <label htmlFor={`${id}-date`} className="text-xs text-second">
        Until
        <input
          id={`${id}-date`}
          type="date"
          value={date}
          onChange={(event) => setDate(event.target.value)}
          className="field mt-1 block text-ink"
        />
      </label>
      <Button size="small" type="submit" blocked={blocked} busy={isBusy}>
        Put off
      </Button>
    </form>
  );
}
