"use client";
import { type PointerEvent, useRef, useState } from "react";
import { useTranslations } from "#translations";
import { useNow } from "@/components/ui/clock.tsx";
import { formatClock } from "@/components/ui/format-time.ts";
import { type BrushSpan, spanAfterKey, spanBetween, timesOf, withTimes } from "./brush-span.ts";
import { isPattern } from "./level-counts.ts";
import type { RateBucket } from "./log-rate.ts";
import type { LogStore } from "./log-store.ts";
import { useLogChanges } from "./use-log-store.ts";

const HEIGHT = 24;

/**
 * Lines of the last half hour, errors in red. A part that is drawn over with mouse or finger, or moved with the arrow keys (with Shift
 * made longer, with Escape given up), becomes the filter's times, and so is part of the address.
 */
export function TimeBrush({
  store,
  filter,
  onFilter,
}: {
  store: LogStore;
  filter: string;
  onFilter: (filter: string) => void;
}) {
  const t = useTranslations("logs");
  useLogChanges(store);
  const { spans } = store;
  const now = useNow(1000);
  const buckets = spans.buckets(now);
  const { count, bucketMs } = spans;
  const firstAt = (Math.floor(now / bucketMs) - count + 1) * bucketMs;
  const begun = useRef<number | null>(null);
  const [drawn, setDrawn] = useState<BrushSpan | null>(null);
  const kept = timesOf(filter);
  const toIndex = (at: number) => Math.floor((at - firstAt) / bucketMs);
  const shown = drawn ?? (kept && { first: toIndex(kept.from), last: toIndex(kept.to - 1) });
  const isInert = isPattern(filter);

  const take = (span: BrushSpan | null) =>
    onFilter(
      withTimes(filter, span && { from: firstAt + span.first * bucketMs, to: firstAt + (span.last + 1) * bucketMs }),
    );
  const shareOf = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return (event.clientX - left) / Math.max(1, width);
  };
  const words = kept ? t("brush.span", { from: formatClock(kept.from), to: formatClock(kept.to) }) : t("brush.all");
  return (
    <div className="min-w-0 flex-1">
      <div
        role="slider"
        tabIndex={0}
        aria-label={t("brush.shown")}
        aria-valuemin={0}
        aria-valuemax={count - 1}
        aria-valuenow={Math.min(count - 1, Math.max(0, shown?.first ?? 0))}
        aria-valuetext={words}
        aria-disabled={isInert}
        title={isInert ? t("brush.patternOnly") : words}
        className="relative cursor-crosshair touch-pan-y -outline-offset-2 select-none max-md:h-11"
        onPointerDown={(event) => {
          if (isInert || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          begun.current = shareOf(event);
        }}
        onPointerMove={(event) => {
          if (begun.current !== null) setDrawn(spanBetween(begun.current, shareOf(event), count));
        }}
        onPointerUp={() => {
          // A mere click gives the part up.
          if (begun.current !== null && (drawn !== null || kept !== null)) take(drawn);
          begun.current = null;
          setDrawn(null);
        }}
        onPointerCancel={() => {
          begun.current = null;
          setDrawn(null);
        }}
        onKeyDown={(event) => {
          const next = isInert ? undefined : spanAfterKey(shown, event.key, event.shiftKey, count);
          if (next === undefined) return;
          event.preventDefault();
          take(next);
        }}
      >
        <Bars buckets={buckets} />
        {shown && shown.last >= 0 && shown.first < count ? (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 border-x-2 border-ink bg-ink/10"
            style={{
              left: `${(Math.max(0, shown.first) / count) * 100}%`,
              width: `${((Math.min(count - 1, shown.last) - Math.max(0, shown.first) + 1) / count) * 100}%`,
            }}
          />
        ) : null}
      </div>
    </div>
  );
}

function Bars({ buckets }: { buckets: readonly RateBucket[] }) {
  const top = Math.max(4, ...buckets.map(({ lines }) => lines));
  const path = (value: (bucket: RateBucket) => number) =>
    buckets
      .map((bucket, i) => {
        const height = (value(bucket) / top) * HEIGHT;
        return height === 0 ? "" : `M${i * 8} ${HEIGHT}v-${Math.max(1.5, height).toFixed(1)}h6V${HEIGHT}z`;
      })
      .join("");
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${buckets.length * 8} ${HEIGHT}`}
      preserveAspectRatio="none"
      height={HEIGHT}
      className="block w-full max-md:h-11"
    >
      <path d={path(({ lines }) => lines)} className="fill-faint" />
      <path d={path(({ errors }) => errors)} className="fill-fault" />
    </svg>
  );
}
