import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type { Handler, SandboxBase } from "../service.ts";
import {
  checkKey,
  checkRange,
  checkTimes,
  getGroup,
  getIdentifiedGroup,
  getStream,
  invalidParameter,
} from "./log-names.ts";
import type { LogStore, StoredEvent } from "./log-store.ts";
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS, parseToken, positionToken } from "./page-token.ts";

const MAX_EVENT_BYTES = 1_024 * 1_024;
const MAX_BATCH_BYTES = 1_048_576;
const BYTES_PER_EVENT = 26;
const HOUR_MS = 3_600_000;

/** Operations that write and read events. */
export function eventOperations({ clock }: SandboxBase, store: LogStore): Record<string, Handler> {
  return {
    PutLogEvents(input: Logs.PutLogEventsRequest): Logs.PutLogEventsResponse {
      const group = getGroup(store, input.logGroupName);
      const stream = getStream(group, input.logStreamName);
      const events = (input.logEvents ?? []).map((event) => ({
        timestamp: event.timestamp ?? 0,
        message: event.message ?? "",
      }));
      checkBatch(events);
      const oldest = clock.now() - Math.min(14, group.retentionInDays ?? 14) * 24 * HOUR_MS;
      const newest = clock.now() + 2 * HOUR_MS;
      const accepted = events.filter(({ timestamp }) => timestamp >= oldest && timestamp <= newest);
      const firstTooNew = events.findIndex(({ timestamp }) => timestamp > newest);
      const tooOld = events.filter(({ timestamp }) => timestamp < oldest).length;
      store.append(group, stream, accepted);
      return {
        nextSequenceToken: "49039859500784927170148448379143510147166190740693346194",
        rejectedLogEventsInfo:
          accepted.length === events.length
            ? undefined
            : {
                tooNewLogEventStartIndex: firstTooNew >= 0 ? firstTooNew : undefined,
                tooOldLogEventEndIndex: tooOld > 0 ? tooOld : undefined,
              },
      };
    },

    GetLogEvents(input: Logs.GetLogEventsRequest): Logs.GetLogEventsResponse {
      checkRange("limit", input.limit, 1, MAX_PAGE_EVENTS);
      checkTimes(input.startTime, input.endTime);
      const group = getIdentifiedGroup(store, input);
      checkKey(store, group);
      const { events } = getStream(group, input.logStreamName);
      const low = input.startTime === undefined ? 0 : events.indexFrom(input.startTime);
      // GetLogEvents' end is exclusive, FilterLogEvents' is not.
      const high = input.endTime === undefined ? events.size : events.indexFrom(input.endTime);
      const token = input.nextToken === undefined ? null : parseToken(input.nextToken, "fb");
      const isForward = token ? token.prefix === "f" : input.startFromHead === true;
      const index = token ? events.indexAfter(token.position) : isForward ? low : high;
      const limit = input.limit ?? MAX_PAGE_EVENTS;
      const page: StoredEvent[] = [];
      let bytes = 0;
      for (let at = isForward ? Math.max(index, low) : Math.min(index, high) - 1; page.length < limit; ) {
        const event = at >= low && at < high ? events.at(at) : undefined;
        bytes += event?.bytes ?? 0;
        if (!event || (bytes > MAX_PAGE_BYTES && page.length > 0)) break;
        page.push(event);
        at += isForward ? 1 : -1;
      }
      if (!isForward) page.reverse();
      const before = events.at(Math.min(index, high) - 1);
      const rest = token?.position ?? (before && index > 0 ? before : { timestamp: 0, sequence: 0 });
      const first = page[0];
      return {
        events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
        nextForwardToken: positionToken("f", page.at(-1) ?? rest),
        nextBackwardToken: positionToken("b", first ? { ...first, sequence: first.sequence - 1 } : rest),
      };
    },
  };
}

function checkBatch(events: readonly { timestamp: number; message: string }[]): void {
  if (events.length === 0 || events.length > MAX_PAGE_EVENTS) {
    throw invalidParameter(
      "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and 10000, inclusive",
    );
  }
  let batchBytes = 0;
  for (const [index, { timestamp, message }] of events.entries()) {
    const bytes = Buffer.byteLength(message);
    if (bytes === 0) {
      throw invalidParameter(
        `1 validation error detected: Value at 'logEvents.${index + 1}.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1`,
      );
    }
    if (bytes + BYTES_PER_EVENT > MAX_EVENT_BYTES) {
      throw invalidParameter(
        `Log event too large: ${bytes + BYTES_PER_EVENT} bytes exceeds limit of ${MAX_EVENT_BYTES}`,
      );
    }
    const previous = events[index - 1];
    if (previous && previous.timestamp > timestamp) {
      throw invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
    }
    batchBytes += bytes + BYTES_PER_EVENT;
  }
  if (batchBytes > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${batchBytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
  const span = (events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
  if (span > 24 * HOUR_MS) {
    throw invalidParameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
}
