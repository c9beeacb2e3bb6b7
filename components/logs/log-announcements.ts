import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import type { LogRow } from "./log-buffer.ts";
import { isShown, type ViewSettings } from "./log-view.ts";

const SAID_CHARACTERS = 160;

/** What a filter left, for those who do not see the rows go. */
export function matchSaid(count: number, slot: SlotColor | "both", source: string): Sentence {
  return slot === "both" ? say("logs.match", { count, source }) : say("logs.matchOf", { count, slot, source });
}

/** What of new lines is read out to who follows errors alone: the newest, and how many came with it; null for no error. */
export function errorsSaid(added: readonly LogRow[], view: Pick<ViewSettings, "slot" | "filter">): Sentence | null {
  if (!/(?:^|\s)level:error(?:\s|$)/.test(view.filter.source)) return null;
  const errors = added.flatMap((row) => (row.kind === "line" && isShown(row, view) ? [row.line] : []));
  const newest = errors.at(-1);
  if (!newest) return null;
  const text = cutText(newest.text.split("\n", 1)[0] ?? "", SAID_CHARACTERS);
  return say("logs.errorsCame", { count: errors.length, slot: newest.slot ?? "?", text });
}
