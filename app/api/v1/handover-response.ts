import type { Result } from "@/lib/domain/verb/blocker.ts";
import type { WrittenHandover } from "@/lib/queries/get-handover.ts";
import { resultResponse } from "./handle.ts";

/** As JSON with both, or as the one that the request accepts. */
export function handoverResponse(request: Request, result: Result<WrittenHandover>): Response {
  const accepted = (request.headers.get("accept") ?? "").toLowerCase();
  if (!result.ok || !/^text\/(markdown|plain)/.test(accepted)) return resultResponse(result);
  const isMarkdown = accepted.startsWith("text/markdown");
  return new Response(isMarkdown ? result.value.markdown : result.value.text, {
    headers: {
      "content-type": `${isMarkdown ? "text/markdown" : "text/plain"}; charset=utf-8`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
