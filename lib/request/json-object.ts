import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
/** A body that is no JSON object of members that are each given once. */
export class NotAnObject extends Error {
  override readonly name = "NotAnObject";
  readonly said: Sentence;
  constructor(said: Sentence) {
    super(inEnglish(said));
    this.said = said;
  }
}

/** In text that JSON.parse takes: texts and what structures it; everything else says nothing of members. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/**
 * The JSON object that a text says. A member given twice is refused, at any depth: programs differ in which of the two they
 * take, and so what one judged another would do. @throws NotAnObject with words for whoever sent it
 */
export function parseJsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotAnObject(say("rest.notJson"));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotAnObject(say("rest.notObject"));
  const twice = findMemberTwice(text);
  if (twice !== null) throw new NotAnObject(say("rest.memberTwice", { name: cutText(twice, 80) }));
  return value as Record<string, unknown>;
}

function findMemberTwice(text: string): string | null {
  /** Of each open object the members so far, and null for each open list. */
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (const [token] of text.matchAll(TOKENS)) {
    const members = open.at(-1);
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : null);
    else if (token === "}" || token === "]") open.pop();
    else if (members && isName && token !== ",") {
      // As it is meant, not as it is written: "a" and "\u0061" are one name.
      const name = JSON.parse(token) as string;
      if (members.has(name)) return name;
      members.add(name);
    }
    isName = token === "{" || (token === "," && open.at(-1) instanceof Set);
  }
  return null;
}
