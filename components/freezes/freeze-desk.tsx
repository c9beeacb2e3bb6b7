"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState, Notice } from "@/components/ui/notice.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age, ClockTime } from "@/components/ui/time.tsx";
import { notDoneWords } from "@/lib/domain/access/not-done.ts";
import type { Freeze } from "@/lib/domain/rules/freeze.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { FreezeForm, type FreezeWish } from "./freeze-form.tsx";

/** The server actions that the page hands to the desk. */
export interface FreezeActions {
  freeze(input: FreezeWish): Promise<Result<Freeze>>;
  lift(input: { freezeId: string }): Promise<Result<Freeze>>;
}

/** Where an admin stops the line and lets it run again; everybody else reads who did, why and until when. */
export function FreezeDesk({
  freezes,
  now,
  mayFreeze,
  actions,
}: {
  freezes: readonly Freeze[];
  now: number;
  /** Applications that the reader may freeze; null is every one at once. */
  mayFreeze: readonly (string | null)[];
  actions: FreezeActions;
}) {
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (words: string, ask: () => Promise<Result<Freeze>>) => {
    setBusy(true);
    setProblem(null);
    try {
      const result = await ask();
      if (!result.ok) return setProblem(result.fix ? `${result.message}. ${result.fix}` : result.message);
      announce(words);
      router.refresh();
    } catch (error) {
      setProblem(notDoneWords(error) ?? "No answer from Switchyard");
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex max-w-[860px] flex-col gap-3">
      {mayFreeze.length > 0 ? (
        <FreezeForm
          choices={mayFreeze}
          isBusy={isBusy}
          onFreeze={(wish) => void run("The line is stopped", () => actions.freeze(wish))}
        />
      ) : null}
      {problem ? (
        <div role="alert">
          <Notice tone="fault" compact title={problem} />
        </div>
      ) : null}
      <section aria-label="Freezes" className="card overflow-x-auto">
        {freezes.length === 0 ? (
          <EmptyState title="The line was never stopped">
            <p>A freeze refuses deploy, switch and approve with its reason. Rollback and abort always stay possible.</p>
          </EmptyState>
        ) : (
          <ul>
            {freezes.map((freeze) => (
              <FreezeRow
                key={freeze.id}
                freeze={freeze}
                now={now}
                mayLift={mayFreeze.includes(freeze.application)}
                isBusy={isBusy}
                onLift={() => void run("The line runs again", () => actions.lift({ freezeId: freeze.id }))}
              />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function FreezeRow({
  freeze,
  now,
  mayLift,
  isBusy,
  onLift,
}: {
  freeze: Freeze;
  now: number;
  mayLift: boolean;
  isBusy: boolean;
  onLift: () => void;
}) {
  const isOver = freeze.liftedAt !== null || (freeze.until !== null && freeze.until <= now);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3.5 py-2.5 last:border-b-0">
      <StateIcon shape={isOver ? "done" : "warning"} />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="font-semibold">{freeze.application ?? "Every application"}</span>: {freeze.reason}
        </p>
        <p className="text-xs text-second">
          {isOver ? "Was stopped" : "Stopped"} by {freeze.startedBy} <Age at={freeze.startedAt} suffix=" ago" />
          {freeze.liftedAt !== null ? (
            <>
              , lifted by {freeze.liftedBy} <Age at={freeze.liftedAt} suffix=" ago" />
            </>
          ) : freeze.until === null ? (
            ", until it is lifted"
          ) : (
            <>
              , until <ClockTime at={freeze.until} precision="day" /> <ClockTime at={freeze.until} precision="minute" />
            </>
          )}
        </p>
      </div>
      {isOver || !mayLift ? null : (
        <Button size="small" busy={isBusy} onClick={onLift}>
          Lift
        </Button>
      )}
    </li>
  );
}
