"use client";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";

/** What is asked for. */
export interface FreezeWish {
  application: string | null;
  reason: string;
  until: number | null;
}

const ENDS = [
  ["1 hour from now", 60],
  ["4 hours from now", 240],
  ["12 hours from now", 720],
  ["1 day from now", 1440],
  ["3 days from now", 4320],
  ["7 days from now", 10080],
] as const;
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
  onFreeze: (wish: FreezeWish) => void;
}) {
  const id = useId();
  const [application, setApplication] = useState(choices[0] ?? EVERY);
  const [reason, setReason] = useState("");
  const [end, setEnd] = useState("");
  const blocked = reason.trim() === "" ? "Say why the line is to be stopped" : end === "" ? "Say until when" : null;
  const send = () =>
    onFreeze({
      application: application === EVERY ? null : application,
      reason: reason.trim(),
      until: end === UNTIL_LIFTED ? null : Date.now() + Number(end) * 60_000,
    });
  return (
    <form
      aria-label="Stop the line"
      className="card grid grid-cols-[1fr_2fr_1fr_auto] items-end gap-3 px-3.5 py-3 max-md:grid-cols-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked && !isBusy) send();
      }}
    >
      <label htmlFor={`${id}-application`} className="text-xs text-second">
        Whose line
        <select
          id={`${id}-application`}
          value={application}
          onChange={(event) => setApplication(event.target.value)}
          className="field mt-1 w-full text-ink"
        >
          {choices.map((choice) => (
            <option key={choice ?? EVERY} value={choice ?? EVERY}>
              {choice ?? "Every application"}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor={`${id}-reason`} className="text-xs text-second">
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
      <label htmlFor={`${id}-end`} className="text-xs text-second">
        Until
        <select
          id={`${id}-end`}
          value={end}
          onChange={(event) => setEnd(event.target.value)}
          className="field mt-1 w-full text-ink"
        >
          <option value="">Choose</option>
          {ENDS.map(([words, minutes]) => (
            <option key={minutes} value={minutes}>
              {words}
            </option>
          ))}
          <option value={UNTIL_LIFTED}>Until it is lifted</option>
        </select>
      </label>
      <Button look="primary" type="submit" blocked={blocked} busy={isBusy}>
        Stop the line
      </Button>
    </form>
  );
}
