"use client";
import { useLanguage, useSaid } from "#translations";
import { useNow, useTimeZone } from "./clock.tsx";
import {
  ageSaid,
  coarseAgeSaid,
  formatDay,
  formatDuration,
  formatExact,
  formatNear,
  formatNearClock,
} from "./format-time.ts";

/** A ticking age with the exact time on hover. `fine` ticks twice a second. */
export function Age({
  at,
  suffix = "",
  fine = false,
  className,
}: {
  at: number;
  suffix?: string;
  fine?: boolean;
  className?: string;
}) {
  const now = useNow(fine ? 500 : 1000);
  const zone = useTimeZone();
  const said = useSaid();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at, zone)} className={className}>
      {said(fine ? ageSaid(now - at) : coarseAgeSaid(now - at))}
      {suffix}
    </time>
  );
}

const DAY_STEP_MS = 60_000;

/** A point in time as a clock, in the reader's zone, with its day when that is not today; the exact time is on hover. */
export function ClockTime({
  at,
  precision = "second",
  className,
}: {
  at: number;
  precision?: "second" | "minute" | "day";
  className?: string;
}) {
  const zone = useTimeZone();
  const now = useNow(DAY_STEP_MS);
  const language = useLanguage();
  const words =
    precision === "day"
      ? formatDay(at, language, zone)
      : (precision === "minute" ? formatNear : formatNearClock)(at, now, language, zone);
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at, zone)} className={className}>
      {words}
    </time>
  );
}

/** How long something took, or has been taking while `to` is null. */
export function Elapsed({ from, to }: { from: number; to: number | null }) {
  return to === null ? <Running from={from} /> : <span>{formatDuration(to - from)}</span>;
}

function Running({ from }: { from: number }) {
  return <span>{formatDuration(useNow(1000) - from)}</span>;
}

/** Time left until `until`, "0:00" afterwards. */
export function Countdown({ until }: { until: number }) {
  return <span>{formatDuration(until - useNow(1000))}</span>;
}
