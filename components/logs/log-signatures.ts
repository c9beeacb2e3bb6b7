import type { LogLine } from "@/lib/domain/log-line.ts";
import type { SlotColor } from "@/lib/domain/slot.ts";

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

/** Kinds of error per side, to tell those that only one of them has. */
export class ErrorSignatures {
  #seen: Record<SlotColor, Set<string>> = { blue: new Set(), green: new Set() };

  add(line: LogLine): void {
    if (line.level !== "error" || line.slot === null) return;
    const seen = this.#seen[line.slot];
    if (seen.size < MAX_SIGNATURES) seen.add(signatureOf(line.text));
  }

  /** How many kinds of error were seen on this side and not on the other. */
  onlyIn(color: SlotColor): number {
    const other = this.#seen[color === "blue" ? "green" : "blue"];
    return [...this.#seen[color]].filter((signature) => !other.has(signature)).length;
  }
}
