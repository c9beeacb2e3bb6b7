"use client";
import { useEffect, useState } from "react";

/** What the panel shows, as the address says it: `log` is the filter, `view` which lines. */
export interface LogAddress {
  filter: string;
  view: string | null;
  /** A moment to go to, in epoch ms. */
  at: number | null;
}

/** Reads `?log=…&view=…&at=…` of an address's query; a filter of a thousand characters at most. */
export function readLogAddress(search: string): LogAddress {
  const query = new URLSearchParams(search);
  const at = Number(query.get("at") || Number.NaN);
  const isTime = Number.isSafeInteger(at) && at > 0 && at < 8.64e15;
  return { filter: (query.get("log") ?? "").slice(0, 1000), view: query.get("view"), at: isTime ? at : null };
}

/** The query with these in it; everything else of it stays as it is. */
export function writeLogAddress(search: string, { filter, view, at }: LogAddress): string {
  const query = new URLSearchParams(search);
  if (filter === "") query.delete("log");
  else query.set("log", filter);
  if (view === null) query.delete("view");
  else query.set("view", view);
  if (at === null) query.delete("at");
  else query.set("at", String(at));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Filter and view, begun with what the address says and kept in it, so that a link shows what its sender saw. */
export function useLogAddress(): [LogAddress, (next: LogAddress) => void] {
  const [address, setAddress] = useState<LogAddress>({ filter: "", view: null, at: null });
  useEffect(() => setAddress(readLogAddress(window.location.search)), []);
  const change = (next: LogAddress) => {
    setAddress(next);
    const { pathname, search, hash } = window.location;
    window.history.replaceState(null, "", `${pathname}${writeLogAddress(search, next)}${hash}`);
  };
  return [address, change];
}
