import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError, type Call, type Handler, type SandboxBase } from "../service.ts";
import { compileFilterPattern } from "./filter-pattern.ts";
import { LiveTailStream } from "./live-tail-stream.ts";
import { checkKey, getGroupByIdentifier, invalidParameter } from "./log-names.ts";
import type { LogStore, StoredEvent } from "./log-store.ts";

const SESSION_MS = 3 * 3_600_000;
const UPDATE_MS = 1000;
const MAX_UPDATE_EVENTS = 500;

/** StartLiveTail and the sessions it has open. */
export interface LiveTails {
  operations: Record<string, Handler>;
  count(): number;
  /** Ends every session's stream. */
  endAll(): void;
}

/** Live Tail as AWS runs it: an update a second, sampled over 500 events, at most `maxSessions` in the account. */
export function createLiveTails(base: SandboxBase, store: LogStore, maxSessions: number): LiveTails {
  const sessions = new Set<() => void>();

  const StartLiveTail = (input: Logs.StartLiveTailRequest, call: Call): Logs.StartLiveTailResponse => {
    const isWanted = checkSession(store, input);
    if (sessions.size >= maxSessions) {
      throw new AwsError(
        "LimitExceededException",
        `The maximum number of concurrent Live Tail sessions (${maxSessions}) has been reached.`,
      );
    }

    let collected: Logs.LiveTailSessionLogEvent[] = [];
    const stream = new LiveTailStream();
    const end = (): void => {
      if (!sessions.delete(end)) return;
      unsubscribe();
      ticker.cancel();
      timeout.cancel();
      call.signal.removeEventListener("abort", end);
      stream.end();
    };
    const unsubscribe = store.subscribe((group, events) => {
      for (const event of events) {
        if (!isWanted(group.name, event)) continue;
        collected.push({
          logStreamName: event.stream,
          logGroupIdentifier: `${base.place.accountId}:${group.name}`,
          message: event.message,
          timestamp: event.timestamp,
          ingestionTime: event.ingestionTime,
        });
      }
    });
    const ticker = base.clock.every(UPDATE_MS, () => {
      stream.push({ sessionUpdate: toUpdate(collected) });
      collected = [];
    });
    const timeout = base.clock.after(SESSION_MS, () => {
      const message = "Live Tail session timed out after 3 hours.";
      // The encoder needs the shape's members only, not the SDK's error class.
      const exception = { name: "SessionTimeoutException", message } as Logs.SessionTimeoutException;
      stream.push({ SessionTimeoutException: exception });
      end();
    });
    stream.onAbandoned = end;
    sessions.add(end);
    call.signal.addEventListener("abort", end);
    if (call.signal.aborted) end();
    stream.push({ sessionStart: describeSession(input, call, base.random) });
    return { responseStream: stream };
  };

  return {
    operations: { StartLiveTail },
    count: () => sessions.size,
    endAll() {
      for (const end of [...sessions]) end();
    },
  };
}

function describeSession(
  input: Logs.StartLiveTailRequest,
  call: Call,
  random: () => number,
): Logs.LiveTailSessionStart {
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
  return {
    requestId: call.requestId,
    sessionId: `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    logGroupIdentifiers: input.logGroupIdentifiers,
    logStreamNames: input.logStreamNames ?? [],
    logStreamNamePrefixes: input.logStreamNamePrefixes ?? [],
    logEventFilterPattern: input.logEventFilterPattern ?? "",
  };
}

/** At most 500 events; of more, every n-th, so that the sample covers the whole second. */
function toUpdate(collected: Logs.LiveTailSessionLogEvent[]): Logs.LiveTailSessionUpdate {
  if (collected.length <= MAX_UPDATE_EVENTS) {
    return { sessionMetadata: { sampled: false }, sessionResults: collected };
  }
  const step = collected.length / MAX_UPDATE_EVENTS;
  const sample = Array.from({ length: MAX_UPDATE_EVENTS }, (_, index) => collected[Math.floor(index * step)]);
  return { sessionMetadata: { sampled: true }, sessionResults: sample.filter((event) => event !== undefined) };
}

function checkSession(
  store: LogStore,
  input: Logs.StartLiveTailRequest,
): (groupName: string, event: StoredEvent) => boolean {
  const identifiers = input.logGroupIdentifiers ?? [];
  if (identifiers.length < 1 || identifiers.length > 10) {
    throw invalidParameter(
      "1 validation error detected: Value at 'logGroupIdentifiers' failed to satisfy constraint: Member must have length between 1 and 10, inclusive",
    );
  }
  for (const identifier of identifiers) {
    if (!/^arn:aws[\w-]*:logs:[\w-]+:\d{12}:log-group:[^:*]+$/.test(identifier)) {
      throw invalidParameter(
        `The log group identifier ${identifier} is not a log group ARN, or ends with an asterisk.`,
      );
    }
  }
  const found = identifiers.map((identifier) => getGroupByIdentifier(store, identifier));
  for (const group of found) checkKey(store, group);
  const groups = new Set(found.map(({ name }) => name));
  // That the class has no live tail is documented; the code and the words of its refusal are an assumption.
  if (found.some(({ logGroupClass }) => logGroupClass !== "STANDARD"))
    throw new AwsError(
      "InvalidOperationException",
      "Live Tail is supported for log groups of the Standard log class only.",
    );
  const { logStreamNames: names, logStreamNamePrefixes: prefixes } = input;
  if (names?.length && prefixes?.length) {
    throw invalidParameter("logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.");
  }
  if ((names?.length || prefixes?.length) && identifiers.length !== 1) {
    throw invalidParameter("Log stream names and prefixes can only be specified with exactly one log group.");
  }
  if ((names?.length ?? 0) > 100 || (prefixes?.length ?? 0) > 100) {
    throw invalidParameter("At most 100 log streams or prefixes can be specified.");
  }
  const matches = compileFilterPattern(input.logEventFilterPattern);
  const wantedNames = names?.length ? new Set(names) : null;
  return (groupName, event) =>
    groups.has(groupName) &&
    (!wantedNames || wantedNames.has(event.stream)) &&
    (!prefixes?.length || prefixes.some((prefix) => event.stream.startsWith(prefix))) &&
    matches(event.message);
}
