import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import { errorsSaid, matchSaid } from "./log-announcements.ts";
import type { BufferChange, LogRow } from "./log-buffer.ts";
import type { LogStore } from "./log-store.ts";
import type { LogView, ViewSettings } from "./log-view.ts";

/** A search through everything that is kept is done in parts of this length, the newest first, and the page goes on between them. */
const SEARCH_MS = 24;
/** No faster than it can be listened to. */
const SAID_EVERY_MS = 5000;
/** How many new rows are kept for the next announcement. */
const HEARD_ROWS = 1000;

/** What a pane does when its view has changed. */
interface Pane {
  settings: ViewSettings;
  isFollowing(): boolean;
  /** The view was searched with new settings, as far as it has come by now. */
  onSearched(): void;
  onChange(change: BufferChange): void;
  /** For those who do not see the rows. */
  announce(said: Sentence): void;
}

/** Searches the store's lines for a view and keeps it up with what comes, until the answered function is called. */
export function followStore(store: LogStore, view: LogView, pane: Pane): () => void {
  const { settings } = pane;
  const budget = { ms: SEARCH_MS, clock: () => performance.now() };
  let timer: ReturnType<typeof setTimeout> | null = null;
  const goOn = () => {
    timer = null;
    view.more(store.buffer.rows, budget);
    finish();
  };
  const finish = () => {
    pane.onSearched();
    if (!view.isComplete) timer = setTimeout(goOn);
    else if (settings.filter.source) pane.announce(matchSaid(view.rows.length, settings.slot, settings.filter.source));
  };
  view.reset(settings, store.buffer.rows, budget);
  finish();
  const hear = errorReader(pane);
  const leave = store.subscribe((change) => {
    view.apply(change, store.buffer.rows);
    hear(change);
    pane.onChange(change);
  });
  return () => {
    leave();
    if (timer !== null) clearTimeout(timer);
  };
}

/** Announces new errors, those of the last seconds together. */
function errorReader({ settings, isFollowing, announce }: Pane): (change: BufferChange) => void {
  let heard: LogRow[] = [];
  let saidAt = 0;
  return ({ added }) => {
    if (isFollowing()) heard = [...heard, ...added].slice(-HEARD_ROWS);
    if (performance.now() - saidAt < SAID_EVERY_MS) return;
    const errors = errorsSaid(heard, settings);
    heard = [];
    if (!errors) return;
    saidAt = performance.now();
    announce(errors);
  };
}
