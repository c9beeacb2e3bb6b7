import { type Point, unknown } from "./readiness.ts";
import type { Look } from "./readiness-facts.ts";

/** What a check says to what was seen; where nobody could look the answer is unknown, and names the missing permission. */
export function judge<T>(look: Look<T>, say: (value: T) => readonly Point[]): readonly Point[] {
  return look.state === "seen" ? say(look.value) : [unseen(look)];
}

/** The value that was seen; null where nobody could look or where there is none. */
export function seenOf<T>(look: Look<T | null>): T | null {
  return look.state === "seen" ? look.value : null;
}

/** Why nothing was seen, as a point. */
function unseen(look: Exclude<Look<unknown>, { state: "seen" }>): Point {
  return unknown(look.state === "denied" ? `could not look: denied ${look.permission}` : `could not look: ${look.why}`);
}
