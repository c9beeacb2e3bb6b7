import { signatureOf } from "@/lib/domain/log/signature.ts";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import { otherColor, type SlotColor } from "@/lib/domain/observation/slot.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";

const MAX_SIGNATURES = 2000;
const MAX_TEXT = 300;
/** Both sides must have been heard for this long before one is said to have what the other has not. */
const COMPARABLE_MS = 30_000;

/** One kind of error: its newest line, how often it was seen, and from when to when (epoch ms). */
interface SeenError {
  signature: string;
  text: string;
  count: number;
  firstAt: number;
  lastAt: number;
}

/** From when to when a side's lines were heard. */
interface Span {
  from: number;
  to: number;
}

/** Kinds of error per side, to tell those that only one of them has. */
export class ErrorSignatures {
  #seen: Record<SlotColor, Map<string, SeenError>> = { blue: new Map(), green: new Map() };
  /** More kinds than are kept were seen there. */
  #isFull: Record<SlotColor, boolean> = { blue: false, green: false };
  #spans: Partial<Record<SlotColor, Span>> = {};

  add(line: LogLine): void {
    if (line.slot === null) return;
    const span = this.#spans[line.slot];
    this.#spans[line.slot] = { from: Math.min(span?.from ?? line.at, line.at), to: Math.max(span?.to ?? 0, line.at) };
    if (line.level !== "error") return;
    const seen = this.#seen[line.slot];
    const signature = signatureOf(line.text);
    const before = seen.get(signature);
    if (!before && seen.size >= MAX_SIGNATURES) {
      this.#isFull[line.slot] = true;
      return;
    }
    seen.set(signature, {
      signature,
      text: cutText(line.text, MAX_TEXT),
      count: (before?.count ?? 0) + 1,
      firstAt: Math.min(before?.firstAt ?? line.at, line.at),
      lastAt: Math.max(before?.lastAt ?? 0, line.at),
    });
  }

  /** How many kinds of error were seen on this side and not on the other. */
  onlyIn(color: SlotColor): number {
    return this.listOnlyIn(color).length;
  }

  /**
   * Those kinds, the most frequent first. Only what was seen while the other side was heard as well counts, and nothing before
   * that was long enough to say something.
   */
  listOnlyIn(color: SlotColor): SeenError[] {
    const other = this.#seen[otherColor(color)];
    const from = this.#comparableFrom();
    // What the other side has not may be among what was not kept of it.
    if (from === null || this.#isFull[otherColor(color)]) return [];
    const only = [...this.#seen[color].values()].filter(
      ({ signature, lastAt }) => !other.has(signature) && lastAt >= from,
    );
    return only.sort((a, b) => b.count - a.count);
  }

  /** Since when both sides were heard (epoch ms); null while that is too short a time. */
  #comparableFrom(): number | null {
    const { blue, green } = this.#spans;
    if (!blue || !green) return null;
    const from = Math.max(blue.from, green.from);
    return Math.max(blue.to, green.to) - from >= COMPARABLE_MS ? from : null;
  }
}
