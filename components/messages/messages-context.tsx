"use client";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Language } from "@/lib/messages/language.ts";
import type { CompiledMessages, Namespace } from "@/lib/messages/types.ts";

interface Messages {
  language: Language;
  /** The sentences of one room; undefined where the browser was sent none. */
  room(namespace: string): CompiledMessages | undefined;
}

/** Each room's compiled messages as JSON: a page that wakes up reads the rooms that it says, and no others. */
export type SentRooms = Readonly<Partial<Record<Namespace, string>>>;

const MessagesContext = createContext<Messages | null>(null);
const read = new Map<string, CompiledMessages>();

function readRoom(json: string): CompiledMessages {
  // Safe because `Messages` made it of compiled messages.
  const room = read.get(json) ?? (JSON.parse(json) as CompiledMessages);
  read.set(json, room);
  return room;
}

/** Gives everything below the sentences of the reader's language. */
export function MessagesProvider({
  language,
  rooms,
  children,
}: {
  language: Language;
  rooms: SentRooms;
  children: ReactNode;
}) {
  const messages = useMemo(() => {
    const room = (namespace: string) => {
      const json = Object.hasOwn(rooms, namespace) ? rooms[namespace as Namespace] : undefined;
      return json === undefined ? undefined : readRoom(json);
    };
    return { language, room };
  }, [language, rooms]);
  return <MessagesContext value={messages}>{children}</MessagesContext>;
}

/** The reader's language and its sentences, as far as the browser needs them. */
export function useMessages(): Messages {
  const messages = useContext(MessagesContext);
  if (!messages) throw new Error("This component belongs inside a MessagesProvider");
  return messages;
}
