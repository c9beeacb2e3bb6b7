/** Lines and errors of one span of time. */
export interface RateBucket {
  lines: number;
  errors: number;
}

/** Lines per second over the last minutes, for the strip above the log. */
export class LogRate {
  readonly bucketMs: number;
  readonly count: number;
  #buckets = new Map<number, RateBucket>();
  #newestAt: number | null = null;

  constructor(bucketMs = 1000, count = 120) {
    this.bucketMs = bucketMs;
    this.count = count;
  }

  /** When the newest line was written, by its own clock; null before the first. */
  get newestAt(): number | null {
    return this.#newestAt;
  }

  add(at: number, isError: boolean): void {
    this.#newestAt = Math.max(this.#newestAt ?? at, at);
    const key = Math.floor(at / this.bucketMs);
    const bucket = this.#buckets.get(key) ?? { lines: 0, errors: 0 };
    bucket.lines++;
    if (isError) bucket.errors++;
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.count * 4) this.#forget(key - this.count * 2);
  }

  #forget(before: number): void {
    for (const key of this.#buckets.keys()) if (key < before) this.#buckets.delete(key);
  }

  /** The newest buckets, oldest first, ending with the one that `now` is in. */
  buckets(now: number): RateBucket[] {
    const last = Math.floor(now / this.bucketMs);
    return Array.from(
      { length: this.count },
      (_, i) => this.#buckets.get(last - this.count + 1 + i) ?? { lines: 0, errors: 0 },
    );
  }

  /** Lines a second over the last `seconds` whole ones. */
  perSecond(now: number, seconds = 5): number {
    const last = Math.floor(now / this.bucketMs);
    let lines = 0;
    for (let i = 1; i <= seconds; i++) lines += this.#buckets.get(last - i)?.lines ?? 0;
    return lines / seconds / (this.bucketMs / 1000);
  }
}
