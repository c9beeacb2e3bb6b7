"use client";
import { useEffect, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { useSelected } from "@/components/live/live-provider.tsx";
import { useIsHydrated } from "@/components/ui/clock.tsx";
import { lazyPart, useLoadedWhenIdle } from "@/components/ui/lazy-part.tsx";
import { Segments } from "@/components/ui/segments.tsx";
import { useIsNarrow } from "@/components/ui/use-is-narrow.ts";
import { type LogFilter, parseLogFilter } from "@/lib/domain/observation/log-filter.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { LevelBar } from "./level-bar.tsx";
import { LevelCounts } from "./level-counts.ts";
import { LogStatusPill, LogTrouble, OnlyInLive } from "./log-status.tsx";
import { LogTools } from "./log-tools.tsx";
import { switchMarkers } from "./switch-markers.ts";
import { TimeBrush } from "./time-brush.tsx";
import { useLogAddress } from "./use-address.ts";
import { LogMarkers, useLogStore } from "./use-log-store.ts";
import { usePast } from "./use-past.ts";

/** Beside the first load, so that the buttons above work before it has come. */
const logList = lazyPart(() => import("./log-list.tsx").then(({ LogList }) => LogList));
const logPast = lazyPart(() => import("./log-past.tsx").then(({ LogPast }) => LogPast));
const PARTS = [logPast];

type Mode = "side" | "merged" | "blue" | "green" | "errors" | "all";
const WIDE: readonly Mode[] = ["side", "merged", "blue", "green"];
const NARROW: readonly Mode[] = ["errors", "all", "blue", "green"];

const SETTLED_MS = 120;
const MAX_PATTERN_MS = 2000;

const readFilter = (typed: string): LogFilter =>
  parseLogFilter(typed, { now: Date.now(), clock: () => performance.now(), maxSpentMs: MAX_PATTERN_MS });

/** The filter once typing has paused for a moment: a hundred thousand lines are not searched for every letter. */
function useSettledFilter(typed: string): LogFilter {
  const [filter, setFilter] = useState(() => readFilter(typed));
  useEffect(() => {
    const timer = setTimeout(() => setFilter(readFilter(typed)), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return filter;
}

/** When traffic last moved, where the newest deployment that is over moved it. */
const switchedLast = ({ lastDeployment }: ApplicationSnapshot): number | null =>
  lastDeployment ? (switchMarkers(lastDeployment)[0]?.at ?? null) : null;

/** The logs of both sides, as they are written: beside each other, merged, or one alone; followed or paused. */
export function LogPanel({
  application,
  maySearch,
  title,
}: {
  application: string;
  /** Whether the reader's role may search a long span, which AWS bills. */
  maySearch: boolean;
  title?: string;
}) {
  const t = useTranslations("logs");
  const said = useSaid();
  const named = (modes: readonly Mode[]) => modes.map((value) => ({ value, label: t(`mode.${value}`) }));
  const store = useLogStore(application);
  useLoadedWhenIdle(PARTS);
  const live = useSelected(application, ({ traffic }) => traffic.live);
  const switchedAt = useSelected(application, switchedLast);
  const [counts] = useState(() => new LevelCounts());
  const isNarrow = useIsNarrow();
  const isHydrated = useIsHydrated();
  const [address, setAddress] = useLogAddress();
  const typed = address.filter;
  const wideMode = WIDE.find((mode) => mode === address.view) ?? "side";
  const narrowMode = NARROW.find((mode) => mode === address.view) ?? "all";
  const [isFollowing, setFollowing] = useState(true);
  const mode = isNarrow ? narrowMode : wideMode;
  const wanted = mode === "errors" ? `level:error ${typed}` : typed;
  const filter = useSettledFilter(wanted);
  const update = (filter: string, next: Mode) => {
    const isUsual = next === (isNarrow ? "all" : "side");
    setAddress({ ...address, filter, view: isUsual ? null : next });
  };
  const [isPastOpen, setPastOpen] = useState(false);
  const past = usePast(application, store, address, () => setFollowing(false));
  const goTo = (at: number | null) => setAddress({ ...address, at, line: null });
  const follow = (next: boolean) => {
    setFollowing(next);
    if (next && address.at !== null) goTo(null);
  };
  const panes: readonly (SlotColor | "both")[] =
    mode === "side" ? ["blue", "green"] : mode === "blue" || mode === "green" ? [mode] : ["both"];

  return (
    <section aria-labelledby="logs-heading" className="card flex min-h-0 flex-1 flex-col overflow-hidden">
      <LogMarkers application={application} store={store} />
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3.5 py-2">
        <h2 id="logs-heading" className="font-semibold">
          {title ?? t("title")}
        </h2>
        {/* Both, because the server does not know how wide the window is, and nothing may jump when the page wakes up. */}
        <span className="max-md:hidden">
          <Segments
            label={t("which")}
            options={named(WIDE)}
            value={wideMode}
            onChange={(next) => update(typed, next)}
          />
        </span>
        <span className="md:hidden">
          <Segments
            label={t("which")}
            options={named(NARROW)}
            value={narrowMode}
            onChange={(next) => update(typed, next)}
          />
        </span>
        <input
          data-filter
          type="search"
          aria-label={t("filter")}
          aria-describedby="log-filter-problem"
          placeholder={t("filterBy")}
          value={typed}
          onChange={(event) => update(event.target.value, mode)}
          className="field h-8 w-[300px] min-w-0 max-xl:w-[200px] max-md:order-2 max-md:w-auto max-md:flex-1 max-md:basis-40"
        />
        <LogTools
          store={store}
          panes={panes}
          filter={filter}
          isFollowing={isFollowing}
          onFollow={follow}
          isPastOpen={isPastOpen}
          onPastOpen={setPastOpen}
        />
        <div className="ml-auto flex min-w-0 items-center gap-2.5 max-md:order-1">
          <OnlyInLive store={store} live={live} onShow={() => update("level:error", mode)} />
          <LogStatusPill store={store} />
        </div>
        <p id="log-filter-problem" role="status" className="w-full text-xs text-warning empty:hidden">
          {filter.problem === null ? null : said(filter.problem)}
        </p>
      </header>
      {isPastOpen || past.message !== null ? (
        <logPast.Part
          waitingLook="h-12"
          application={application}
          maySearch={maySearch}
          past={past}
          at={address.at}
          filter={wanted}
          slot={mode === "blue" || mode === "green" ? mode : "both"}
          switchedAt={switchedAt}
          onGo={goTo}
        />
      ) : null}
      <div className="flex shrink-0 items-center gap-3 border-b border-line px-3.5 pt-1">
        <LevelBar counts={counts} filter={typed} onFilter={(next) => update(next, mode)} />
        <TimeBrush store={store} filter={typed} onFilter={(next) => update(next, mode)} />
      </div>
      <LogTrouble store={store} />
      {isHydrated ? (
        <div className="flex min-h-0 flex-1">
          {panes.map((slot) => (
            <logList.Part
              waitingLook="invisible min-h-0 flex-1"
              key={slot}
              store={store}
              slot={slot}
              filter={filter}
              counts={counts}
              isFollowing={isFollowing}
              onPause={() => setFollowing(false)}
              onFollow={() => follow(true)}
              target={past.target}
              grown={past.grown}
              isLoading={past.isBusy && !isFollowing}
              onTop={past.loadOlderAbove}
              onGap={past.loadNewer}
              targetLine={address.line}
              isNarrow={isNarrow}
            />
          ))}
        </div>
      ) : (
        <div className="min-h-0 flex-1" />
      )}
    </section>
  );
}
