import { say } from "../sentence/sentence.ts";
import { unknown } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { Look } from "./readiness-facts.ts";

/** What a check says to what was seen; where nobody could look the answer is unknown, and names the missing permission. */
export function judge<T>(look: Look<T>, judgeSeen: (value: T) => readonly Point[]): readonly Point[] {
  return look.state === "seen" ? judgeSeen(look.value) : [unseen(look)];
}

/** Why nothing was seen, as a point. */
function unseen(look: Exclude<Look<unknown>, { state: "seen" }>): Point {
  return unknown(
    look.state === "denied"
      ? say("finding.denied", { permission: look.permission })
      : say("finding.notSeen", { why: look.why }),
  );
}
