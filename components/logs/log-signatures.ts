import { cutText } from "@/lib/domain/log/plain-text.ts";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";

const MAX_SIGNATURES = 2000;

/** A line with what differs from one occurrence to the next taken out: numbers, ids, addresses, quoted values. */
export function signatureOf(text: string): string {
  return text
    .slice(0, 300)
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/gi, "#")
    .replace(/\b(?=\w*\d)[0-9a-f]{8,}\b/gi, "#")
    .replace(/"[^"]*"|'[^']*'/g, '"#"')
    .replace(/\d+/g, "#")
    .trim();
}

/** One kind of error: its newest line and how often it was seen. */
interface SeenError {
  signature: string;
  text: string;
  count: number;
}

/** Kinds of error per side, to tell those that only one of them has. */
export class ErrorSignatures {
  #seen: Record<SlotColor, Map<string, SeenError>> = { blue: new Map(), green: new Map() };

  add(line: LogLine): void {
    if (line.level !== "error" || line.slot === null) return;
    const seen = this.#seen[line.slot];
    const signature = signatureOf(line.text);
    const count = (seen.get(signature)?.count ?? 0) + 1;
    if (count > 1 || seen.size < MAX_SIGNATURES)
      seen.set(signature, { signature, text: cutText(line.text, 300), count });
  }

  /** How many kinds of error were seen on this side and not on the other. */
  onlyIn(color: SlotColor): number {
    return this.listOnlyIn(color).length;
  }

  /** Those kinds, the most frequent first. */
  listOnlyIn(color: SlotColor): SeenError[] {
    const other = this.#seen[color === "blue" ? "green" : "blue"];
    const only = [...this.#seen[color].values()].filter(({ signature }) => !other.has(signature));
    return only.sort((a, b) => b.count - a.count);
  }
}
