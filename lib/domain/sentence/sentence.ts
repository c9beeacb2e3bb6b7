import type { ArgumentsOf, Key, Namespace } from "../../messages/types.ts";

/** What stands in a sentence's place: a name, a number, or another sentence. */
type SentenceValue = string | number | Sentence;

/**
 * A sentence before it is put into a language: what is stored, audited and sent. `code` is a room and a key of
 * `lib/messages`, such as "freeze.stopped". A code that is not there any more is said by the English beside it.
 */
export interface Sentence {
  code: string;
  params: Readonly<Record<string, SentenceValue>>;
  /** Its English, where it stands in a sentence of a page's own: a browser has no English of what rules say. Never stored. */
  otherwise?: string;
}

/** What a record says, to stand in a sentence of a page's own; `text` is its English, or all there is of it. */
export function orText(said: Sentence | undefined, text: string): Sentence | string {
  return said ? { ...said, otherwise: text } : text;
}

/** How deep sentences may stand in sentences; what somebody made up may not be read for ever. */
export const MOST_DEPTH = 12;

/** Whether what was read back is a sentence, down to its values. */
export function isSentence(value: unknown, depth = 0): value is Sentence {
  if (typeof value !== "object" || value === null || depth > MOST_DEPTH) return false;
  const { code, params } = value as Partial<Record<keyof Sentence, unknown>>;
  if (typeof code !== "string" || typeof params !== "object" || params === null || Array.isArray(params)) return false;
  return Object.values(params).every(
    (each) => typeof each === "string" || typeof each === "number" || isSentence(each, depth + 1),
  );
}

/** The codes of every room, as one type. */
export type SentenceCode = { [N in Namespace]: `${N}.${Key<N>}` }[Namespace];

type ParamsOf<C extends SentenceCode> = C extends `${infer N extends Namespace}.${infer K}`
  ? K extends Key<N>
    ? ArgumentsOf<N, K> extends [values: infer V]
      ? [params: { readonly [P in keyof V]: V[P] | Sentence }]
      : []
    : never
  : never;

/** The sentence with this code and these values; both are held against the English catalogue. */
export function say<C extends SentenceCode>(code: C, ...values: ParamsOf<C>): Sentence;
// Without types of its own: to look into the values here, the compiler would read every sentence of the catalogue.
export function say(code: string, params: Sentence["params"] = {}): Sentence {
  return { code, params };
}
