"use client";
import { useSyncExternalStore } from "react";
import { useTranslations } from "#translations";
import { LOG_LEVELS, type LogLevel } from "@/lib/domain/log/level-words.ts";
import { thousands } from "@/lib/domain/text/thousands.ts";
import { isPattern, type LevelCounts, levelOf, withLevel } from "./level-counts.ts";
import { NO_LEVELS } from "./log-view.ts";

/** Beside the two that matter, what a phone has no room for. */
const QUIET: readonly LogLevel[] = ["info", "debug", "trace"];
const LOOK: Readonly<Partial<Record<LogLevel, string>>> = { error: "text-fault", warn: "text-warning" };

/** How many of the lines shown are of each level; a press shows that level and louder alone, another one all of them. */
export function LevelBar({
  counts,
  filter,
  onFilter,
}: {
  counts: LevelCounts;
  filter: string;
  onFilter: (filter: string) => void;
}) {
  const t = useTranslations("logs");
  const total = useSyncExternalStore(counts.subscribe, counts.total, () => NO_LEVELS);
  const chosen = levelOf(filter);
  const isInert = isPattern(filter);
  return (
    <fieldset className="flex shrink-0 items-center gap-1">
      <legend className="sr-only">{t("levels")}</legend>
      {LOG_LEVELS.map((level) => {
        const isChosen = chosen === level;
        return (
          <button
            key={level}
            type="button"
            aria-pressed={isChosen}
            aria-disabled={isInert || undefined}
            title={isInert ? t("brush.patternOnly") : t("level.show", { level: level.toUpperCase() })}
            onClick={() => (isInert ? undefined : onFilter(withLevel(filter, isChosen ? null : level)))}
            className={`flex h-6 items-baseline gap-1 rounded-control px-1 text-xs max-md:h-11 max-md:items-center max-md:px-2 ${
              isChosen ? "pressed bg-soft" : "hover:bg-soft"
            } ${total[level] === 0 ? "text-second" : `font-semibold ${LOOK[level] ?? "text-ink"}`} ${
              QUIET.includes(level) ? "max-lg:hidden" : ""
            }`}
          >
            {level.toUpperCase()}
            <span className="min-w-[3ch] text-left tabular-nums">{thousands(total[level])}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
