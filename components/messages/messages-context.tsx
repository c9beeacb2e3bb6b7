"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { Language } from "@/lib/messages/language.ts";
import type { CompiledCatalogue } from "@/lib/messages/types.ts";

interface Messages {
  language: Language;
  catalogue: CompiledCatalogue;
}

const MessagesContext = createContext<Messages | null>(null);

/** Gives everything below the sentences of the reader's language. */
export function MessagesProvider({ language, catalogue, children }: Messages & { children: ReactNode }) {
  return <MessagesContext value={{ language, catalogue }}>{children}</MessagesContext>;
}

/** The reader's language and its sentences, as far as the browser needs them. */
export function useMessages(): Messages {
  const messages = useContext(MessagesContext);
  if (!messages) throw new Error("This component belongs inside a MessagesProvider");
  return messages;
}
