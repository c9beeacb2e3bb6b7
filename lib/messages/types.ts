import type { GetICUArgs } from "@schummar/icu-type-parser";
import type { CompiledMessage } from "icu-minify/format";
import type { ENGLISH } from "./english.ts";

/** The sentences of every room, as English has them. */
export type Catalogue = typeof ENGLISH;
export type Namespace = keyof Catalogue;
export type Key<N extends Namespace> = keyof Catalogue[N] & string;

/** The same rooms and keys in another language. */
export type TranslationOf<Source> = {
  readonly [N in keyof Source]: { readonly [K in keyof Source[N]]: string };
};

/** The values that a message's placeholders take. Plurals take numbers; anything else may be a number as well. */
type ValuesOf<Message extends string> = GetICUArgs<
  Message,
  { ICUArgument: string | number; ICUNumberArgument: number; ICUDateArgument: Date }
>;

/** The names of a message's tags: `<b>5</b> of <link>12</link>` has "b" and "link". */
type TagsOf<Message extends string> = Message extends `${string}</${infer Tag}>${infer Rest}`
  ? Tag | TagsOf<Rest>
  : never;

type Arguments<Values> = keyof Values extends never ? [] : [values: Values];

/** What stands beside a key: nothing for a plain sentence, else a value for each placeholder. */
export type ArgumentsOf<N extends Namespace, K extends Key<N>> = Catalogue[N][K] extends infer M extends string
  ? Arguments<ValuesOf<M>>
  : never;

/** The same for a sentence with tags: each tag is drawn by a function of what it encloses. */
export type RichArgumentsOf<N extends Namespace, K extends Key<N>, Element> = Catalogue[N][K] extends infer M extends
  string
  ? Arguments<ValuesOf<M> & Readonly<Record<TagsOf<M>, (chunks: Element) => Element>>>
  : never;

/** Messages as the formatter takes them. */
export type CompiledMessages = Readonly<Record<string, CompiledMessage>>;
