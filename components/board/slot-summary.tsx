"use client";
import { useTranslations } from "#translations";
import { versionOf } from "@/components/live/stage-words.ts";
import { useNow } from "@/components/ui/clock.tsx";
import { formatShare } from "@/components/ui/format-figure.ts";
import { CutName } from "@/components/ui/name-text.tsx";
import { Pill } from "@/components/ui/pill.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { isHealthUnread } from "@/lib/domain/observation/side-health.ts";
import type { Slot } from "@/lib/domain/observation/slot.ts";
import { isFresh, isManyErrors } from "./request-facts.ts";
import { Ribbon } from "./ribbon.tsx";

/** A side on a phone: version, role and health in two lines; a tap shows its tasks. */
export function SlotSummary({
  slot,
  beside,
  isOpen,
  onToggle,
}: {
  slot: Slot;
  beside: Slot;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations("board");
  const worst = slot.targets.toSorted((a, b) => Number(a.state === "healthy") - Number(b.state === "healthy"))[0];
  const { healthy, desired } = slot.counts;
  const isWarm = healthy >= desired;
  const words = t("summary", {
    role: slot.role === "standby" ? (isWarm ? "warm" : "notReady") : slot.role,
    healthy: isHealthUnread(slot) ? "\u2013" : healthy,
    desired,
  });
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex items-center gap-3 py-2.5 pr-3 pl-4 text-left md:hidden"
    >
      <SlotMark color={slot.color} size={20} />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 text-lg font-semibold">
          {slot.revision ? (
            <CutName
              text={versionOf(slot.revision)}
              beside={beside.revision ? versionOf(beside.revision) : undefined}
            />
          ) : (
            t("nothingYet")
          )}
          {slot.role === "live" ? (
            <Pill square tone={slot.color}>
              {t("role.live")}
            </Pill>
          ) : null}
        </span>
        <span className="block text-xs text-second">
          {slot.color}, {words}
          <ErrorShare slot={slot} />
        </span>
      </span>
      <span className="w-20 shrink-0">{worst ? <Ribbon history={worst.history} /> : null}</span>
    </button>
  );
}

/** "4.1 % 5xx" of a side that serves requests, while that is of now. */
function ErrorShare({ slot: { metrics } }: { slot: Slot }) {
  const t = useTranslations("board");
  const now = useNow(1000);
  if (!metrics || metrics.http5xxShare === null || !isFresh(metrics, now)) return null;
  return (
    <>
      {" · "}
      <span className={isManyErrors(metrics) ? "font-medium text-fault" : ""}>
        {t("share5xx", { share: formatShare(metrics.http5xxShare) })}
      </span>
    </>
  );
}
