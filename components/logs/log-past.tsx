"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { absoluteFilter } from "@/lib/domain/observation/log-filter.ts";
import { LogSearch } from "./log-search.tsx";
import type { Past } from "./use-past.ts";

const SPAN_MS = 15 * 60_000;

/** Back in time: older lines, any moment, the switch, and what is around it as a file. */
export function LogPast({
  application,
  maySearch,
  past,
  at,
  filter,
  slot,
  switchedAt,
  onGo,
}: {
  application: string;
  /** Whether the reader's role may search a long span. */
  maySearch: boolean;
  past: Past;
  at: number | null;
  filter: string;
  slot: "blue" | "green" | "both";
  /** Epoch ms of the last switch; null where there was none. */
  switchedAt: number | null;
  onGo: (at: number) => void;
}) {
  const said = useSaid();
  const t = useTranslations("logs");
  const [typed, setTyped] = useState("");
  const moment = new Date(typed).getTime();
  const download = (format: "txt" | "ndjson") => {
    const middle = at ?? Date.now();
    const query = new URLSearchParams({
      since: String(middle - SPAN_MS),
      until: String(middle + SPAN_MS),
      slot,
      ...(filter.trim() ? { query: absoluteFilter(filter, Date.now()) } : {}),
      download: format,
    });
    return `/api/v1/applications/${encodeURIComponent(application)}/logs/history?${query}`;
  };
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-3.5 py-1 text-xs">
        <Button busy={past.isBusy} onClick={past.loadOlder}>
          {t("loadOlder")}
        </Button>
        <form
          className="flex items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (!Number.isNaN(moment)) onGo(moment);
          }}
        >
          <input
            type="datetime-local"
            step="1"
            aria-label={t("moment")}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className="field h-8 min-w-0"
          />
          <Button type="submit" busy={past.isBusy} blocked={Number.isNaN(moment) ? t("chooseMoment") : null}>
            {t("go")}
          </Button>
        </form>
        {switchedAt === null ? null : (
          <Button busy={past.isBusy} onClick={() => onGo(switchedAt)}>
            {t("aroundSwitch")}
          </Button>
        )}
        <a className="inline-flex items-center underline underline-offset-2" href={download("txt")} download>
          {t("downloadText")}
        </a>
        <a className="inline-flex items-center underline underline-offset-2" href={download("ndjson")} download>
          {t("downloadJson")}
        </a>
        <span role="status" className="text-second">
          {past.isBusy ? t("loading") : past.message === null ? "" : said(past.message)}
        </span>
      </div>
      <LogSearch application={application} mayAsk={maySearch} slot={slot} onGo={onGo} />
    </>
  );
}
