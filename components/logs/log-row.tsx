"use client";
import { memo } from "react";
import { useSaid, useTranslations } from "#translations";
import { formatClock, formatExact } from "@/components/ui/format-time.ts";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import { shifted } from "@/lib/domain/log/ansi.ts";
import type { LogLevel } from "@/lib/domain/log/level-words.ts";
import { readStackTrace, type StackTrace } from "@/lib/domain/log/stack-trace.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { ColouredText } from "./coloured-text.tsx";
import { JsonTree, jsonOf } from "./json-tree.tsx";
import type { LogRow } from "./log-buffer.ts";

const LEVEL_LOOK: Readonly<Record<LogLevel, string>> = {
  error: "font-semibold text-fault",
  warn: "font-semibold text-warning",
  info: "text-second",
  debug: "text-second",
  trace: "text-second",
};
const LEADING_TIME = /^\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\s+/;
const LEADING_LEVEL = /^\s*(?:ERROR|WARN(?:ING)?|INFO|DEBUG|TRACE)\s+/;
/** Closed, a trace says what happened, why, and how much there is to open. */
function foldedText({ cause }: StackTrace, own: string, more: string): string {
  const head = cutText(own.split("\n", 1)[0] ?? "", cause === null ? SHOWN : 160);
  const why = cause === null ? "" : ` ⟵ ${cutText(cause, 200)}`;
  return `${head}${why} (${more})`;
}

const SHOWN = 600;
/** About as long as a pane is wide: longer lines get a way to be read whole. */
const LONG = 90;

/** One row of the log. A line is text and nothing else; a long one opens on a click. */
export const LogRowView = memo(function LogRowView({
  row,
  withSlot,
  isOpen,
  isNarrow,
  isTarget,
  onToggle,
}: {
  row: LogRow;
  withSlot: boolean;
  isOpen: boolean;
  isNarrow: boolean;
  /** Whether a link leads to this moment. */
  isTarget: boolean;
  onToggle: (id: string, isOpen: boolean) => void;
}) {
  const t = useTranslations("logs");
  const said = useSaid();
  const clock = formatClock(row.at);
  if (row.kind !== "line")
    return (
      <p
        className={`flex h-5 items-center gap-2 truncate px-3 font-sans text-xs font-medium ${
          row.kind === "marker" ? "bg-soft text-second" : "bg-warning-ground text-warning"
        }`}
      >
        <span>{clock}</span>
        <span className="truncate">{said(row.text)}</span>
      </p>
    );
  const { line } = row;
  const ground = `${line.level === "error" ? "bg-fault-ground" : ""} ${isTarget ? "outline-2 -outline-offset-2 outline-ink" : ""}`;
  const isLong = line.text.length > LONG || line.text.includes("\n");
  const trace = line.text.includes("\n") ? readStackTrace(line.text) : null;
  const json = isOpen && !trace ? jsonOf(line.text) : undefined;
  // Time and level have their own columns, so that lines begin with what differs; opened, a line is whole.
  const own = line.level ? line.text.replace(LEADING_TIME, "").replace(LEADING_LEVEL, "") : line.text;
  const text = isOpen
    ? line.text
    : trace
      ? foldedText(trace, own, t("row.more", { lines: trace.lines }))
      : cutText(own, SHOWN);
  // A folded trace is told in words of its own.
  const colours = trace && !isOpen ? [] : shifted(line.colours ?? [], isOpen ? 0 : line.text.length - own.length);
  const coloured = <ColouredText text={text} colours={colours} />;
  const flow = isOpen
    ? "whitespace-pre-wrap break-all py-0.5"
    : isNarrow
      ? "line-clamp-3 break-words py-0.5"
      : "truncate";
  // A phone has no column for the level, and a colour alone says nothing to many.
  const loud =
    isNarrow && (line.level === "error" || line.level === "warn") ? (
      <span className={LEVEL_LOOK[line.level]}>{line.level.toUpperCase()} </span>
    ) : null;
  const late = row.isLate ? <span className="mr-2 rounded-sm bg-soft px-1 text-second">{t("row.late")}</span> : null;
  const unknown = line.slot ? null : (
    <span className="mr-2 rounded-sm bg-soft px-1 text-second">{t("row.sideUnknown")}</span>
  );
  const origin = line.origin ? (
    <span className="mr-2 rounded-sm bg-soft px-1 text-second">{t(`row.origin.${line.origin}`)}</span>
  ) : null;
  const time = (
    <a
      href={`?${new URLSearchParams({ at: String(row.at), line: row.id })}`}
      tabIndex={-1}
      title={t("row.link", { time: formatExact(row.at) })}
      className="shrink-0 text-second"
    >
      <time>
        {clock}
        {isNarrow ? "" : `.${String(row.at % 1000).padStart(3, "0")}`}
      </time>
    </a>
  );
  return (
    <div className={`flex min-h-5 gap-3 px-3 leading-5 ${ground}`}>
      {withSlot ? (
        <span className="mt-[3px] w-4 shrink-0">
          {line.slot ? <SlotMark color={line.slot} size={14} label={line.slot} /> : <span aria-hidden="true">?</span>}
        </span>
      ) : null}
      {isNarrow ? null : (
        <>
          {time}
          <span className={`w-10 shrink-0 ${line.level ? LEVEL_LOOK[line.level] : ""}`}>
            {line.level?.toUpperCase()}
          </span>
          <span className="w-9 shrink-0 text-second" title={line.taskId ?? line.stream}>
            {line.taskId?.slice(0, 4)}
          </span>
        </>
      )}
      {isLong ? (
        <div className="min-w-0 flex-1">
          {/* The time is a link of its own, beside the button and not in it. */}
          <div className="flex items-start gap-2">
            {isNarrow ? time : null}
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={() => onToggle(row.id, isOpen)}
              className={`block min-w-0 flex-1 cursor-text text-left select-text -outline-offset-2 ${flow}`}
            >
              {loud}
              {unknown}
              {origin}
              {late}
              {isOpen && trace?.cause ? (
                <strong className="block font-semibold">{t("row.cause", { cause: trace.cause })}</strong>
              ) : null}
              {json ? null : coloured}
              {json ? t("row.less") : null}
            </button>
          </div>
          {json ? <JsonTree value={json} /> : null}
        </div>
      ) : (
        <span className={`min-w-0 flex-1 ${flow}`}>
          {isNarrow ? <>{time} </> : null}
          {loud}
          {unknown}
          {origin}
          {late}
          {coloured}
        </span>
      )}
    </div>
  );
});
