import { say } from "../sentence/sentence.ts";
import type { Look } from "./look.ts";
import { unknown } from "./point.ts";
import type { Point } from "./readiness.ts";

/** What a check says to what was seen; where nobody could look the answer is unknown, and names the missing permission. */
export function judge<T>(look: Look<T>, judgeSeen: (value: T) => readonly Point[]): readonly Point[] {
  return look.state === "seen" ? judgeSeen(look.value) : [unseen(look)];
}

/** The same of two looks; each that nobody could take is said. */
export function judgeAll<A, B>(
  [one, other]: readonly [Look<A>, Look<B>],
  judgeSeen: (values: [A, B]) => readonly Point[],
): readonly Point[] {
  if (one.state === "seen" && other.state === "seen") return judgeSeen([one.value, other.value]);
  return [one, other].flatMap((look) => (look.state === "seen" ? [] : [unseen(look)]));
}

/** Why nothing was seen, as a point. */
function unseen(look: Exclude<Look<unknown>, { state: "seen" }>): Point {
  return unknown(
    look.state === "denied"
      ? say("finding.denied", { permission: look.permission })
      : say("finding.notSeen", { why: look.why }),
  );
}
