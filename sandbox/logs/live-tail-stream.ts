import type { StartLiveTailResponseStream } from "@aws-sdk/client-cloudwatch-logs";

const MAX_BUFFERED_UPDATES = 10;
const MAX_BUFFERED_EVENTS = 5000;

/** What a Live Tail client has not read yet: ten updates or 5,000 events, then the oldest are dropped, as on AWS. */
export class LiveTailStream implements AsyncIterable<StartLiveTailResponseStream> {
  /** Called when the reader stops before the end. */
  onAbandoned: () => void = () => {};
  #queue: StartLiveTailResponseStream[] = [];
  #isEnded = false;
  #wake: (() => void) | null = null;

  push(message: StartLiveTailResponseStream): void {
    if (this.#isEnded) return;
    this.#queue.push(message);
    while (this.#isOverfull()) {
      const oldest = this.#queue.findIndex((queued) => queued.sessionUpdate);
      this.#queue.splice(oldest, 1);
    }
    this.#wake?.();
  }

  /** What is buffered is still delivered. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  #isOverfull(): boolean {
    const updates = this.#queue.flatMap((message) => (message.sessionUpdate ? [message.sessionUpdate] : []));
    const events = updates.reduce((sum, update) => sum + (update.sessionResults?.length ?? 0), 0);
    return updates.length > MAX_BUFFERED_UPDATES || events > MAX_BUFFERED_EVENTS;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StartLiveTailResponseStream> {
    try {
      for (;;) {
        const message = this.#queue.shift();
        if (message) yield message;
        else if (this.#isEnded) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          this.#wake = null;
        }
      }
    } finally {
      this.onAbandoned();
    }
  }
}
