"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { blockerWords } from "@/components/board/board-facts.ts";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState, Notice } from "@/components/ui/notice.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age, ClockTime } from "@/components/ui/time.tsx";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import type { Freeze } from "@/lib/domain/rules/freeze.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import { FreezeForm, type FreezeRequest } from "./freeze-form.tsx";

/** The server actions that the page hands to the desk. */
export interface FreezeActions {
  freeze(input: FreezeRequest): Promise<Result<Freeze>>;
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
  const t = useTranslations("freezes");
  const said = useSaid();
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (words: string, ask: () => Promise<Result<Freeze>>) => {
    setBusy(true);
    setProblem(null);
    try {
      const result = await ask();
      if (!result.ok) return setProblem(blockerWords(said, result));
      announce(words);
      router.refresh();
    } catch (error) {
      setProblem(notDoneWords(error) ?? t("noAnswer"));
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
          onFreeze={(asked) => void run(t("stopped"), () => actions.freeze(asked))}
        />
      ) : null}
      {problem ? (
        <div role="alert">
          <Notice tone="fault" compact title={problem} />
        </div>
      ) : null}
      <section aria-label={t("title")} className="card overflow-x-auto">
        {freezes.length === 0 ? (
          <EmptyState title={t("none")}>
            <p>{t("noneWhy")}</p>
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
                onLift={() => void run(t("runs"), () => actions.lift({ freezeId: freeze.id }))}
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
  const t = useTranslations("freezes");
  const isOver = freeze.liftedAt !== null || (freeze.until !== null && freeze.until <= now);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3.5 py-2.5 last:border-b-0">
      <StateIcon shape={isOver ? "done" : "warning"} />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="font-semibold">{freeze.application ?? t("everyApplication")}</span>: {freeze.reason}
        </p>
        <p className="text-xs text-second">
          <Story freeze={freeze} isOver={isOver} />
        </p>
      </div>
      {isOver || !mayLift ? null : (
        <Button size="small" busy={isBusy} onClick={onLift}>
          {t("lift")}
        </Button>
      )}
    </li>
  );
}

/** Who stopped it when, and how it ends or ended. */
function Story({ freeze, isOver }: { freeze: Freeze; isOver: boolean }) {
  const t = useTranslations("freezes");
  const said = useSaid();
  const { startedBy, startedAt, liftedBy, liftedAt, until } = freeze;
  const stopped = {
    over: isOver ? "yes" : "no",
    by: said(nameSaid(startedBy)),
    started: () => <Age at={startedAt} />,
  } as const;
  if (liftedAt !== null)
    return t.rich("lifted", {
      ...stopped,
      liftedBy: said(nameSaid(liftedBy ?? "")),
      ended: () => <Age at={liftedAt} />,
    });
  if (until === null) return t.rich("untilLifted", stopped);
  const time = () => (
    <>
      <ClockTime at={until} precision="day" /> <ClockTime at={until} precision="minute" />
    </>
  );
  return t.rich("until", { ...stopped, time });
}
