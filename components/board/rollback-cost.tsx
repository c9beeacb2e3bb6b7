"use client";
import { useSaid, useTranslations } from "#translations";
import { useNow } from "@/components/ui/clock.tsx";
import { Age, ClockTime, Countdown } from "@/components/ui/time.tsx";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import type { RollbackWindow } from "@/lib/domain/deployment/window.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import type { ActionState } from "@/lib/domain/verb/action-state.ts";
import type { Blocker } from "@/lib/domain/verb/blocker.ts";
import { blockerWords } from "./board-facts.ts";
import { isDriven } from "./driven-facts.ts";

/** What a rollback costs right now, always in words under its button; when it cannot be done, why not. */
export function RollbackCost({
  snapshot,
  state,
  id,
}: {
  snapshot: ApplicationSnapshot;
  state: ActionState;
  id: string;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const now = useNow(1000);
  const { window, rollbackTo: to } = snapshot;
  const blocker = state.blockers[0];
  if (!state.allowed || !to) return <p id={id}>{blocker ? blockerWords(said, blocker) : t("nothingToUndo")}</p>;
  if (isDriven(snapshot)) return <DrivenCost snapshot={snapshot} to={to} id={id} />;
  const startCheckedAt = window?.startCheckedAt;
  if (!window?.instant)
    return (
      <p id={id} className="font-medium text-warning">
        {said(slowSaid(window, to))}
        {window?.startNote ? <span className="block">{said(window.startSaid, window.startNote)}</span> : null}
        {startCheckedAt ? (
          <span className="block font-normal text-second">
            {t.rich("cost.checked", { age: () => <Age at={startCheckedAt} /> })}
          </span>
        ) : null}
      </p>
    );
  const { healthy, desired } = snapshot.slots[to].counts;
  const until = window.until ?? now;
  const isOpen = until > now;
  return (
    <p id={id}>
      {t("cost.instant", { to, healthy, desired })}
      {isOpen
        ? t.rich(window.phase === "bake" ? "cost.bakeEnds" : "cost.windowCloses", {
            time: () => <ClockTime at={until} precision="minute" />,
            left: () => <Countdown until={until} />,
          })
        : null}
      {window.scaleDown ? <ScaleDown to={to} isOpen={isOpen} waitsFor={window.scaleDown.waitsFor} /> : null}
    </p>
  );
}

/** Where AWS drives: within its deployment it moves traffic back; afterwards the earlier revision is deployed anew. */
function DrivenCost({ snapshot, to, id }: { snapshot: ApplicationSnapshot; to: SlotColor; id: string }) {
  const said = useSaid();
  const t = useTranslations("board");
  const driver = driverName(snapshot.controller);
  const { deployment, openWindow, window } = snapshot;
  if (!deployment)
    return (
      <p id={id} className="font-medium text-warning">
        {t("cost.anew", { driver, to, took: said(lastTook(window)) })}
      </p>
    );
  const { healthy, desired } = snapshot.slots[to].counts;
  const until = deployment.aws?.gate?.expiresAt ?? openWindow?.until ?? null;
  return (
    <p id={id}>
      {t("cost.movesBack", { driver, to, healthy, desired })}
      {window?.lastRollbackSeconds === undefined
        ? ""
        : t("cost.lastTime", { time: said(spell(window.lastRollbackSeconds)) })}
      {until === null ? null : t.rich("cost.until", { time: () => <ClockTime at={until} precision="minute" /> })}
    </p>
  );
}

/** "took 2 min 10 s to the shift last time", without what it waited for people. */
function lastTook(window: RollbackWindow | null): Sentence {
  const last = window?.lastRollbackSeconds;
  if (last !== undefined) return say("board.cost.took", { time: spell(last) });
  return say("board.cost.about", { time: spell(window?.estimateSeconds ?? 0) });
}

function ScaleDown({
  to,
  isOpen,
  waitsFor,
}: {
  to: string;
  isOpen: boolean;
  waitsFor: readonly Pick<Blocker, "code" | "message" | "said">[];
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const other = waitsFor.filter(({ code }) => code !== "WINDOW_OPEN");
  const first = other[0];
  if (first)
    return <span className="block">{t("cost.scaleDownWaits", { to, message: said(first.said, first.message) })}</span>;
  return <span className="block">{isOpen ? t("cost.scaleDown", { to }) : t("cost.scaleDownNow", { to })}</span>;
}

/** "About 4 min: blue must scale up (last time 3 min 50 s)". */
function slowSaid(window: RollbackWindow | null, to: string): Sentence {
  const seconds = window?.estimateSeconds ?? 60;
  const about =
    seconds < 90
      ? say("told.seconds", { seconds: Math.max(1, Math.round(seconds)) })
      : say("told.minutes", { minutes: Math.round(seconds / 60) });
  const last = window?.lastScaleUpSeconds;
  return last === undefined
    ? say("board.cost.slow", { about, to })
    : say("board.cost.slowMeasured", { about, to, last: spell(last) });
}

function spell(seconds: number): Sentence {
  if (seconds < 60) return say("told.seconds", { seconds: Math.round(seconds) });
  const minutes = say("told.minutes", { minutes: Math.floor(seconds / 60) });
  const rest = Math.round(seconds % 60);
  return rest > 0 ? say("told.times", { before: minutes, last: say("told.seconds", { seconds: rest }) }) : minutes;
}
