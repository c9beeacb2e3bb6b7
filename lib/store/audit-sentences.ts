import type { AuditRow } from "../domain/audit/audit.ts";
import { isSentence } from "../domain/sentence/sentence.ts";
import { storableText } from "./database.ts";

type Sentences = Pick<AuditRow, "said" | "beforeSaid" | "afterSaid">;

/** What a row says in no language yet, as the JSON that is stored and hashed; null where there is none. */
export function sentencesText({ said, beforeSaid, afterSaid }: Sentences): string | null {
  const text = JSON.stringify({ said, beforeSaid, afterSaid }, (_name, value: unknown) =>
    typeof value === "string" ? storableText(value) : value,
  );
  return text === "{}" ? null : text;
}

/** The same read back. What somebody else wrote there is not shown: the row's English stands, and the chain tells of the change. */
export function readSentences(text: string | null): Sentences {
  const read = text === null ? null : parsed(text);
  if (typeof read !== "object" || read === null) return {};
  const names = ["said", "beforeSaid", "afterSaid"] as const;
  const { said, beforeSaid, afterSaid } = Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(read, name) ? (read as Record<string, unknown>)[name] : undefined;
      return isSentence(value) ? [[name, value]] : [];
    }),
  );
  return { ...(said ? { said } : {}), ...(beforeSaid ? { beforeSaid } : {}), ...(afterSaid ? { afterSaid } : {}) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
