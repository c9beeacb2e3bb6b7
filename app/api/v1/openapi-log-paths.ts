import { searchInput } from "@/lib/queries/search-log.ts";
import {
  BRIEFLY,
  body,
  COLORS,
  change,
  ENDS,
  epoch,
  file,
  type Json,
  named,
  oneOf,
  query,
  read,
  ref,
  stream,
  text,
  whole,
} from "./openapi-parts.ts";

const SLOT = query("slot", "Whose lines", oneOf([...COLORS, "both"], { default: "both" }));
const FILTER = query("filter", "Only lines that contain this text", text("timeout", { maxLength: 1000 }));

const LINE_EVENTS = {
  line: ref("LineEvent"),
  gap: ref("GapEvent"),
  sampled: ref("SampledEvent"),
  clock: ref("ClockEvent"),
  status: ref("StatusEvent"),
  ...ENDS,
};

/** The log, the kinds of error in it, and what was kept of incidents. */
export const LOGS: Record<string, Json> = {
  "/api/v1/applications/{name}/logs": named({
    get: stream("Log lines as they are written", LINE_EVENTS, [
      SLOT,
      query("since", "Epoch milliseconds", epoch),
      FILTER,
      BRIEFLY,
    ]),
  }),
  "/api/v1/applications/{name}/logs/history": named({
    get: read(
      "Lines of the past, by page or as a file",
      ref("LogPage"),
      [
        query("before", "Epoch milliseconds; the lines up to then, the nearest first", epoch),
        query("after", "Epoch milliseconds; the lines from then on instead", epoch),
        query("since", "Epoch milliseconds; none before it", epoch),
        query("until", "Epoch milliseconds; none after it", epoch),
        SLOT,
        FILTER,
        query("query", "Only lines that match, in the notation of the log panel's filter", text("level:error timeout")),
        query("limit", "How many at most", whole(1, 1000, 500)),
        query("download", "As a file, whatever Accept says", oneOf(["txt", "ndjson"])),
      ],
      { "text/plain": file(), "application/x-ndjson": file(ref("LogLine")) },
    ),
  }),
  "/api/v1/applications/{name}/logs/search": named({
    post: change(
      "What Logs Insights would read of a long span, in bytes that AWS bills; with `acceptBytes`, the newest lines with the text",
      200,
      ref("LogSearch"),
      body(searchInput, {
        since: 1_767_225_600_000,
        until: 1_767_312_000_000,
        text: "timeout",
        acceptBytes: 5_000_000,
      }),
    ),
  }),
  "/api/v1/applications/{name}/errors": named({
    get: read("Kinds of error that the newest deployment's side writes and the other does not", ref("Errors")),
  }),
  "/api/v1/applications/{name}/incidents": named({
    get: read("What was kept of things that went wrong or ended, newest first", ref("IncidentList")),
  }),
  "/api/v1/applications/{name}/incidents/{id}": named({
    parameters: [
      ...(named({}).parameters as Json[]),
      { name: "id", in: "path", required: true, description: "The incident's", schema: { type: "string" } },
    ],
    get: read(
      "All that was kept of one of them",
      ref("Incident"),
      [query("download", "As one file that needs nothing else", oneOf(["html"]))],
      { "text/html": file() },
    ),
  }),
};
