import { createElement, Fragment, type ReactNode } from "react";
import { formatParts, formatText } from "@/lib/messages/format.ts";
import type { Language } from "@/lib/messages/language.ts";
import type { ArgumentsOf, CompiledMessages, Key, Namespace, RichArgumentsOf } from "@/lib/messages/types.ts";

/** Says a room's sentences in the reader's language. */
export interface Translator<N extends Namespace> {
  <K extends Key<N>>(key: K, ...values: ArgumentsOf<N, K>): string;
  /** A sentence with tags, each drawn by the function of its name. */
  rich<K extends Key<N>>(key: K, ...values: RichArgumentsOf<N, K, ReactNode>): ReactNode;
}

/** The translator of one room; what the catalogue does not have is said as its key and told to the console. */
export function createTranslator<N extends Namespace>(
  language: Language,
  namespace: N,
  messages: CompiledMessages | undefined,
): Translator<N> {
  const find = (key: string) => {
    const message = messages?.[key];
    if (message === undefined) console.error(`No sentence ${namespace}.${key}`);
    return message ?? `${namespace}.${key}`;
  };
  const plain = (key: string, values?: Record<string, string | number>) => formatText(find(key), language, values);
  const rich = (key: string, values?: Parameters<typeof formatParts<ReactNode>>[2]) =>
    inOne([formatParts<ReactNode>(find(key), language, values && withWholeChunks(values))].flat());
  return Object.assign(plain, { rich }) as unknown as Translator<N>;
}

/** As React takes children that have an order and no keys. */
function inOne(parts: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts);
}

/** What stands in a tag is one child, however many parts a tag inside it makes of it. */
function withWholeChunks<V>(values: Record<string, V>): Record<string, V> {
  const whole = (draw: (chunks: ReactNode) => ReactNode) => (chunks: ReactNode) =>
    draw(Array.isArray(chunks) ? inOne(chunks) : chunks);
  const each = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "function" ? whole(value as never) : value,
  ]);
  return Object.fromEntries(each);
}
