/** A stream begins with an event at once, and has one every 15 s at least: a `ping` where there is nothing else. */
const FIRST_MS = 10_000;
const SILENCE_MS = 45_000;
/** One silence may be a lost connection or a machine that slept. */
const SILENCES_THAT_TELL = 2;
/** Of so many brief streams in a row the first event came within this time: nothing holds them back, or not any more. */
const PROMPT_MS = 2000;
const PROMPT_STREAMS = 3;

/** What the watch needs from the outside. */
export interface SilencePorts {
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  now(): number;
}

/**
 * Notices that nothing comes of a stream: its end was swallowed, or something in between holds it back until it has enough. Such a
 * stream is asked for briefly (`?briefly=1`): the server ends it after seconds, and with the end what was held back comes.
 */
export class SilenceWatch {
  readonly #ports: SilencePorts;
  readonly #onSilent: () => void;
  #timer: unknown = null;
  #inARow = 0;
  #isHeldBack = false;
  /** Of the stream that is asked for; null once something came of it. */
  #openedAt: number | null = null;
  #promptInARow = 0;

  constructor(ports: SilencePorts, onSilent: () => void) {
    this.#ports = ports;
    this.#onSilent = onSilent;
  }

  /** Whether streams have been silent so often that they are asked for briefly. */
  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }

  /** Silences since a stream last proved to flow. */
  get inARow(): number {
    return this.#inARow;
  }

  /** A stream is asked for. */
  opened(): void {
    this.#openedAt = this.#ports.now();
    this.#wait(FIRST_MS);
  }

  /** Something came; a `ping` comes when it is due, or with what was held back before it. */
  heard(isPing = false): void {
    if (this.#isHeldBack && this.#openedAt !== null) this.#judge(this.#ports.now() - this.#openedAt);
    this.#openedAt = null;
    if (isPing || this.#isHeldBack) this.#inARow = 0;
    this.#wait(SILENCE_MS);
  }

  stop(): void {
    if (this.#timer !== null) this.#ports.clearTimer(this.#timer);
    this.#timer = null;
  }

  #judge(firstAfterMs: number): void {
    this.#promptInARow = firstAfterMs < PROMPT_MS ? this.#promptInARow + 1 : 0;
    if (this.#promptInARow < PROMPT_STREAMS) return;
    this.#isHeldBack = false;
    this.#promptInARow = 0;
  }

  #wait(ms: number): void {
    this.stop();
    this.#timer = this.#ports.setTimer(() => {
      this.#timer = null;
      if (++this.#inARow >= SILENCES_THAT_TELL) this.#isHeldBack = true;
      this.#onSilent();
    }, ms);
  }
}
