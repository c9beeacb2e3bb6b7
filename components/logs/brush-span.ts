/** A part of the strip: the indexes of its first and last bucket. */
export interface BrushSpan {
  first: number;
  last: number;
}

/** The part that a key leaves; undefined for a key that means nothing here, null for no part. */
export function spanAfterKey(
  span: BrushSpan | null,
  key: string,
  isShift: boolean,
  count: number,
): BrushSpan | null | undefined {
  if (key === "Escape") return span ? null : undefined;
  const step = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
  if (step === 0 && key !== "Home" && key !== "End") return undefined;
  if (!span) return { first: Math.max(0, count - 5), last: count - 1 };
  if (key === "Home" || key === "End") {
    const width = span.last - span.first;
    return key === "Home" ? { first: 0, last: width } : { first: count - 1 - width, last: count - 1 };
  }
  if (isShift) return { first: span.first, last: clamp(span.last + step, span.first, count - 1) };
  if (span.first + step < 0 || span.last + step >= count) return span;
  return { first: span.first + step, last: span.last + step };
}

/** The part between two places on the strip, in either order; places are shares of its width. */
export function spanBetween(from: number, to: number, count: number): BrushSpan {
  const index = (share: number) => clamp(Math.floor(share * count), 0, count - 1);
  return { first: index(Math.min(from, to)), last: index(Math.max(from, to)) };
}

const TIMES = /(?:^|\s)(?:after|before):\S+/g;

/** The filter with these times (epoch ms) in the place of those that it had; without any for null. */
export function withTimes(filter: string, times: { from: number; to: number } | null): string {
  const rest = filter.replace(TIMES, "").trim();
  if (times === null) return rest;
  const iso = (at: number) => new Date(at).toISOString().replace(".000", "");
  return `${rest} after:${iso(times.from)} before:${iso(times.to)}`.trim();
}

/** The times that a filter has, written as dates; null where it has not both. */
export function timesOf(filter: string): { from: number; to: number } | null {
  const of = (key: string) => Date.parse(new RegExp(`(?:^|\\s)${key}:(\\d{4}\\S+)`).exec(filter)?.[1] ?? "");
  const [from, to] = [of("after"), of("before")];
  return Number.isNaN(from) || Number.isNaN(to) || to <= from ? null : { from, to };
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
