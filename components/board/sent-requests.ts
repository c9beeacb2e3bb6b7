import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";

/** A click that was sent, and of which no answer has come yet. */
export interface SentRequest {
  key: string;
  /** "Switch to green". */
  name: string;
  /** Epoch ms of the browser's clock. */
  at: number;
}

/** The part of the browser's storage that is used. */
export type KeptIn = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Longer ago nobody waits for an answer. */
const KEPT_MS = 60 * 60 * 1000;

function placeOf(application: string): string {
  return `switchyard:sent:${application}`;
}

/** Kept before it is sent, so that a page that is closed or loaded anew still finds it. */
export function keepSent(storage: KeptIn, application: string, sent: SentRequest): void {
  write(storage, application, [...readSent(storage, application, sent.at), sent]);
}

/** Its answer is known. */
export function forgetSent(storage: KeptIn, application: string, key: string, now: number): void {
  write(
    storage,
    application,
    readSent(storage, application, now).filter((sent) => sent.key !== key),
  );
}

/** What was sent for this application and never answered, oldest first; what cannot be read counts as nothing. */
export function readSent(storage: KeptIn, application: string, now: number): SentRequest[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(placeOf(application)) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isSent).filter(({ at }) => now - at < KEPT_MS) : [];
  } catch {
    return [];
  }
}

function isSent(value: unknown): value is SentRequest {
  const { key, name, at } = (value ?? {}) as Partial<Record<keyof SentRequest, unknown>>;
  return typeof key === "string" && typeof name === "string" && typeof at === "number";
}

function write(storage: KeptIn, application: string, sent: readonly SentRequest[]): void {
  try {
    if (sent.length === 0) storage.removeItem(placeOf(application));
    else storage.setItem(placeOf(application), JSON.stringify(sent));
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

/** What became of a click without an answer, as far as it was asked. */
export type Outcome = { state: "asking" } | { state: "unknown" } | { state: "done"; deploymentId: string };

/** Asked sooner, it may still be on its way. */
const ON_ITS_WAY_MS = 15_000;

/** Reads one answer to the question for its key; `found` is null when nothing is known of it, undefined when nobody answered. */
export function outcomeOf(sent: SentRequest, found: string | null | undefined, now: number): Outcome {
  if (found) return { state: "done", deploymentId: found };
  return found === null && now - sent.at > ON_ITS_WAY_MS ? { state: "unknown" } : { state: "asking" };
}

/** The outcome in words, with what to do. */
export function outcomeSaid({ name }: SentRequest, outcome: Outcome): { message: Sentence; fix: Sentence } {
  switch (outcome.state) {
    case "asking":
      return {
        message: say("board.sent.asking", { name }),
        fix: say("board.sent.askingFix"),
      };
    case "unknown":
      return { message: say("board.sent.unknown", { name }), fix: say("board.sent.unknownFix") };
    case "done":
      return { message: say("board.sent.done", { name }), fix: say("board.sent.doneFix") };
  }
}
