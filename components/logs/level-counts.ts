import { LOG_LEVELS, type LogLevel } from "@/lib/domain/log/level-words.ts";
import { type LevelCount, NO_LEVELS } from "./log-view.ts";

/** How many of the lines that the panes show are of each level: each pane tells its own, the sum is drawn. */
export class LevelCounts {
  #ofPanes = new Map<string, LevelCount>();
  #total: LevelCount = NO_LEVELS;
  #listeners = new Set<() => void>();

  /** Null where the pane is gone. */
  set(pane: string, counts: LevelCount | null): void {
    if (counts) this.#ofPanes.set(pane, counts);
    else this.#ofPanes.delete(pane);
    const total = { ...NO_LEVELS };
    for (const each of this.#ofPanes.values()) for (const level of LOG_LEVELS) total[level] += each[level];
    if (LOG_LEVELS.every((level) => total[level] === this.#total[level])) return;
    this.#total = total;
    for (const listener of this.#listeners) listener();
  }

  /** The same object until a count changes. */
  total = (): LevelCount => this.#total;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

const WORD = /(?:^|\s)level:(\S+)/i;

/** The level that a filter asks for, with all that are louder; null for any. A pattern asks for none. */
export function levelOf(filter: string): LogLevel | null {
  const word = isPattern(filter) ? null : WORD.exec(filter)?.[1]?.toLowerCase();
  return LOG_LEVELS.find((level) => level === word || (level === "warn" && word === "warning")) ?? null;
}

/** The filter with this level in the place of any other; null takes it out. */
export function withLevel(filter: string, level: LogLevel | null): string {
  const rest = filter.replaceAll(new RegExp(WORD, "gi"), " ").trim();
  return level === null ? rest : `level:${level} ${rest}`.trim();
}

/** Whether the whole filter is one regular expression, to which nothing can be added. */
export function isPattern(filter: string): boolean {
  return /^\s*\//.test(filter);
}
