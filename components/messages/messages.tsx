import type { ReactNode } from "react";
import { sentRooms } from "@/lib/messages/catalogues.ts";
import type { Namespace } from "@/lib/messages/types.ts";
import { MessagesProvider } from "./messages-context.tsx";
import { requestLanguage } from "./request-language.ts";
import { SAID_ROOMS } from "./rooms.ts";

/** Sends these rooms' sentences to the browser, in the reader's language alone. */
export async function Messages({ rooms, children }: { rooms: readonly Namespace[]; children: ReactNode }) {
  const language = await requestLanguage();
  return (
    <MessagesProvider
      language={language}
      rooms={sentRooms(language, language === "en" ? rooms : [...rooms, ...SAID_ROOMS])}
    >
      {children}
    </MessagesProvider>
  );
}
