import { fillTemplates } from "../log/signature-corpus.ts";
import { compareErrorKinds, type ErrorComparison, sidesOf } from "./error-kinds.ts";
import type { LogLine } from "./log-line.ts";

/** How a deployment is replayed: both sides run the same version, so that whatever is called new is called so wrongly. */
interface Replay {
  /** Message templates; a line's kind is its template. */
  templates: readonly string[];
  /** Part of the requests on green from the shift on; 1 where all of them went over at once. */
  share: number;
  /** How long it is watched. */
  minutes: number;
  /** Answers 0 to 1. */
  random: () => number;
}

const MINUTE_MS = 60_000;
const SPAN_MS = 15 * MINUTE_MS;
const EVERY_MS = 30_000;
const SHIFT_AT = 1_800_000_000_000;
const REQUESTS_A_MINUTE = 600;
const TASKS = 2;
/** Most kinds are rare: of each, so many cases in a span at most. */
const MOST_CASES = 30;
const MOST_LINES = 4;

/** Every look that is taken while the deployment is watched, in turn, as the checks get it. */
export function* replayLooks({
  templates,
  share,
  minutes,
  random,
}: Replay): Generator<{ found: ErrorComparison; look: number; since: number }> {
  const end = SHIFT_AT + minutes * MINUTE_MS;
  const lines = templates.flatMap((template) => casesOf(template, end, { share, random })).sort((a, b) => a.at - b.at);
  for (let look = 1; SHIFT_AT + look * EVERY_MS <= end; look++) {
    const now = SHIFT_AT + look * EVERY_MS;
    // As the comparison reads them: the old side while it had its traffic.
    const green = { from: Math.max(SHIFT_AT, now - SPAN_MS), to: now };
    const blueTo = share === 1 ? SHIFT_AT : now;
    const blue = { from: blueTo - SPAN_MS, to: blueTo };
    const within = ({ at }: LogLine, span: { from: number; to: number }) => at >= span.from && at <= span.to;
    const sides = sidesOf(
      lines.filter((line) => within(line, line.slot === "green" ? green : blue)),
      null,
    );
    const served = (span: { from: number; to: number }) => ((span.to - span.from) / MINUTE_MS) * REQUESTS_A_MINUTE;
    const before = { from: blue.from, to: Math.max(blue.from, Math.min(blue.to, SHIFT_AT)) };
    sides.green.exposure = served(green) * share;
    sides.blue.exposure = served(before) + served({ from: before.to, to: blue.to }) * (1 - share);
    yield { found: compareErrorKinds(sides, "green"), look, since: SHIFT_AT };
  }
}

/** One kind's lines from before the shift to the end: cases at any time, each of them one line or a burst of one task's. */
function casesOf(template: string, end: number, { share, random }: Pick<Replay, "share" | "random">): LogLine[] {
  const from = SHIFT_AT - SPAN_MS;
  const cases = Math.floor(MOST_CASES ** random() * ((end - from) / SPAN_MS));
  return Array.from({ length: cases }, () => {
    const at = Math.floor(from + random() * (end - from));
    const slot = at >= SHIFT_AT && random() < share ? ("green" as const) : ("blue" as const);
    const taskId = `${slot}-${Math.floor(random() * TASKS)}`;
    return fillTemplates([template], 1 + Math.floor(random() * MOST_LINES), random).map(
      ({ text }): LogLine => ({ id: "", at, slot, taskId, stream: taskId, level: "error", text }),
    );
  }).flat();
}

/** The same numbers in every run (Lehmer's generator). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
