import type { Result } from "@/lib/domain/verb/blocker.ts";
import type { WrittenHandover } from "@/lib/queries/get-handover.ts";
import { resultResponse } from "./handle.ts";

/** What a handover is answered as. */
export const HANDOVER_TYPES = ["application/json", "text/markdown", "text/plain"] as const;

/** As JSON with both, or as one of them. */
export function handoverResponse(
  mediaType: (typeof HANDOVER_TYPES)[number],
  result: Result<WrittenHandover>,
): Response {
  if (!result.ok || mediaType === "application/json") return resultResponse(result);
  const isMarkdown = mediaType === "text/markdown";
  return new Response(isMarkdown ? result.value.markdown : result.value.text, {
    headers: {
      "content-type": `${isMarkdown ? "text/markdown" : "text/plain"}; charset=utf-8`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
