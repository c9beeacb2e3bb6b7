import { type Sentence, say } from "./sentence.ts";

/** "a and b", "a, b", "a; b" and so on: halved again and again, so that a long list is not deep. */
export function listSaid(
  items: readonly (string | Sentence)[],
  by: "and" | "or" | "comma" | "semicolon" | "dot",
): Sentence {
  if (items.length < 2) return say("list.one", { item: items[0] ?? "" });
  const half = Math.ceil(items.length / 2);
  const part = (some: readonly (string | Sentence)[]) => (some.length === 1 ? (some[0] ?? "") : listSaid(some, by));
  return say(`list.${by}`, { before: part(items.slice(0, half)), last: part(items.slice(half)) });
}
