import type { Observation } from "../observation/observation.ts";
import { activeTargets } from "../observation/side-health.ts";
import { otherColor, type SlotColor } from "../observation/slot.ts";
import { type WayIn, type WaysIn, waysServing, wayWords } from "../observation/way-in.ts";
import type { Blocker } from "../verb/blocker.ts";

/** For this long the ways in as last read are good enough to say on a receipt which of them a switch leaves alone. */
const KNOWN_MS = 5 * 60_000;

/**
 * Why a side's tasks must not be replaced or stopped: another way in sends requests to it, or nobody knows whether one does.
 * The listener or rule that a switch moves is judged by its weights, not here.
 */
export function findServedBlockers({ waysIn }: Pick<Observation, "waysIn">, side: SlotColor): Blocker[] {
  if (!waysIn || waysIn.problem !== null)
    return [...servedBlockers(waysIn?.ways ?? [], side), unknownBlocker(waysIn, `may send requests to ${side}`)];
  return servedBlockers(waysIn.ways, side);
}

/** Why no receipt can say which ways in a switch leaves alone. A switch stops nothing, so what was read lately is good enough. */
export function findUnknownWaysBlocker({ waysIn }: Pick<Observation, "waysIn">, now: number): Blocker | null {
  if (waysIn && (waysIn.problem === null || now - waysIn.readAt <= KNOWN_MS)) return null;
  return unknownBlocker(waysIn, "may stay where they are");
}

/** That a way in which no switch moves leads to a side without a target, so that its requests are answered 503; null where none does. */
export function findUnservedWays(
  { ways, slots, sources }: Pick<Observation, "slots" | "sources"> & { ways: readonly WayIn[] },
  side: SlotColor,
): string | null {
  const isKnown = sources.some(({ name, state }) => name === "elb" && state === "ok");
  if (!isKnown || activeTargets(slots[side]).length > 0) return null;
  const serving = waysServing({ ways: [...ways] }, side);
  if (serving.length === 0) return null;
  const isOne = serving.length === 1;
  return `${capital(serving.map(wayWords).join(" and "))} ${isOne ? "sends" : "send"} traffic to ${side}, which has no target: ${isOne ? "its" : "their"} requests are answered 503`;
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** One refusal that names every way in which serves the side and stays where it is. */
function servedBlockers(ways: WaysIn["ways"], side: SlotColor): Blocker[] {
  const serving = waysServing({ ways }, side);
  if (serving.length === 0) return [];
  const names = capital(serving.map(wayWords).join(" and "));
  return [
    {
      code: "STILL_SERVED",
      message: `${names} ${serving.length === 1 ? "sends" : "send"} traffic to ${side}`,
      fix: `Point ${serving.length === 1 ? "it" : "them"} at ${otherColor(side)} first, or list ${serving.length === 1 ? "it" : "them"} under rules: or listeners: in switchyard.yaml, to move with a switch`,
    },
  ];
}

function unknownBlocker(waysIn: WaysIn | undefined, consequence: string): Blocker {
  return {
    code: "WAYS_IN_UNKNOWN",
    message: `Other listeners and rules ${consequence}: ${waysIn?.problem ?? "they have not been read yet"}`,
    fix: "Wait until they can be read; Switchyard needs elasticloadbalancing:DescribeTargetGroups, DescribeListeners and DescribeRules",
  };
}
