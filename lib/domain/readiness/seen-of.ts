import type { Look } from "./look.ts";

/** The value that was seen; null where nobody could look or where there is none. */
export function seenOf<T>(look: Look<T | null>): T | null {
  return look.state === "seen" ? look.value : null;
}
