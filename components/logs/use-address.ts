"use client";
import { useEffect, useState } from "react";
import { cutText } from "@/lib/domain/text/cut-text.ts";

/** What the panel shows, as the address says it: `log` is the filter, `view` which lines. */
export interface LogAddress {
  filter: string;
  view: string | null;
  /** A moment to go to, in epoch ms. */
  at: number | null;
  /** The id of the line of that moment that is meant; null for none. */
  line: string | null;
}

/** Reads `?log=…&view=…&at=…&line=…` of an address's query; a filter of a thousand characters at most. */
export function readLogAddress(search: string): LogAddress {
  const query = new URLSearchParams(search);
  const at = Number(query.get("at") || Number.NaN);
  const isTime = Number.isSafeInteger(at) && at > 0 && at < 8.64e15;
  const line = isTime ? query.get("line")?.slice(0, 100) || null : null;
  return { filter: cutText(query.get("log") ?? "", 1000), view: query.get("view"), at: isTime ? at : null, line };
}

/** The query with these in it; everything else of it stays as it is. */
export function writeLogAddress(search: string, { filter, view, at, line }: LogAddress): string {
  const query = new URLSearchParams(search);
  if (filter === "") query.delete("log");
  else query.set("log", filter);
  if (view === null) query.delete("view");
  else query.set("view", view);
  if (at === null) query.delete("at");
  else query.set("at", String(at));
  if (at === null || line === null) query.delete("line");
  else query.set("line", line);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Filter and view, begun with what the address says and kept in it, so that a link shows what its sender saw. */
export function useLogAddress(): [LogAddress, (next: LogAddress) => void] {
  const [address, setAddress] = useState<LogAddress>({ filter: "", view: null, at: null, line: null });
  useEffect(() => setAddress(readLogAddress(window.location.search)), []);
  const change = (next: LogAddress) => {
    setAddress(next);
    const { pathname, search, hash } = window.location;
    window.history.replaceState(null, "", `${pathname}${writeLogAddress(search, next)}${hash}`);
  };
  return [address, change];
}
