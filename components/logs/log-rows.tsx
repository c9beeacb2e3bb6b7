"use client";
import type { VirtualItem } from "@tanstack/react-virtual";
import { useTranslations } from "#translations";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { LogRow } from "./log-buffer.ts";
import { LogRowView } from "./log-row.tsx";
import type { LogStatus } from "./log-store.ts";
import { isLine } from "./reading-place.ts";

/** The rows of a pane that are in view. */
export function LogRows({
  rows,
  items,
  height,
  measure,
  slot,
  opened,
  isNarrow,
  targetAt,
  targetLine,
  onToggle,
}: {
  rows: readonly LogRow[];
  items: readonly VirtualItem[];
  /** Of all rows together. */
  height: number;
  /** Takes a row's own height, where it may have several lines. */
  measure: (row: HTMLElement | null) => void;
  slot: SlotColor | "both";
  /** Whether somebody opened or closed them, by id. */
  opened: ReadonlyMap<string, boolean>;
  isNarrow: boolean;
  /** The moment and the line that a link leads to. */
  targetAt: number | undefined;
  targetLine: string | null;
  onToggle: (id: string, isOpen: boolean) => void;
}) {
  return (
    <div className="relative w-full" style={{ height }}>
      {items.map((item) => {
        const row = rows[item.index];
        if (!row) return null;
        const isMeant = targetLine !== null && isLine(row, targetLine);
        // What a link leads to is read whole, until it is closed.
        const isOpen = opened.get(row.id) ?? isMeant;
        return (
          <div
            key={item.key}
            data-index={item.index}
            ref={isNarrow || isMeant || opened.has(row.id) ? measure : undefined}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <LogRowView
              row={row}
              withSlot={slot === "both"}
              isOpen={isOpen}
              isNarrow={isNarrow}
              isTarget={targetLine === null ? row.at === targetAt : isMeant}
              onToggle={onToggle}
            />
          </div>
        );
      })}
    </div>
  );
}

/** What a pane says that has no rows. */
export function NoRows({
  mode,
  slot,
  source,
}: {
  mode: LogStatus["mode"];
  slot: SlotColor | "both";
  /** The filter's text; empty without one. */
  source: string;
}) {
  const t = useTranslations("logs");
  const empty = slot === "both" ? t("empty") : t("emptyOf", { slot });
  return (
    <p className="px-3.5 py-6 text-center font-sans text-second">
      {mode === "connecting" ? t("looking") : source ? t("noMatch", { source }) : empty}
    </p>
  );
}

/** What lies over a pane: that older lines are being loaded, and the way back to following. */
export function PaneNotes({
  isLoading,
  isFollowing,
  missed,
  onFollow,
}: {
  isLoading: boolean;
  isFollowing: boolean;
  /** How many lines came since it was paused. */
  missed: number;
  onFollow: () => void;
}) {
  const t = useTranslations("logs");
  return (
    <>
      {isLoading ? (
        <p
          role="status"
          className="pointer-events-none absolute inset-x-0 top-1 mx-auto w-fit rounded-full border border-line bg-card px-3 py-0.5 text-xs"
        >
          {t("loading")}
        </p>
      ) : null}
      {isFollowing ? null : (
        <button
          type="button"
          onClick={onFollow}
          className="absolute right-4 bottom-3 rounded-full border border-ink bg-card px-3 py-1 text-xs font-medium hover:bg-soft"
        >
          {missed > 0 ? t("pausedNew", { missed }) : t("paused")}
        </button>
      )}
    </>
  );
}
