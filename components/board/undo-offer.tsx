"use client";
import { useSaid, useTranslations } from "#translations";
import { versionOf } from "@/components/live/stage-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { useNow } from "@/components/ui/clock.tsx";
import { cutMiddle } from "@/components/ui/cut-middle.ts";
import { Age } from "@/components/ui/time.tsx";
import { actorSaid } from "@/lib/domain/deployment/actor-said.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { otherColor } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { firstRefusal } from "./board-facts.ts";

const SHOWN_MS = 60_000;

/** For a minute after somebody's rollback: that it was done, by whom, and the way to undo it. It stands with the actions and covers nothing. */
export function UndoOffer({
  snapshot,
  onSwitch,
}: {
  snapshot: ApplicationSnapshot;
  onSwitch: (to: SlotColor) => void;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const now = useNow(1000);
  const last = snapshot.lastDeployment;
  if (!last?.finishedAt || snapshot.deployment || now - last.finishedAt > SHOWN_MS) return null;
  const { finishedAt } = last;
  const isRollback =
    last.status === "ROLLBACK_SUCCESSFUL" || (last.kind === "ROLLBACK" && last.status === "SUCCESSFUL");
  // What was rolled back for its errors is nothing to offer again.
  if (!isRollback || last.breach) return null;
  const to = last.kind === "ROLLBACK" ? last.to : last.from;
  const back = otherColor(to);
  const revision = snapshot.slots[back].revision;
  return (
    <div className="mb-2.5 flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 rounded-control border border-ink bg-card py-1.5 pr-1.5 pl-2.5 text-xs">
      <p className="min-w-0 break-words">
        {t.rich("undo.rolledBack", { to, by: said(actorSaid(last)), age: () => <Age at={finishedAt} /> })}
      </p>
      <Button
        size="small"
        blocked={
          snapshot.actions.switch.allowed ? null : (firstRefusal(said, snapshot.actions.switch) ?? t("notPossible"))
        }
        onClick={() => onSwitch(back)}
      >
        {revision ? t("undo.toVersion", { back, version: cutMiddle(versionOf(revision), 24) }) : t("undo.to", { back })}
      </Button>
    </div>
  );
}
