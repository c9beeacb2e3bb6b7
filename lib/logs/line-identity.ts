import { createHmac, randomBytes } from "node:crypto";
import type { RawLogLine } from "../aws/logs.ts";
import { readColours } from "../domain/log/ansi.ts";
import { detectLevel } from "../domain/log/log-level.ts";
import { maskSecrets } from "../domain/log/secrets.ts";
import type { LogLine } from "../domain/observation/log-line.ts";

/** A line before anybody decided whose side it is. */
export type TailedLine = Omit<LogLine, "slot" | "taskId">;

/** Next may load this module twice in one process; the key is the process's all the same. */
const KEY = Symbol.for("switchyard.line-key");
const process_ = globalThis as { [KEY]?: string };
process_[KEY] ??= randomBytes(32).toString("base64url");

/** From now on ids are made with this secret: replicas that share it, and the next start, make the same. */
export function setLineKey(secret: string): void {
  process_[KEY] = `line ids\0${secret}`;
}

/**
 * Gives lines their ids: what they say, and which of the equal ones they are. A live tail has no event ids, so this is
 * what makes the same line from a tail and from a search equal. Every source counts with a numbering of its own.
 * Keyed, because ids are sent to readers: with a plain hash they could try out what is masked.
 */
export class LineNumbering {
  #counts = new Map<string, number>();

  idOf(line: RawLogLine): string {
    const hash = createHmac("sha256", process_[KEY] ?? "")
      .update(line.stream)
      .update("\0")
      .update(line.message)
      .digest("base64url");
    const key = `${line.at.toString(36)}-${hash.slice(0, 16)}`;
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    if (this.#counts.size > 300_000) this.#forget();
    return `${key}-${count}`;
  }

  #forget(): void {
    const keys = [...this.#counts.entries()];
    this.#counts = new Map(keys.slice(keys.length / 2));
  }
}

/** Ids that were passed on, for as long as another source may still bring them. */
export class SeenLines {
  readonly #seenAt = new Map<string, number>();

  /** False when the id was seen before. */
  add(id: string, now: number): boolean {
    if (this.#seenAt.has(id)) return false;
    this.#seenAt.set(id, now);
    return true;
  }

  /** Forgets what was seen before `time`. */
  forgetBefore(time: number): void {
    for (const [id, seenAt] of this.#seenAt) {
      if (seenAt >= time) return;
      this.#seenAt.delete(id);
    }
  }
}

/** Makes a line fit to show: plain text without secrets. */
export function toTailedLine(raw: RawLogLine, id: string): TailedLine {
  const { text: plain, colours } = readColours(raw.message);
  const text = maskSecrets(plain);
  // An object is read whole: its level may stand behind a message that is cut for display.
  const level = detectLevel(/^\s*\{/.test(raw.message) ? raw.message : text);
  // Where something was masked the places are others.
  const isColoured = colours.length > 0 && text === plain;
  return { id, at: raw.at, stream: raw.stream, level, text, ...(isColoured ? { colours } : {}) };
}
