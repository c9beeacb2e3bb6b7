import type { Observation } from "../observation/observation.ts";
import { activeTargets } from "../observation/side-health.ts";
import { otherColor, type SlotColor } from "../observation/slot.ts";
import { type WayIn, type WaysIn, waySaid, waysServing } from "../observation/way-in.ts";
import { listSaid } from "../sentence/list.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";

/** For this long the ways in as last read are good enough to say on a receipt which of them a switch leaves alone. */
const KNOWN_MS = 5 * 60_000;

/**
 * Why a side's tasks must not be replaced or stopped: another way in sends requests to it, or nobody knows whether one does.
 * The listener or rule that a switch moves is judged by its weights, not here.
 */
export function findServedBlockers({ waysIn }: Pick<Observation, "waysIn">, side: SlotColor): Blocker[] {
  if (!waysIn || waysIn.problem !== null)
    return [...servedBlockers(waysIn?.ways ?? [], side), unknownBlocker(waysIn, side)];
  return servedBlockers(waysIn.ways, side);
}

/** Why no receipt can say which ways in a switch leaves alone. A switch stops nothing, so what was read lately is good enough. */
export function findUnknownWaysBlocker({ waysIn }: Pick<Observation, "waysIn">, now: number): Blocker | null {
  if (waysIn && (waysIn.problem === null || now - waysIn.readAt <= KNOWN_MS)) return null;
  return unknownBlocker(waysIn, null);
}

/** That a way in which no switch moves leads to a side without a target, so that its requests are answered 503; null where none does. */
export function findUnservedWays(
  { ways, slots, sources }: Pick<Observation, "slots" | "sources"> & { ways: readonly WayIn[] },
  side: SlotColor,
): Sentence | null {
  const isKnown = sources.some(({ name, state }) => name === "elb" && state === "ok");
  if (!isKnown || activeTargets(slots[side]).length > 0) return null;
  const serving = waysServing({ ways: [...ways] }, side);
  if (serving.length === 0) return null;
  return say("alarm.wayUnserved", { ways: namesOf(serving), count: serving.length, side });
}

/** "Rule 5 (path /api/*) of library-alb:80 and the default action of library-alb:443", to begin a sentence with. */
function namesOf(ways: readonly WayIn[]): Sentence {
  const names = ways.map((way, index) => waySaid(way, index === 0 ? "start" : "middle"));
  return listSaid(names, "and");
}

/** One refusal that names every way in which serves the side and stays where it is. */
function servedBlockers(ways: WaysIn["ways"], side: SlotColor): Blocker[] {
  const serving = waysServing({ ways }, side);
  if (serving.length === 0) return [];
  const count = serving.length;
  const said = say("blocker.stillServed", { ways: namesOf(serving), count, side });
  return [blocker("STILL_SERVED", said, say("blocker.pointElsewhere", { count, other: otherColor(side) }))];
}

/** The side is null where nothing is stopped, and they may only stay where they are. */
function unknownBlocker(waysIn: WaysIn | undefined, side: SlotColor | null): Blocker {
  const problem = waysIn?.problemSaid ?? waysIn?.problem ?? say("blocker.waysUnread");
  const said = side ? say("blocker.waysMaySend", { side, problem }) : say("blocker.waysMayStay", { problem });
  return blocker("WAYS_IN_UNKNOWN", said, say("blocker.waitForWays"));
}
