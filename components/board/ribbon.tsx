"use client";
import { useTranslations } from "#translations";
import { useNow } from "@/components/ui/clock.tsx";
import { formatDuration } from "@/components/ui/format-time.ts";
import type { HealthSpan } from "@/lib/domain/observation/slot.ts";
import { type RibbonCell, ribbonCells, unhealthyMs } from "./ribbon-cells.ts";

const STEP_MS = 15_000;
const CELLS = 60;
const HEIGHT = 14;
const TOPS: Readonly<Record<Exclude<RibbonCell, "none">, number>> = {
  healthy: 4,
  other: 5.5,
  starting: 2,
  unhealthy: 0,
};

/** The last 15 minutes of a target's health: even ticks while healthy, tall red ones while not. */
export function Ribbon({ history }: { history: readonly HealthSpan[] }) {
  const t = useTranslations("board");
  const now = useNow(STEP_MS) + STEP_MS;
  const cells = ribbonCells(history, now, CELLS);
  const bad = unhealthyMs(history, now);
  const path = (cell: Exclude<RibbonCell, "none">) =>
    cells.map((each, i) => (each === cell ? `M${i * 2 + 1} ${TOPS[cell]}V${HEIGHT - TOPS[cell]}` : "")).join("");
  const words = bad > 0 ? t("unhealthyFor", { time: formatDuration(bad) }) : t("neverUnhealthy");
  return (
    <span className="block" title={words}>
      <span className="sr-only">{words}</span>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${CELLS * 2} ${HEIGHT}`}
        preserveAspectRatio="none"
        height={HEIGHT}
        className="block w-full"
      >
        <path
          d={`M0 ${HEIGHT / 2}H${CELLS * 2}`}
          className="stroke-line"
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
        />
        <path d={path("other")} className="stroke-faint" strokeWidth={1.4} />
        <path d={path("healthy")} className="stroke-second" strokeWidth={1.2} />
        <path d={path("starting")} className="stroke-second" strokeWidth={1.2} strokeDasharray="2 2" />
        <path d={path("unhealthy")} className="stroke-fault" strokeWidth={1.8} />
      </svg>
    </span>
  );
}
