"use client";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslations } from "#translations";
import { useLive } from "@/components/live/live-provider.tsx";
import { EmptyState, Notice } from "@/components/ui/notice.tsx";
import { GROUPINGS, groupRows, matchesFilter, needsPerson, worstFirst } from "./application-rows.ts";
import { ApplicationTable } from "./application-table.tsx";
import { type OverviewAddress, writeOverviewAddress } from "./overview-address.ts";

/** An application whose names could not be found in AWS, with what AWS said. */
export interface UnresolvedApplication {
  name: string;
  message: string;
}

/** All applications in one dense table, those that need a person on top. */
export function Overview({
  problems,
  address: first,
}: {
  problems: readonly UnresolvedApplication[];
  address: OverviewAddress;
}) {
  const t = useTranslations("overview");
  // Hundreds of streams' events a second are drawn as often as the browser can, not each.
  const snapshots = useDeferredValue(useLive((state) => state.snapshots));
  const [{ filter, grouping, needsPerson: isNarrowed }, change] = useOverviewAddress(first);
  const all = useMemo(() => worstFirst(Object.values(snapshots)), [snapshots]);
  const waiting = all.filter(needsPerson);
  const shown = (isNarrowed ? waiting : all).filter((summary) => matchesFilter(summary, filter.trim()));
  if (all.length === 0 && problems.length === 0)
    return (
      <div className="card">
        <EmptyState title={t("none")}>
          <p>{t.rich("describeFirst", { span: (chunks) => <span className="font-mono text-xs">{chunks}</span> })} </p>
        </EmptyState>
      </div>
    );
  return (
    <div className="flex flex-col gap-3">
      {problems.map((problem) => (
        <Notice key={problem.name} tone="fault" title={t("cannotBeShown", { name: problem.name })}>
          {t("keepsTrying", { message: problem.message })}{" "}
        </Notice>
      ))}
      {all.length > 0 ? (
        <section aria-label={t("applications")} className="card overflow-hidden">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3.5 py-2.5">
            <input
              data-filter
              type="search"
              aria-label={t("filter")}
              placeholder={t("filterBy")}
              value={filter}
              onChange={(event) => change({ filter: event.target.value })}
              className="field w-full md:max-w-[320px]"
            />
            <label className="flex shrink-0 items-center gap-1.5">
              <input
                type="checkbox"
                checked={isNarrowed}
                onChange={(event) => change({ needsPerson: event.target.checked })}
              />
              {t("needsPerson", { count: waiting.length })}
            </label>
            <label className="flex shrink-0 items-center gap-1.5 text-second">
              {t("groupBy")}{" "}
              <select
                value={grouping}
                onChange={(event) =>
                  change({ grouping: GROUPINGS.find((each) => each === event.target.value) ?? "none" })
                }
                className="field"
              >
                {GROUPINGS.map((each) => (
                  <option key={each} value={each}>
                    {t(`grouping.${each}`)}
                  </option>
                ))}
              </select>
            </label>
            <p className="ml-auto shrink-0 text-second" aria-live="polite">
              {t("shownOf", { shown: shown.length, all: all.length })}
            </p>
          </div>
          <ApplicationTable groups={groupRows(shown, grouping)} />
          {shown.length === 0 ? (
            <p className="px-3.5 py-10 text-center text-second">
              {filter.trim() === "" ? t("nobodyNeeded") : t("noMatch", { filter })}
            </p>
          ) : null}
        </section>
      ) : null}
    </div>
  );
}

/** Begun with what the server read of the address, and kept in it. */
function useOverviewAddress(first: OverviewAddress): [OverviewAddress, (change: Partial<OverviewAddress>) => void] {
  const [address, setAddress] = useState(first);
  const change = (part: Partial<OverviewAddress>) => {
    const next = { ...address, ...part };
    setAddress(next);
    const { pathname, search, hash } = window.location;
    window.history.replaceState(null, "", `${pathname}${writeOverviewAddress(search, next)}${hash}`);
  };
  return [address, change];
}
