"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { lazyPart } from "@/components/ui/lazy-part.tsx";
import { type Rollout, rolloutSaid, rolloutSteps } from "@/lib/domain/observation/rollout.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";

const rolloutPicker = lazyPart(() =>
  import("@/components/deploy/rollout-picker.tsx").then((part) => part.RolloutPicker),
);

/** How traffic will move, in one quiet line that opens; its part is loaded then, because most switches take what is there. */
export function RolloutChoice({
  receipt,
  chosen,
  onChoose,
}: {
  receipt: Pick<Receipt, "to" | "rollout">;
  /** Null until somebody chooses another than the receipt's. */
  chosen: Rollout | null;
  onChoose: (rollout: Rollout | null) => void;
}) {
  const t = useTranslations("board");
  const said = useSaid();
  const [isOpen, setOpen] = useState(false);
  const rollout = chosen ?? receipt.rollout;
  const steps = rolloutSteps(rollout, receipt.to);
  const words = said(rolloutSaid(rollout));
  return (
    <div className="text-xs">
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="cursor-pointer">
          <span className="font-semibold">{`${words[0]?.toUpperCase()}${words.slice(1)}`}</span>
          {steps.length > 1 ? t("rollout.inSteps", { count: steps.length }) : ""}
          <span className="text-second"> · {t("rollout.change")}</span>
        </summary>
        {isOpen ? (
          <rolloutPicker.Part
            waitingLook="mt-2 h-20"
            rollout={rollout}
            configured={receipt.rollout}
            onChoose={(next) => onChoose(isSameRollout(next, receipt.rollout) ? null : next)}
          />
        ) : null}
      </details>
      {steps.length > 1 ? (
        <ol className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-second" aria-label={t("rollout.everyStep")}>
          {steps.map((step) => (
            <li key={step.percent}>
              {t("rollout.step", { percent: step.percent, blue: step.weights.blue, green: step.weights.green })}
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}

function isSameRollout(one: Rollout, other: Rollout): boolean {
  return one.strategy === other.strategy && JSON.stringify(rolloutSaid(one)) === JSON.stringify(rolloutSaid(other));
}
