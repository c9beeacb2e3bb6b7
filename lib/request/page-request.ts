import { say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
import { decodeCursor } from "../store/page-cursor.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** A page as asked for; texts come from addresses. */
export interface PageRequest {
  limit?: number | string | null;
  cursor?: string | null;
}

const DEFAULT_LIMIT = 50;
const MOST = 200;

/** The page within its bounds; a refusal when the limit is none. */
export function pageOf({
  limit,
  cursor,
}: PageRequest): { ok: true; value: { limit: number; cursor?: string } } | Refusal<never> {
  const wanted = limit === undefined || limit === null || limit === "" ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST)
    return refuse(
      "INVALID_INPUT",
      say("refusal.limitIs", { value: JSON.stringify(limit) }),
      say("refusal.giveLimit", { most: MOST }),
    );
  if (cursor && decodeCursor(cursor) === null)
    return refuse(
      "INVALID_INPUT",
      say("refusal.cursorIs", { value: JSON.stringify(cutText(cursor, 80)) }),
      say("refusal.giveCursor"),
    );
  return { ok: true, value: { limit: wanted, ...(cursor ? { cursor } : {}) } };
}
