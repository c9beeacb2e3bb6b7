import { signatureOf } from "../log/signature.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { cutText } from "../text/cut-text.ts";
import type { LogLine } from "./log-line.ts";
import { otherColor, SLOT_COLORS, type SlotColor } from "./slot.ts";

/** Chance of calling any kind of one look new, frequent or gone that is none of it: one look in a hundred. */
export const FALSE_ALARMS = 0.01;
/** Of the rates with respect to what each side served; less is no difference that anybody acts on. */
const LEAST_RATIO = 3;
const MOST_KINDS = 2000;
/** What one task writes of a kind within this time has one cause, and counts once where chance is judged. */
const BURST_MS = 1000;
const MOST_TEXT = 300;

/** What a side wrote over its span. Times are epoch ms. */
export interface SideLines {
  lines: readonly LogLine[];
  /** Requests that it served in the span, or lines where requests are not told: what errors are measured against. */
  exposure: number;
}

/** One kind of error: its message without what differs from one time to the next, and how often each side wrote it. */
export interface ErrorKind {
  signature: string;
  /** The first line of it on the side that it is told of. */
  example: LogLine;
  counts: Record<SlotColor, number>;
  /** Epoch ms on the side that it is told of. */
  firstAt: number;
  lastAt: number;
  /** Chance of such counts or odder ones where both sides wrote it equally often for what they served. */
  chance: number;
}

/** How one side's errors differ from the other's. */
export interface ErrorComparison {
  color: SlotColor;
  /** Never written by the other side, and too often by this one for that to be luck. */
  onlyHere: ErrorKind[];
  /** Never written by the other side, but too seldom to tell. */
  maybe: ErrorKind[];
  /** Written by both, far more often here. */
  moreHere: ErrorKind[];
  /** Written by the other side alone, and too often there for that to be luck. */
  gone: ErrorKind[];
  exposure: Record<SlotColor, number>;
  /** How many kinds were compared. */
  kinds: number;
}

/**
 * Compares kinds of error by the exact binomial test: given how often a kind was written in all, each side's part is as large as
 * what it served, were there no difference. Bonferroni's correction holds the chance of any false alarm in the whole list
 * at `FALSE_ALARMS`. Errors come in bursts, which are no more evidence than one line each: bursts are what is counted for it.
 * A side that served nothing says nothing of the other.
 */
export function compareErrorKinds(sides: Readonly<Record<SlotColor, SideLines>>, color: SlotColor): ErrorComparison {
  const other = otherColor(color);
  const kinds = collectKinds(sides, color);
  const exposure = { blue: sides.blue.exposure, green: sides.green.exposure };
  const total = exposure.blue + exposure.green;
  const bound = FALSE_ALARMS / Math.max(1, kinds.length);
  const found: ErrorComparison = {
    color,
    onlyHere: [],
    maybe: [],
    moreHere: [],
    gone: [],
    exposure,
    kinds: kinds.length,
  };
  for (const { bursts, ...kind } of kinds) {
    const [here, there] = [kind.counts[color], kind.counts[other]];
    const share = exposure[color] / total;
    const isTold = exposure.blue > 0 && exposure.green > 0;
    if (here > 0 && there === 0) {
      const chance = isTold ? share ** bursts[color].size : 1;
      (chance <= bound ? found.onlyHere : found.maybe).push({ ...kind, chance });
    } else if (here === 0) {
      const chance = isTold ? (1 - share) ** bursts[other].size : 1;
      if (chance <= bound) found.gone.push({ ...kind, chance });
    } else if (isTold && here / exposure[color] >= (LEAST_RATIO * there) / exposure[other]) {
      // The larger bursts of the two, so that neither side is taken for more cases than it had.
      const size = Math.max(here / bursts[color].size, there / bursts[other].size);
      const cases = Math.floor(here / size);
      const chance = upperTail(cases + Math.ceil(there / size), cases, share);
      if (chance <= bound) found.moreHere.push({ ...kind, chance });
    }
  }
  for (const list of [found.onlyHere, found.maybe, found.moreHere])
    list.sort((a, b) => b.counts[color] - a.counts[color]);
  return found;
}

type CountedKind = ErrorKind & { bursts: Record<SlotColor, Set<string>> };

function collectKinds(sides: Readonly<Record<SlotColor, SideLines>>, color: SlotColor): CountedKind[] {
  const kinds = new Map<string, CountedKind>();
  // The side that it is told of first, so that examples and times are its own.
  for (const side of [color, otherColor(color)])
    for (const line of sides[side].lines) {
      if (line.level !== "error") continue;
      const signature = signatureOf(line.text);
      const known = kinds.get(signature);
      if (!known && kinds.size >= MOST_KINDS) continue;
      const burst = `${line.taskId ?? line.stream} ${Math.floor(line.at / BURST_MS)}`;
      if (!known) {
        const example = { ...line, text: cutText(line.text, MOST_TEXT) };
        const counts = { blue: 0, green: 0, [side]: 1 };
        const bursts = { blue: new Set<string>(), green: new Set<string>() };
        bursts[side].add(burst);
        kinds.set(signature, { signature, example, counts, bursts, firstAt: line.at, lastAt: line.at, chance: 1 });
        continue;
      }
      const isOwn = known.counts[color] === 0 || side === color;
      known.counts[side]++;
      known.bursts[side].add(burst);
      if (!isOwn) continue;
      known.firstAt = Math.min(known.firstAt, line.at);
      known.lastAt = Math.max(known.lastAt, line.at);
    }
  return [...kinds.values()];
}

/** Chance of at least `least` of `n` with the chance `p` of each. */
function upperTail(n: number, least: number, p: number): number {
  let logTerm = least * Math.log(p) + (n - least) * Math.log1p(-p);
  for (let i = 1; i <= least; i++) logTerm += Math.log(n - least + i) - Math.log(i);
  let sum = 0;
  for (let k = least; k <= n; k++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(n - k) - Math.log(k + 1) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(1, sum);
}

/** "3 error kinds only in green, first 12:02:14"; null where there is none. `clock` writes the time. */
export function onlyHereSaid(found: ErrorComparison, clock: (at: number) => string): Sentence | null {
  const { color, onlyHere, maybe } = found;
  const all = [...onlyHere, ...maybe];
  if (all.length === 0) return null;
  const told = { count: all.length, side: color, first: clock(Math.min(...all.map(({ firstAt }) => firstAt))) };
  if (maybe.length === 0) return say("notice.onlyHere", told);
  if (onlyHere.length === 0) return say("notice.onlyHereMaybe", told);
  return say("notice.onlyHereSome", { ...told, maybe: maybe.length });
}

/** Both sides' lines told apart; what is of no side is left out. `isRequest` says which lines are requests served, where that is told. */
export function sidesOf(
  lines: Iterable<LogLine>,
  isRequest: ((text: string) => boolean) | null,
): Record<SlotColor, SideLines> {
  const sides = { blue: { lines: [] as LogLine[], exposure: 0 }, green: { lines: [] as LogLine[], exposure: 0 } };
  const requests = { blue: 0, green: 0 };
  for (const line of lines) {
    // What AWS writes about a side, the side did not write.
    if (line.slot === null || line.origin) continue;
    sides[line.slot].lines.push(line);
    if (isRequest?.(line.text)) requests[line.slot]++;
  }
  const areTold = requests.blue + requests.green > 0;
  for (const color of SLOT_COLORS) sides[color].exposure = areTold ? requests[color] : sides[color].lines.length;
  return sides;
}
