import { isRead } from "./calls.ts";
import type { Clock } from "./clock.ts";
import type { Answer } from "./protocol/answer.ts";
import type { ApiCall, Interceptor } from "./protocol/api-call.ts";

/** Remembers answers to reads, so that a fault can answer with how the world was a moment ago. */
export interface EarlierAnswers {
  /** Goes next to the handler: remembers what it answers. */
  remember: Interceptor;
  /** The answer to the same call `ageMs` ago; the oldest known when none is that old, null when none is known. */
  find(call: ApiCall, ageMs: number): Answer | null;
  reset(): void;
}

interface Earlier {
  at: number;
  answer: Answer;
  body: Buffer;
}

/** The oldest state a fault may ask for. */
export const MAX_AGE_MS = 60_000;
const MAX_BYTES = 16 * 1024 * 1024;
const REQUEST_ID = "00000000-0000-0000-0000-000000000000";

/** Holds at most a minute and 16 MB; an answer equal to the one before costs nothing. */
export function createEarlierAnswers(clock: Clock): EarlierAnswers {
  const histories = new Map<string, Earlier[]>();
  let bytes = 0;

  const keep = (key: string, answer: Answer, requestId: string): void => {
    if (!(answer.body instanceof Uint8Array)) return;
    const history = histories.get(key) ?? [];
    // Query answers carry their request id in the body; without it equal states have equal bodies.
    const body = replaceText(answer.body, requestId, REQUEST_ID);
    const last = history.at(-1);
    if (!last?.body.equals(body)) {
      history.push({ at: clock.now(), answer, body });
      bytes += body.length;
    }
    while (history.length > 1 && (history[1]?.at ?? 0) <= clock.now() - MAX_AGE_MS) {
      bytes -= history.shift()?.body.length ?? 0;
    }
    // Set again, so that the calls not made for longest come first when room is needed.
    histories.delete(key);
    histories.set(key, history);
    for (const [oldKey, old] of histories) {
      if (bytes <= MAX_BYTES) break;
      histories.delete(oldKey);
      for (const entry of old) bytes -= entry.body.length;
    }
  };

  return {
    async remember(call, next) {
      const answer = await next();
      if (isRead(call.operation)) keep(keyOf(call), answer, call.requestId);
      return answer;
    },
    find(call, ageMs) {
      const history = histories.get(keyOf(call)) ?? [];
      const earlier = history.findLast((entry) => entry.at <= clock.now() - ageMs) ?? history[0];
      if (!earlier) return null;
      const body = replaceText(earlier.body, REQUEST_ID, call.requestId);
      return { ...earlier.answer, headers: { ...earlier.answer.headers, "x-amzn-requestid": call.requestId }, body };
    },
    reset() {
      histories.clear();
      bytes = 0;
    },
  };
}

function keyOf(call: ApiCall): string {
  return `${call.service}.${call.operation} ${call.body}`;
}

function replaceText(body: Uint8Array, from: string, to: string): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.includes(from) ? Buffer.from(bytes.toString("utf8").replaceAll(from, to)) : bytes;
}
