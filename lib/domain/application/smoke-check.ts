import { cutText } from "../log/plain-text.ts";
/** One request through the test listener that a release has to answer as expected before it waits for its switch. */
export interface SmokeCheck {
  /** Path and query, asked of `testUrl`'s own origin. */
  path: string;
  status: number;
  /** Text that the answer has to hold; null asks for none. */
  text: string | null;
  /** Longest time for one answer. */
  timeoutSeconds: number;
}

/** The load balancer needs a moment to take new weights, so a first answer may still be the other side's. */
export const SMOKE_TRIES = 3;

/** What came of one; texts of the answer are somebody else's words, cut to length. Times are epoch ms. */
export interface SmokeResult {
  ok: boolean;
  at: number;
  /** Which try it was, from 1. */
  tries: number;
  url: string;
  tookMs: number;
  /** Null when no answer came. */
  status: number | null;
  /** The beginning of the answer, or why none came. */
  got: string;
  /** In words, what was expected and what came. */
  message: string;
}

/** What came back: an answer with the beginning of its body, or the reason why none came. */
export type SmokeAnswer = { status: number; body: string; location: string | null } | { status: null; failure: string };

const SHOWN = 200;

/** Whether the answer is as expected, and in words what was expected and what came. */
export function judgeSmoke(
  check: SmokeCheck,
  answer: SmokeAnswer,
  asked: Pick<SmokeResult, "at" | "tries" | "url" | "tookMs">,
): SmokeResult {
  const wanted = `${check.status}${check.text === null ? "" : ` with ${quoted(check.text)}`}`;
  const { url } = asked;
  if (answer.status === null) {
    const message = `${url} should answer ${wanted}; ${answer.failure}`;
    return { ...asked, ok: false, status: null, got: answer.failure, message };
  }
  const hasText = check.text === null || answer.body.includes(check.text);
  const ok = answer.status === check.status && hasText;
  const got = shown(answer.body);
  const led = answer.location === null ? "" : ` leading to ${shown(answer.location)}, which is not followed`;
  const came = `${answer.status}${led}${got === "" ? " without a text" : ` with ${quoted(got)}`}`;
  const message = ok
    ? `${url} answered ${wanted} in ${asked.tookMs} ms`
    : `${url} should answer ${wanted}; it answered ${came}`;
  return { ...asked, ok, status: answer.status, got, message };
}

/** One line of somebody else's text, without what a terminal or page could stumble over. */
function shown(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > SHOWN ? `${cutText(line, SHOWN)}…` : line;
}

function quoted(text: string): string {
  return `"${shown(text)}"`;
}
