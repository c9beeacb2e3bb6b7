import compile from "icu-minify/compile";
import type { CompiledMessage } from "icu-minify/format";
import { ENGLISH } from "./english.ts";
import { KOREAN } from "./korean.ts";
import type { Language } from "./language.ts";
import type { Catalogue, CompiledCatalogue, CompiledMessages, Namespace, TranslationOf } from "./types.ts";

/** Every sentence in every language. The server's alone: a browser gets the compiled messages of its reader's language. */
export const CATALOGUES: Readonly<Record<Language, TranslationOf<Catalogue>>> = { en: ENGLISH, ko: KOREAN };

const compiled = new Map<string, CompiledMessage>();

function compiledMessage(message: string): CompiledMessage {
  // A server component hands over plain objects alone, and the compiler's own have no prototype.
  const known = compiled.get(message) ?? (JSON.parse(JSON.stringify(compile(message))) as CompiledMessage);
  compiled.set(message, known);
  return known;
}

/** One message, compiled; null when the catalogue has no such sentence (any more). */
export function findMessage(language: Language, namespace: string, key: string): CompiledMessage | null {
  const room: Readonly<Record<string, string>> | undefined = Object.hasOwn(CATALOGUES[language], namespace)
    ? CATALOGUES[language][namespace as Namespace]
    : undefined;
  const message = room && Object.hasOwn(room, key) ? room[key] : undefined;
  return message === undefined ? null : compiledMessage(message);
}

/** The compiled messages of these rooms. */
export function compiledCatalogue(language: Language, namespaces: readonly Namespace[]): CompiledCatalogue {
  return Object.fromEntries(namespaces.map((namespace) => [namespace, compiledRoom(language, namespace)]));
}

const rooms = new Map<string, CompiledMessages>();

/** The compiled messages of one room. */
export function compiledRoom(language: Language, namespace: Namespace): CompiledMessages {
  const name = `${language}.${namespace}`;
  const known = rooms.get(name);
  if (known) return known;
  const messages = Object.entries(CATALOGUES[language][namespace]);
  const room = Object.fromEntries(messages.map(([key, message]) => [key, compiledMessage(message)]));
  rooms.set(name, room);
  return room;
}
