import compile from "icu-minify/compile";
import type { CompiledMessage } from "icu-minify/format";
import { ENGLISH } from "./english.ts";
import { KOREAN } from "./korean.ts";
import type { Language } from "./language.ts";
import type { Catalogue, CompiledMessages, Namespace, TranslationOf } from "./types.ts";

/** Every sentence in every language. The server's alone: a browser gets the compiled messages of its reader's language. */
export const CATALOGUES: Readonly<Record<Language, TranslationOf<Catalogue>>> = { en: ENGLISH, ko: KOREAN };

const compiled = new Map<string, CompiledMessage>();

function compiledMessage(message: string): CompiledMessage {
  const known = compiled.get(message) ?? compile(message);
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

const sent = new Map<string, string>();

/** The same of several as JSON, which a browser takes in at once and reads when it says the first sentence of a room. */
export function sentRooms(language: Language, namespaces: readonly Namespace[]): Partial<Record<Namespace, string>> {
  return Object.fromEntries(
    namespaces.map((namespace) => {
      const name = `${language}.${namespace}`;
      const json = sent.get(name) ?? JSON.stringify(compiledRoom(language, namespace));
      sent.set(name, json);
      return [namespace, json];
    }),
  );
}
