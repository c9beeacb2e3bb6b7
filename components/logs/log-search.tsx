"use client";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { formatExact } from "@/components/ui/format-time.ts";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";

/** What the server answers: the bytes, and once they are accepted what was found. */
interface Answer {
  bytes: number | null;
  found?: { lines: LogLine[]; scannedBytes: number; isCut: boolean };
}

type State =
  | { kind: "idle"; message: string | Sentence | null }
  | { kind: "asking" | "searching" }
  /** What it would read; nothing is read before somebody accepts that. */
  | { kind: "told"; bytes: number | null };

const DAY_MS = 86_400_000;

/** A span that pages cannot reach, searched by Logs Insights: what that reads is said first, and declining costs nothing. */
export function LogSearch({
  application,
  mayAsk,
  slot,
  onGo,
}: {
  application: string;
  /** Whether the reader's role may have AWS read at cost. */
  mayAsk: boolean;
  slot: "blue" | "green" | "both";
  /** Shows the log around a moment. */
  onGo: (at: number) => void;
}) {
  const t = useTranslations("logs");
  const said = useSaid();
  const [text, setText] = useState("");
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [state, setState] = useState<State>({ kind: "idle", message: null });
  const asking = useRef<AbortController | null>(null);
  // Whoever leaves ends the search, and with it the query at AWS.
  useEffect(() => () => asking.current?.abort(), []);

  const end = until === "" ? Date.now() : new Date(until).getTime();
  const start = since === "" ? end - DAY_MS : new Date(since).getTime();
  const blocked = text.trim().length < 2 ? t("searchNeedsText") : start > end ? t("searchSpanEnds") : null;
  const idle = (message: string | Sentence | null = null) => setState({ kind: "idle", message });
  const ask = async (acceptBytes: number | null) => {
    const controller = new AbortController();
    asking.current = controller;
    setState({ kind: acceptBytes === null ? "asking" : "searching" });
    setLines([]);
    try {
      const span = { since: start, until: end, text: text.trim(), slot };
      const answer = await search(
        application,
        acceptBytes === null ? span : { ...span, acceptBytes },
        controller.signal,
      );
      if (!answer.found) return setState({ kind: "told", bytes: answer.bytes });
      const { lines: found, scannedBytes, isCut } = answer.found;
      setLines(found.toReversed());
      idle(say("logs.searchFound", { count: found.length, size: sizeOf(scannedBytes), cut: isCut ? "yes" : "no" }));
    } catch (error) {
      if (!controller.signal.aborted)
        idle(error instanceof Error && error.message !== "" ? error.message : say("logs.pastNotLoaded"));
    }
  };
  const cancel = () => {
    asking.current?.abort();
    idle();
  };

  if (!mayAsk)
    return <p className="shrink-0 border-b border-line px-3.5 py-2 text-xs text-second">{t("searchDenied")}</p>;
  return (
    <details className="shrink-0 border-b border-line px-3.5 py-1 text-xs">
      <summary className="w-fit cursor-pointer content-center py-1 font-medium">{t("searchLong")}</summary>
      <form
        className="flex flex-wrap items-end gap-2 pb-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (blocked === null) void ask(null);
        }}
      >
        <Labelled label={t("searchText")}>
          {(id) => (
            <input
              id={id}
              type="search"
              value={text}
              maxLength={1000}
              onChange={(event) => setText(event.target.value)}
              className="field h-8 w-full min-w-0"
            />
          )}
        </Labelled>
        <Moment label={t("searchSince")} value={since} onChange={setSince} />
        <Moment label={t("searchUntil")} value={until} onChange={setUntil} />
        {state.kind === "told" ? (
          <>
            <Button onClick={() => void ask(state.bytes ?? Number.MAX_SAFE_INTEGER)}>{t("searchNow")}</Button>
            <Button onClick={() => idle()}>{t("searchDecline")}</Button>
          </>
        ) : state.kind === "searching" ? (
          <Button onClick={cancel}>{t("searchStop")}</Button>
        ) : (
          <Button type="submit" busy={state.kind === "asking"} blocked={blocked}>
            {t("searchCost")}
          </Button>
        )}
        <span role="status" className="text-second">
          {state.kind === "told"
            ? state.bytes === null
              ? t("searchReadsUnknown")
              : t("searchReads", { size: sizeOf(state.bytes) })
            : state.kind === "searching"
              ? t("searching")
              : state.kind === "idle" && state.message !== null
                ? said(state.message)
                : ""}
        </span>
        {lines.length === 0 ? null : (
          <ul aria-label={t("searchFoundLines")} className="max-h-40 w-full overflow-auto font-mono">
            {lines.map(({ id, at, slot: side, text: line }) => (
              <li key={id}>
                <button type="button" className="w-full truncate text-left hover:underline" onClick={() => onGo(at)}>
                  <time dateTime={new Date(at).toISOString()} className="text-second">
                    {formatExact(at)}
                  </time>{" "}
                  {side} {line}
                </button>
              </li>
            ))}
          </ul>
        )}
      </form>
    </details>
  );
}

function Moment({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Labelled label={label}>
      {(id) => (
        <input
          id={id}
          type="datetime-local"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="field h-8 w-full min-w-0"
        />
      )}
    </Labelled>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="min-w-0 max-sm:w-full">
      <label htmlFor={id} className="block text-second">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

/** In decimal units, as AWS bills. */
function sizeOf(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"] as const;
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${Number((bytes / 1000 ** step).toFixed(1))} ${units[step]}`;
}

async function search(application: string, body: object, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(`/api/v1/applications/${encodeURIComponent(application)}/logs/search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (response.ok) return (await response.json()) as Answer;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new Error(problem.detail ?? "");
}
