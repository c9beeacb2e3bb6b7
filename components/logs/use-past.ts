"use client";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useSaid } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { LogRow } from "./log-buffer.ts";
import type { LogStore } from "./log-store.ts";
import type { LogAddress } from "./use-address.ts";

/** A page of the past, as the server answers it. */
interface PastPage {
  lines: LogLine[];
  from: number;
  to: number;
  isComplete: boolean;
}

/** Asks for a page; throws with the server's words. */
export type ReadPage = (query: Readonly<Record<string, string>>) => Promise<PastPage>;

const PAGE_LINES = "500";

/** Marks may stand long before the first line. */
const oldestLine = (store: LogStore) => store.buffer.rows.find(({ kind }) => kind === "line")?.at;

/** Loads the lines around a moment into the store. */
export async function loadAround(store: LogStore, read: ReadPage, at: number): Promise<void> {
  const oldest = oldestLine(store) ?? Number.POSITIVE_INFINITY;
  const [older, newer] = await Promise.all([
    read({ before: String(at), limit: PAGE_LINES }),
    read({ after: String(at), limit: PAGE_LINES }),
  ]);
  const isCut = !newer.isComplete && newer.to < oldest;
  store.addPast([...older.lines, ...newer.lines], isCut ? { from: newer.to + 1, to: oldest } : undefined);
}

/** Loads the page before the oldest line; answers the moment that was the oldest, and whether there is more before it. */
export async function loadOlder(
  store: LogStore,
  read: ReadPage,
  now: number,
): Promise<{ at: number; isComplete: boolean }> {
  const at = oldestLine(store) ?? now;
  const page = await read({ before: String(at), limit: PAGE_LINES });
  const { added } = store.addPast(page.lines);
  if (added.length > 0 || page.isComplete) return { at, isComplete: page.isComplete };
  // A moment with more lines than a page holds, or nothing found as far as was looked.
  const next = await read({ before: String(Math.min(at - 1, page.from)), limit: PAGE_LINES });
  store.addPast(next.lines);
  return { at, isComplete: next.isComplete };
}

/** Loads the page after a row that stands for lines that were not loaded; what is missing still has a row again. */
export async function loadNewer(store: LogStore, read: ReadPage, gap: LogRow): Promise<void> {
  const next = store.buffer.rows.find(({ kind, at }) => kind === "line" && at > gap.at)?.at ?? Number.POSITIVE_INFINITY;
  const page = await read({ after: String(gap.at), limit: PAGE_LINES });
  store.closeGap(gap.id);
  const isCut = !page.isComplete && page.to < next;
  store.addPast(page.lines, isCut ? { from: page.to + 1, to: next } : undefined);
}

/** How the past of one application's log is read in this tab. */
export interface Past {
  /** The moment that the lists are to show. */
  target: { at: number } | null;
  isBusy: boolean;
  message: string | Sentence | null;
  loadOlder: () => void;
  /** The same for whoever scrolls there: what they look at stays where it is. */
  loadOlderAbove: () => void;
  loadNewer: (gap: LogRow) => void;
  /** Another object whenever lines have come in above or below what is looked at. */
  grown: object | null;
}

/** Goes to the address's moment whenever it changes, and loads older lines when asked. */
export function usePast(
  application: string,
  store: LogStore,
  { at, line }: Pick<LogAddress, "at" | "line">,
  onGo: () => void,
): Past {
  const [target, setTarget] = useState<{ at: number } | null>(null);
  const said = useSaid();
  const [isBusy, setBusy] = useState(false);
  const [grown, setGrown] = useState<object | null>(null);
  const [hasAll, setHasAll] = useState(false);
  const [message, setMessage] = useState<string | Sentence | null>(null);
  const read: ReadPage = (query) => readPage(application, query);
  const begun = useRef(0);
  /** Whoever asks for something else meanwhile, or follows again, is not taken to what was asked for before. */
  const work = async (load: (isNewest: () => boolean) => Promise<Sentence | null>) => {
    const mine = ++begun.current;
    const isNewest = () => mine === begun.current;
    setBusy(true);
    try {
      const words = await load(isNewest);
      if (isNewest()) setMessage(words);
    } catch (error) {
      if (isNewest())
        setMessage(error instanceof Error && error.message !== "" ? error.message : say("logs.pastNotLoaded"));
    } finally {
      if (isNewest()) setBusy(false);
    }
  };
  const forget = useEffectEvent(() => {
    begun.current++;
    setBusy(false);
    setTarget(null);
  });
  const go = useEffectEvent((to: number) => {
    onGo();
    void work(async (isNewest) => {
      await loadAround(store, read, to);
      if (isNewest()) setTarget({ at: to });
      return line === null || store.buffer.has(line) ? null : say("logs.linkGone");
    });
  });
  useEffect(() => {
    if (at === null) forget();
    else go(at);
  }, [at]);
  const grow = (load: () => Promise<Sentence | null>) => {
    if (isBusy) return;
    void work(async () => {
      const words = await load();
      setGrown({});
      return words;
    });
  };
  return {
    target,
    grown,
    loadNewer: (gap) => grow(() => loadNewer(store, read, gap).then(() => null)),
    loadOlderAbove() {
      if (hasAll) return;
      grow(async () => {
        const { isComplete } = await loadOlder(store, read, Date.now());
        setHasAll(isComplete);
        // Read out alone: a bar that opens would move what is looked at.
        if (isComplete) announce(said(say("logs.noOlder")));
        return null;
      });
    },
    isBusy,
    message,
    loadOlder() {
      onGo();
      void work(async (isNewest) => {
        const before = await loadOlder(store, read, Date.now());
        if (isNewest()) setTarget({ at: before.at });
        return before.isComplete ? say("logs.noOlder") : null;
      });
    },
  };
}

async function readPage(application: string, query: Readonly<Record<string, string>>): Promise<PastPage> {
  const path = `/api/v1/applications/${encodeURIComponent(application)}/logs/history`;
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, { cache: "no-store" });
  if (response.ok) return (await response.json()) as PastPage;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new Error(problem.detail ?? "");
}
