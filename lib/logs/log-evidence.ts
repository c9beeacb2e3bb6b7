import { AwsFailure } from "../aws/errors.ts";
import type { LogReader } from "../aws/logs.ts";
import { logGroupRef } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import type { Slot } from "../domain/observation/slot.ts";
import type { LastLines, RequestEvidence } from "./evidence.ts";

/** Streams of one FilterLogEvents call. */
const MAX_STREAMS = 100;
/** Enough to prove with; a busy side writes far more in a minute. */
const MAX_LINES = 10_000;

/** Requests are told by the application's own request lines, read from the log streams of each side's tasks. */
export function createRequestEvidence(logs: LogReader): RequestEvidence {
  return {
    async requestsSince(application, color, observation, sinceMs, order) {
      const count = { firstAt: null as number | null, lastAt: null as number | null, count: 0, failed: 0 };
      if (application.requestLine === null) return count;
      const pattern = new RegExp(application.requestLine);
      const newestFirst = order === "last";
      for (const [group, streams] of streamsByGroup(application, observation.slots[color], sinceMs)) {
        const logGroup = logGroupRef(application.region, application.accountId, group);
        for await (const page of linesOf(logs, { logGroup, streams, from: sinceMs, newestFirst, priority: "engine" })) {
          for (const line of page) {
            const match = pattern.exec(line.message);
            if (!match || line.at < sinceMs) continue;
            count.count += 1;
            if (Number(match.groups?.status ?? 0) >= 500) count.failed += 1;
            count.firstAt = Math.min(count.firstAt ?? line.at, line.at);
            count.lastAt = Math.max(count.lastAt ?? line.at, line.at);
          }
          if (count.count >= MAX_LINES) break;
        }
      }
      return count;
    },
  };
}

/** The last lines of a task's stream; empty where it names none. */
export function createLastLines(logs: LogReader): LastLines {
  return {
    async lastLines(application, task, count) {
      const group = task.logGroup ?? application.logGroup;
      if (!group || !task.logStream) return [];
      const logGroup = logGroupRef(application.region, application.accountId, group);
      const lines = await logs.lastLines({ logGroup, stream: task.logStream, count });
      return lines.map((line) => ({ at: line.at, text: line.message }));
    },
  };
}

type Query = Parameters<LogReader["filterLines"]>[0] & { streams: string[] };

/** One missing stream fails the whole search in AWS, and a task without a line yet has none: then each is asked for itself. */
async function* linesOf(logs: LogReader, query: Query): ReturnType<LogReader["filterLines"]> {
  try {
    yield* logs.filterLines(query);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (query.streams.length < 2) return;
    for (const stream of query.streams) yield* linesOf(logs, { ...query, streams: [stream] });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof AwsFailure && error.kind === "missing";
}

/** Streams of the tasks that could have served a request since then. */
function streamsByGroup(application: Application, slot: Slot, sinceMs: number): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const task of slot.tasks) {
    if (task.startedAt === null || (task.stoppedAt !== null && task.stoppedAt < sinceMs)) continue;
    const group = task.logGroup ?? application.logGroup;
    if (!group || !task.logStream) continue;
    const streams = groups.get(group) ?? [];
    if (streams.length < MAX_STREAMS) groups.set(group, [...streams, task.logStream]);
  }
  return groups;
}
