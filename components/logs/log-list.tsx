"use client";
import { measureElement, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import type { LogFilter } from "@/lib/domain/observation/log-filter.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { followStore } from "./follow-store.ts";
import type { LevelCounts } from "./level-counts.ts";
import { isPastGap, type LogRow } from "./log-buffer.ts";
import { LogRows, NoRows, PaneNotes } from "./log-rows.tsx";
import type { LogStore } from "./log-store.ts";
import { LogView } from "./log-view.ts";
import { countNewer, indexOfPlace, isLine, type ReadingPlace } from "./reading-place.ts";
import { scrollGestures } from "./scroll-gestures.ts";

const ROW_HEIGHT = 20;
/** Followed, only the newest rows are laid out: laying out a hundred thousand four times a second takes whole frames. */
const FOLLOWED_ROWS = 1000;
const EDGE = { blue: "border-l-blue", green: "border-l-green", both: "border-l-transparent" } as const;

/** One pane of log lines: only the visible ones are in the page. Scrolling up pauses it. */
export function LogList({
  store,
  slot,
  filter,
  counts,
  isFollowing,
  onPause,
  onFollow,
  isNarrow,
  target,
  targetLine,
  grown,
  isLoading,
  onTop,
  onGap,
}: {
  store: LogStore;
  slot: SlotColor | "both";
  filter: LogFilter;
  /** Told of what this pane shows. */
  counts: LevelCounts;
  isFollowing: boolean;
  onPause: () => void;
  onFollow: () => void;
  isNarrow: boolean;
  /** A moment to bring into view, each object once. */
  target: { at: number } | null;
  /** The line of that moment that is meant; null for whichever there is. */
  targetLine: string | null;
  /** Each object once: lines of before have come, and what is looked at stays where it is. */
  grown: object | null;
  isLoading: boolean;
  /** Scrolled, or asked by key or wheel, to where the first line is. */
  onTop: () => void;
  /** Lines that were not loaded have come into view. */
  onGap: (gap: LogRow) => void;
}) {
  const said = useSaid();
  const t = useTranslations("logs");
  const scroller = useRef<HTMLDivElement>(null);
  const [view] = useState(() => new LogView({ slot, filter }, store.buffer.rows));
  const [rows, setRows] = useState<readonly LogRow[]>([]);
  const [missed, setMissed] = useState(0);
  const [mode, setMode] = useState(store.status.mode);
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const following = useRef(isFollowing);
  const lastRow = useRef<LogRow | undefined>(undefined);
  /** Rows that pausing puts above those that were laid out: what is looked at must stay where it is. */
  const above = useRef(0);
  /** What is looked at while paused, kept until somebody scrolls: a filter that is set and lifted again leads back to it. */
  const place = useRef<ReadingPlace | null>(null);
  const isRefiltered = useRef(false);
  const touch = useRef(0);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
    // The row's observer tells its height before it is painted; to read it here would lay the page out once for each row.
    measureElement: (row, entry, list) =>
      entry
        ? measureElement(row, entry, list)
        : (list.itemSizeCache.get(list.options.getItemKey(list.indexFromElement(row))) ?? ROW_HEIGHT),
  });

  const holdPlace = useEffectEvent(() => {
    const row = rows[virtualizer.range?.startIndex ?? 0];
    if (!following.current && row) place.current ??= { row, align: "start" };
  });

  useEffect(() => {
    const settings = { slot, filter };
    const count = () => counts.set(slot, view.levels);
    const newest = () => view.rows.slice(-FOLLOWED_ROWS);
    holdPlace();
    const leave = followStore(store, view, {
      settings,
      isFollowing: () => following.current,
      onSearched() {
        isRefiltered.current = !following.current;
        setRows(following.current ? newest() : view.rows.slice());
        setMissed(0);
        count();
      },
      onChange({ added }) {
        count();
        setMode(store.status.mode);
        if (following.current) setRows(newest());
        else setMissed((before) => before + countNewer(added, lastRow.current, settings));
      },
      announce: (sentence) => announce(said(sentence)),
    });
    return () => {
      leave();
      counts.set(slot, null);
    };
  }, [store, view, slot, filter, said, counts]);

  useEffect(() => {
    if (following.current === isFollowing) return;
    following.current = isFollowing;
    if (isFollowing) place.current = null;
    else above.current = Math.max(0, view.rows.length - FOLLOWED_ROWS);
    setRows(isFollowing ? view.rows.slice(-FOLLOWED_ROWS) : view.rows.slice());
    setMissed(0);
  }, [isFollowing, view]);

  const wanted = useRef<{ at: number } | null>(null);
  useEffect(() => {
    if (!target) return;
    wanted.current = target;
    setMissed(0);
    above.current = 0;
    setRows(view.rows.slice());
  }, [target, view]);

  const topRow = useRef<LogRow | undefined>(undefined);
  useEffect(() => {
    if (!grown) return;
    const index = topRow.current ? view.rows.indexOf(topRow.current) : 0;
    above.current = Math.max(0, index);
    setRows(view.rows.slice());
  }, [grown, view]);
  useEffect(() => {
    topRow.current = rows[0];
    lastRow.current = rows.at(-1);
  }, [rows]);

  useLayoutEffect(() => {
    if (above.current > 0) scroller.current?.scrollBy({ top: above.current * ROW_HEIGHT, behavior: "instant" });
    above.current = 0;
    if (isRefiltered.current && place.current && rows.length > 0)
      virtualizer.scrollToIndex(indexOfPlace(rows, place.current.row), { align: place.current.align });
    isRefiltered.current = false;
    const goal = wanted.current;
    if (goal && !isFollowing && rows.length > 0) {
      wanted.current = null;
      const meant = targetLine === null ? -1 : rows.findIndex((row) => isLine(row, targetLine));
      const index = meant >= 0 ? meant : indexOfPlace(rows, { id: "", at: goal.at });
      const row = rows[index];
      place.current = row ? { row, align: "center" } : null;
      virtualizer.scrollToIndex(index, { align: "center" });
    }
    if (isFollowing && rows.length > 0) virtualizer.scrollToIndex(rows.length - 1, { align: "end" });
  }, [rows, isFollowing, virtualizer, targetLine]);

  const inView = virtualizer.getVirtualItems();
  const gap = isFollowing ? undefined : inView.map(({ index }) => rows[index]).find((row) => row && isPastGap(row));
  const gapId = gap?.id;
  const tellGap = useEffectEvent((_after: object | null) => gap && onGap(gap));
  // Again after other lines have come: while those were asked for, nothing else was.
  useEffect(() => {
    if (gapId !== undefined) tellGap(grown);
  }, [gapId, grown]);

  const toggle = (id: string, isOpen: boolean) => {
    const row = rows.find((each) => each.id === id);
    if (!isFollowing && row) place.current = { row, align: "center" };
    setOpened((before) => new Map(before).set(id, !isOpen));
  };
  return (
    <div className={`slot-edge relative flex min-w-0 flex-1 flex-col border-l-[3px] ${EDGE[slot]}`}>
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={slot === "both" ? t("linesOfBoth") : t("linesOf", { slot })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        {...scrollGestures({
          isFollowing,
          hasRows: rows.length > 0,
          isScrolledByHand: () => place.current === null && above.current === 0,
          touch,
          onMove() {
            place.current = null;
          },
          onPause,
          onTop,
        })}
        className="absolute inset-x-0 top-0 h-[round(down,100%,20px)] overflow-x-hidden overflow-y-auto font-mono text-xs -outline-offset-2"
      >
        {rows.length === 0 ? (
          <NoRows mode={mode} slot={slot} source={filter.source} />
        ) : (
          <LogRows
            rows={rows}
            items={inView}
            height={virtualizer.getTotalSize()}
            measure={virtualizer.measureElement}
            slot={slot}
            opened={opened}
            isNarrow={isNarrow}
            targetAt={target?.at}
            targetLine={targetLine}
            onToggle={toggle}
          />
        )}
      </div>
      <PaneNotes isLoading={isLoading} isFollowing={isFollowing} missed={missed} onFollow={onFollow} />
    </div>
  );
}
