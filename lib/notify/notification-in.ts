import type { Notification } from "../domain/notification/notification.ts";
import { ended, TITLE_LENGTH } from "../domain/notification/notification-text.ts";
import { inLanguage } from "../domain/sentence/in-language.ts";
import { oneLine } from "../domain/text/one-line.ts";
import type { Language } from "../messages/language.ts";

/** The notification in its recipient's language; in English where it, or a sentence of it, is of another version. */
export function notificationIn(notification: Notification, language: Language): Notification {
  const { titleSaid, lines } = notification;
  const title = titleSaid && inLanguage(titleSaid, language);
  const texts = lines?.map((line) => (typeof line === "string" ? line : inLanguage(line, language)));
  if (!title || !texts || texts.includes(null)) return notification;
  return {
    ...notification,
    title: oneLine(title, TITLE_LENGTH),
    text: texts.map((text) => ended(text ?? "")).join("\n"),
  };
}
