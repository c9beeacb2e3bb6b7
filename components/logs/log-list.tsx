"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import type { LogFilter } from "@/lib/domain/observation/log-filter.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { LevelCounts } from "./level-counts.ts";
import { errorsSaid, matchSaid } from "./log-announcements.ts";
import { isPastGap, type LogRow } from "./log-buffer.ts";
import { LogRowView } from "./log-row.tsx";
import type { LogStore } from "./log-store.ts";
import { LogView } from "./log-view.ts";
import { countNewer, indexOfPlace, isLine, type ReadingPlace } from "./reading-place.ts";

const ROW_HEIGHT = 20;
/** So close to the first line, the ones before it are asked for. */
const NEAR_TOP_PX = 200;
/** A finger that pulls the first line down this far asks for them, too. */
const PULL_PX = 24;
/** Followed, only the newest rows are laid out: laying out a hundred thousand four times a second takes whole frames. */
const FOLLOWED_ROWS = 1000;
const EDGE = { blue: "border-l-blue", green: "border-l-green", both: "border-l-transparent" } as const;

/** A search through everything that is kept is done in parts of this length, the newest first, and the page goes on between them. */
const SEARCH_MS = 24;

/** No faster than it can be listened to. */
const SAID_EVERY_MS = 5000;

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
  const touchedAt = useRef(0);
  const letGo = () => {
    place.current = null;
  };

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
  });

  const holdPlace = useEffectEvent(() => {
    const row = rows[virtualizer.range?.startIndex ?? 0];
    if (!following.current && row) place.current ??= { row, align: "start" };
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const budget = { ms: SEARCH_MS, clock: () => performance.now() };
    const count = () => counts.set(slot, view.levels);
    const show = () => {
      isRefiltered.current = !following.current;
      setRows(following.current ? view.rows.slice(-FOLLOWED_ROWS) : view.rows.slice());
      setMissed(0);
    };
    const goOn = () => {
      timer = null;
      view.more(store.buffer.rows, budget);
      finish();
    };
    const finish = () => {
      show();
      count();
      if (!view.isComplete) timer = setTimeout(goOn);
      else if (filter.source) announce(said(matchSaid(view.rows.length, slot, filter.source)));
    };
    holdPlace();
    view.reset({ slot, filter }, store.buffer.rows, budget);
    finish();
    let heard: LogRow[] = [];
    let saidAt = 0;
    const leave = store.subscribe((change) => {
      view.apply(change, store.buffer.rows);
      count();
      if (following.current) heard = [...heard, ...change.added].slice(-FOLLOWED_ROWS);
      if (performance.now() - saidAt >= SAID_EVERY_MS) {
        const errors = errorsSaid(heard, { slot, filter });
        heard = [];
        if (errors) {
          saidAt = performance.now();
          announce(said(errors));
        }
      }
      setMode(store.status.mode);
      if (following.current) setRows(view.rows.slice(-FOLLOWED_ROWS));
      else setMissed((count) => count + countNewer(change.added, lastRow.current, { slot, filter }));
    });
    return () => {
      leave();
      counts.set(slot, null);
      if (timer !== null) clearTimeout(timer);
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

  const shown = virtualizer.getVirtualItems();
  const gap = isFollowing ? undefined : shown.map(({ index }) => rows[index]).find((row) => row && isPastGap(row));
  const gapId = gap?.id;
  const tellGap = useEffectEvent((_after: object | null) => gap && onGap(gap));
  // Again after other lines have come: while those were asked for, nothing else was.
  useEffect(() => {
    if (gapId !== undefined) tellGap(grown);
  }, [gapId, grown]);
  const isAtTop = () => !isFollowing && (scroller.current?.scrollTop ?? 1) <= 0;

  const toggle = (id: string, isOpen: boolean) => {
    const row = rows.find((each) => each.id === id);
    if (!isFollowing && row) place.current = { row, align: "center" };
    setOpened((before) => new Map(before).set(id, !isOpen));
  };
  return (
    <div className={`slot-edge relative flex min-w-0 flex-1 flex-col border-l-[3px] ${EDGE[slot]}`}>
      {/* A scrolling region must be reachable by keyboard. */}
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={slot === "both" ? t("linesOfBoth") : t("linesOf", { slot })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onPointerDown={(event) => {
          // On the scroll bar, which is outside of what is laid out.
          const isOnBar = event.nativeEvent.offsetX >= event.currentTarget.clientWidth;
          if (!isOnBar || event.target !== event.currentTarget) return;
          letGo();
          if (isFollowing && rows.length > 0) onPause();
        }}
        onWheel={(event) => {
          letGo();
          if (event.deltaY >= 0) return;
          if (isFollowing && rows.length > 0) onPause();
          else if (isAtTop()) onTop();
        }}
        onTouchStart={({ touches }) => {
          touchedAt.current = touches[0]?.clientY ?? 0;
        }}
        onTouchMove={({ touches }) => {
          letGo();
          if (isFollowing && rows.length > 0) onPause();
          // Where a few lines are shown there is nothing to scroll.
          else if (isAtTop() && (touches[0]?.clientY ?? 0) - touchedAt.current > PULL_PX) onTop();
        }}
        onKeyDown={(event) => {
          letGo();
          if (!["PageUp", "ArrowUp", "Home"].includes(event.key)) return;
          if (isFollowing) onPause();
          else if (isAtTop()) onTop();
        }}
        onScroll={({ currentTarget }) => {
          // Nobody asks for more where the list was made longer or shorter under what is looked at.
          const isAsked = place.current === null && above.current === 0;
          if (!isFollowing && isAsked && currentTarget.scrollTop < NEAR_TOP_PX && rows.length > 0) onTop();
        }}
        className="absolute inset-x-0 top-0 h-[round(down,100%,20px)] overflow-x-hidden overflow-y-auto font-mono text-xs -outline-offset-2"
      >
        {rows.length === 0 ? (
          <p className="px-3.5 py-6 text-center font-sans text-second">
            {mode === "connecting"
              ? t("looking")
              : filter.source
                ? t("noMatch", { source: filter.source })
                : slot === "both"
                  ? t("empty")
                  : t("emptyOf", { slot })}
          </p>
        ) : (
          <div className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
            {shown.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              const isMeant = targetLine !== null && isLine(row, targetLine);
              // What a link leads to is read whole, until it is closed.
              const isOpen = opened.get(row.id) ?? isMeant;
              return (
                <div
                  key={item.key}
                  data-index={item.index}
                  ref={isNarrow || isMeant || opened.has(row.id) ? virtualizer.measureElement : undefined}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <LogRowView
                    row={row}
                    withSlot={slot === "both"}
                    isOpen={isOpen}
                    isNarrow={isNarrow}
                    isTarget={targetLine === null ? row.at === target?.at : isMeant}
                    onToggle={toggle}
                  />
                </div>
              );
            })}
          </div>
        )}
      </div>
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
    </div>
  );
}
