/** Lines of one stream whose times CloudWatch received long before or after them. Times are epoch ms. */
export interface ClockSkew {
  stream: string;
  /** How far the stream's clock is ahead of CloudWatch's, in ms; negative where it is behind. */
  offsetMs: number;
}

/** Of each stream, the lines that are compared: one that is late is no clock that is wrong. */
const SAMPLE = 5;
/** No line can be received before it was written; clocks that are kept by NTP differ by less. */
const AHEAD_MS = 60_000;
/** A line may wait for the agent that sends it; this long it waits only while something is broken. */
const BEHIND_MS = 10 * 60_000;
/** A backlog that is sent at once comes from ever nearer to now, a clock that is wrong stays as wrong. */
const STEADY_MS = 30_000;
const MOST_STREAMS = 2000;

/** Compares when lines say they were written with when CloudWatch had them, stream by stream. */
export class ClockSkews {
  readonly #offsets = new Map<string, number[]>();
  readonly #told = new Map<string, number>();

  /** What is to be told now, once for each stream until it changes by more than a minute; null for nothing. */
  note(stream: string, at: number, ingestedAt: number): ClockSkew | null {
    if (!(ingestedAt > 0)) return null;
    const offsets = [...(this.#offsets.get(stream) ?? []), at - ingestedAt].slice(-SAMPLE);
    this.#offsets.delete(stream);
    this.#offsets.set(stream, offsets);
    for (const oldest of this.#offsets.keys()) {
      if (this.#offsets.size <= MOST_STREAMS) break;
      this.#offsets.delete(oldest);
      this.#told.delete(oldest);
    }
    const skew = skewOf(offsets);
    const told = this.#told.get(stream);
    if (skew === null) {
      if (offsets.length === SAMPLE) this.#told.delete(stream);
      return null;
    }
    if (told !== undefined && Math.abs(told - skew) <= 60_000) return null;
    this.#told.set(stream, skew);
    return { stream, offsetMs: skew };
  }

  /** What was told and still is so, for those who come later. */
  current(): ClockSkew[] {
    return [...this.#told].map(([stream, offsetMs]) => ({ stream, offsetMs }));
  }
}

function skewOf(offsets: readonly number[]): number | null {
  if (offsets.length < SAMPLE) return null;
  const sorted = [...offsets].sort((a, b) => a - b);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  const middle = sorted[Math.floor(SAMPLE / 2)] ?? 0;
  if (most - least > STEADY_MS) return null;
  return middle >= AHEAD_MS || middle <= -BEHIND_MS ? middle : null;
}
