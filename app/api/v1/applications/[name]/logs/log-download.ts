import { asOneEntry } from "@/lib/domain/log/plain-text.ts";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import { toldIn } from "@/lib/domain/sentence/told.ts";
import { log } from "@/lib/log.ts";
import type { Language } from "@/lib/messages/language.ts";

/** How a download is written. */
interface LogFormat {
  mediaType: string;
  extension: string;
  line(line: LogLine): string;
  /** Said at the end where lines are missing. */
  cut(reason: string): string;
}

const FORMATS: readonly LogFormat[] = [
  {
    mediaType: "application/x-ndjson",
    extension: "ndjson",
    line: (line) => `${JSON.stringify(line)}\n`,
    cut: (reason) => `${JSON.stringify({ cut: reason })}\n`,
  },
  {
    mediaType: "text/plain",
    extension: "txt",
    line: ({ at, slot, taskId, level, text }) =>
      `${[new Date(at).toISOString(), slot ?? "unknown", taskId?.slice(0, 8) ?? "-", (level ?? "-").toUpperCase(), asOneEntry(text)].join(" ")}\n`,
    cut: (reason) => `--- ${reason}\n`,
  },
];

/** What lines of the past are answered as. */
export const LOG_TYPES = ["application/json", "text/plain", "application/x-ndjson"] as const;

/**
 * The format that the address names (`?download=txt|ndjson`), or else the media type; null when a page as JSON is wanted, and
 * undefined for a download of a kind that there is not.
 */
export function formatOf(query: URLSearchParams, mediaType: (typeof LOG_TYPES)[number]): LogFormat | null | undefined {
  const wanted = query.get("download");
  if (wanted !== null && wanted !== "") return FORMATS.find(({ extension }) => extension === wanted);
  return FORMATS.find((format) => format.mediaType === mediaType) ?? null;
}

/** The lines as a file; each page is read when the client has taken the one before. */
export function downloadResponse(
  format: LogFormat,
  application: string,
  pages: AsyncGenerator<{ lines: LogLine[]; cut: Sentence | null }>,
  language: Language,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        let text = "";
        while (text === "") {
          const { done, value } = await pages.next();
          if (done) return controller.close();
          text = value.lines.map(format.line).join("") + (value.cut ? format.cut(toldIn(value.cut, language)) : "");
        }
        controller.enqueue(encoder.encode(text));
      } catch (error) {
        log.error("A download of log lines broke off", { error });
        controller.error(error);
      }
    },
    async cancel() {
      await pages.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": `${format.mediaType}; charset=utf-8`,
      "content-disposition": `attachment; filename="${application}-log.${format.extension}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
