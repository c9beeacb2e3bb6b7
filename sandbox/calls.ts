import type { Clock } from "./clock.ts";
import type { Answer } from "./protocol/answer.ts";
import type { Interceptor } from "./protocol/api-call.ts";
import { AwsError } from "./service.ts";

/** How often an operation was called since the last reset; `count` includes refused and throttled calls. */
interface CallCount {
  count: number;
  throttled: number;
  lastAt: string;
}

/** One mutating call that reached its handler, in the order they took effect. */
interface JournalEntry {
  sequence: number;
  at: string;
  requestId: string;
  service: string;
  operation: string;
  /** What it was signed with: whose call it was. */
  accessKeyId: string | null;
  /** The request as sent: parsed JSON, or the parameters of a Query call; cut text when it is too long to keep. */
  input: unknown;
  /** AWS's error code; null when the call took effect. */
  error: string | null;
  /** Id of what the call made, where later calls name it by that. */
  made?: string;
}

/** Counts every API call and keeps the mutating ones. */
export interface CallRecorder {
  /** Goes outermost: sees what the client sees. */
  countCalls: Interceptor;
  /** Goes innermost: a call whose answer was lost on the way is here all the same. */
  keepJournal: Interceptor;
  counts(): Record<string, CallCount>;
  journal(): readonly JournalEntry[];
  reset(): void;
  resetJournal(): void;
}

const JOURNAL_ENTRIES = 10_000;
const MAX_INPUT_LENGTH = 16_384;
const READS = /^(Describe|List|Get|BatchGet|Filter|Lookup|StartLiveTail$|StartQuery$|StopQuery$)/;

/** Whether the operation leaves the world as it is. */
export function isRead(operation: string): boolean {
  return READS.test(operation);
}

/** An empty recorder; times are sandbox time. */
export function createCallRecorder(clock: Clock): CallRecorder {
  const counts = new Map<string, CallCount>();
  let entries: JournalEntry[] = [];
  let sequence = 0;
  const timestamp = () => new Date(clock.now()).toISOString();
  return {
    async countCalls(call, next) {
      const key = `${call.service}.${call.operation}`;
      const entry = counts.get(key) ?? { count: 0, throttled: 0, lastAt: "" };
      counts.set(key, entry);
      entry.count += 1;
      entry.lastAt = timestamp();
      try {
        return await next();
      } catch (error) {
        if (error instanceof AwsError && /^Throttling/.test(error.code)) entry.throttled += 1;
        throw error;
      }
    },
    async keepJournal(call, next) {
      if (isRead(call.operation)) return next();
      sequence += 1;
      const entry: JournalEntry = {
        sequence,
        at: timestamp(),
        requestId: call.requestId,
        service: call.service,
        operation: call.operation,
        accessKeyId: call.accessKeyId,
        input: readInput(call.body),
        error: null,
      };
      if (entries.length >= JOURNAL_ENTRIES) entries = entries.slice(JOURNAL_ENTRIES / 10);
      entries.push(entry);
      try {
        const answer = await next();
        const made = madeBy(call.operation, answer);
        if (made !== undefined) entry.made = made;
        return answer;
      } catch (error) {
        entry.error = error instanceof AwsError ? error.code : "InternalFailure";
        throw error;
      }
    },
    counts: () => Object.fromEntries(counts),
    journal: () => entries,
    reset: () => counts.clear(),
    resetJournal() {
      entries = [];
    },
  };
}

/** The id of a new task set; AWS gives it, so that no request says it. */
function madeBy(operation: string, { body }: Answer): string | undefined {
  if (operation !== "CreateTaskSet" || !(body instanceof Uint8Array)) return undefined;
  const { taskSet } = JSON.parse(new TextDecoder().decode(body)) as { taskSet?: { id?: string } };
  return taskSet?.id;
}

function readInput(body: string): unknown {
  if (body.length > MAX_INPUT_LENGTH) return body.slice(0, MAX_INPUT_LENGTH);
  if (!body.startsWith("{")) return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
