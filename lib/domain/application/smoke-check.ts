import { type Sentence, say } from "../sentence/sentence.ts";
import { englishOf, lineMembers, type Told } from "../sentence/told.ts";
import { cutText } from "../text/cut-text.ts";
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
  /** What was expected and what came, in English. */
  message: string;
  /** `message` in no language yet. */
  said?: Sentence;
}

/** What came back: an answer with the beginning of its body, or the reason why none came. */
export type SmokeAnswer = { status: number; body: string; location: string | null } | { status: null; failure: Told };

const SHOWN = 200;

/** Whether the answer is as expected, and in words what was expected and what came. */
export function judgeSmoke(
  check: SmokeCheck,
  answer: SmokeAnswer,
  asked: Pick<SmokeResult, "at" | "tries" | "url" | "tookMs">,
): SmokeResult {
  const { status, text } = check;
  const wanted = text === null ? String(status) : say("smoke.with", { status, text: shown(text) });
  const { url, tookMs } = asked;
  if (answer.status === null) {
    const said = say("smoke.none", { url, wanted, why: answer.failure });
    return { ...asked, ok: false, status: null, got: englishOf(answer.failure), ...lineMembers(said) };
  }
  const hasText = text === null || answer.body.normalize("NFC").includes(text.normalize("NFC"));
  const ok = answer.status === status && hasText;
  const got = shown(answer.body);
  const led =
    answer.location === null
      ? String(answer.status)
      : say("smoke.leading", { status: answer.status, to: shown(answer.location) });
  const came = got === "" ? say("smoke.withoutText", { status: led }) : say("smoke.with", { status: led, text: got });
  const said = ok ? say("smoke.answered", { url, wanted, ms: tookMs }) : say("smoke.other", { url, wanted, came });
  return { ...asked, ok, status: answer.status, got, ...lineMembers(said) };
}

/** One line of somebody else's text, without what a terminal or page could stumble over. */
function shown(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > SHOWN ? `${cutText(line, SHOWN)}…` : line;
}
