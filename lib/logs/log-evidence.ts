import { chunks } from "../aws/chunks.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { LogReader, LogSearch } from "../aws/logs.ts";
import { logGroupRef } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import { ownSecretRules } from "../domain/log/own-secrets.ts";
import { maskSecrets } from "../domain/log/secrets.ts";
import { functionName } from "../domain/observation/aws-deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { requestMatcher } from "../domain/observation/request-line.ts";
import { SLOT_COLORS, type Slot, type Task } from "../domain/observation/slot.ts";
import type { LastLines, RequestEvidence } from "./evidence.ts";

/** Streams that one FilterLogEvents call takes. */
const STREAMS_A_CALL = 100;
/** Enough to verify with; a busy side writes far more in a minute. */
const MAX_LINES = 10_000;

/** Lines newer than this may still be on their way, so that they would make the lag look short. */
const LAG_UNTIL_MS = 30_000;
const LAG_FROM_MS = 150_000;
/** Fewer lines tell nothing of the longest lag. */
const LEAST_LAG_LINES = 20;
/** One page of them is enough, from the first hundred streams. */
const LAG_LINES = 1_000;
const LAG_KEPT_MS = 60_000;

type Search = Pick<LogSearch, "from" | "to" | "newestFirst" | "pageSize">;

/** Requests are told by the application's own request lines, read from the log streams of each side's tasks. */
export function createRequestEvidence(logs: LogReader): RequestEvidence {
  const lags = new Map<string, { measuredAt: number; lagMs: Promise<number | null> }>();

  const read = (application: Application, { group, streams }: { group: string; streams: string[] }, search: Search) =>
    linesOf(logs, {
      ...search,
      logGroup: logGroupRef(application.region, application.accountId, group),
      streams,
      priority: "engine",
    });

  async function measureLag(application: Application, slot: Slot, now: number): Promise<number | null> {
    const seen: number[] = [];
    const search = { from: now - LAG_FROM_MS, to: now - LAG_UNTIL_MS, newestFirst: true, pageSize: LAG_LINES };
    const [part] = partsOf(application, slot, search.from);
    if (!part) return null;
    for await (const page of read(application, part, search)) {
      seen.push(...page.map(({ at, ingestedAt }) => Math.max(0, ingestedAt - at)));
      if (seen.length >= LAG_LINES) break;
    }
    return seen.length < LEAST_LAG_LINES ? null : Math.max(...seen);
  }

  return {
    async requestsSince(application, color, observation, sinceMs, order) {
      const count = { firstAt: null as number | null, lastAt: null as number | null, count: 0, failed: 0 };
      if (application.requestLine === null) return count;
      const matchRequest = requestMatcher(application.requestLine, healthChecksOf(application, observation));
      for (const part of partsOf(application, observation.slots[color], sinceMs)) {
        const before = count.count;
        for await (const page of read(application, part, { from: sinceMs, newestFirst: order === "last" })) {
          for (const line of page) {
            const match = line.at < sinceMs ? null : matchRequest(line.message);
            if (!match) continue;
            count.count += 1;
            if (Number(match.groups?.status ?? 0) >= 500) count.failed += 1;
            count.firstAt = Math.min(count.firstAt ?? line.at, line.at);
            count.lastAt = Math.max(count.lastAt ?? line.at, line.at);
          }
          // Of this part alone: every stream is asked.
          if (count.count - before >= MAX_LINES) break;
        }
      }
      return count;
    },

    unreadTasks: (application, color, observation, sinceMs) =>
      application.requestLine === null
        ? 0
        : servingTasks(observation.slots[color], sinceMs).filter((task) => !destinationOf(application, task)).length,

    deliveryLagMs(application, color, observation, now) {
      const known = lags.get(application.name);
      if (known && Math.abs(now - known.measuredAt) < LAG_KEPT_MS) return known.lagMs;
      const lagMs = measureLag(application, observation.slots[color], now);
      lags.set(application.name, { measuredAt: now, lagMs });
      // A search that failed is made again at the next look.
      lagMs.catch(() => lags.delete(application.name));
      return lagMs;
    },
  };
}

/** The last lines of a task's stream, without secrets; empty where it names none. */
export function createLastLines(logs: LogReader): LastLines {
  return {
    async lastLines(application, task, count) {
      const group = task.logGroup ?? application.logGroup;
      if (!group || !task.logStream) return [];
      const logGroup = logGroupRef(application.region, application.accountId, group);
      const lines = await logs.lastLines({ logGroup, stream: task.logStream, count });
      const own = ownSecretRules(application.logs);
      return lines.map((line) => ({ at: line.at, text: maskSecrets(line.message, own) }));
    },

    async functionLines({ region, accountId, logs: settings }, arn, sinceMs, count) {
      const logGroup = logGroupRef(region, accountId, `/aws/lambda/${functionName(arn)}`);
      const found: { at: number; text: string }[] = [];
      const own = ownSecretRules(settings);
      for await (const page of logs.filterLines({ logGroup, from: sinceMs, priority: "engine" })) {
        found.push(...page.map((line) => ({ at: line.at, text: maskSecrets(line.message, own) })));
        if (found.length >= MAX_LINES) break;
      }
      return found.slice(-count);
    },
  };
}

/** What asks after health: both groups' own checks, and what is configured. */
export function healthChecksOf(
  application: Application,
  { slots }: Observation,
): { ofGroups: string[]; ofMonitors: string[] } {
  return {
    ofGroups: SLOT_COLORS.flatMap((color) => slots[color]?.healthCheck?.path ?? []),
    ofMonitors: [...(application.healthCheckPaths ?? []), ...(application.smoke ? [application.smoke.path] : [])],
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

/** Tasks that could have served a request since then. */
function servingTasks(slot: Slot, sinceMs: number): Task[] {
  return slot.tasks.filter((task) => task.startedAt !== null && (task.stoppedAt === null || task.stoppedAt >= sinceMs));
}

/** Where the task writes to, as far as that is known. */
function destinationOf(application: Application, task: Task): { group: string; stream: string } | null {
  const group = task.logGroup ?? application.logGroup;
  return group && task.logStream ? { group, stream: task.logStream } : null;
}

/** The streams of those tasks, in as many parts as calls take. */
function partsOf(application: Application, slot: Slot, sinceMs: number): { group: string; streams: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const task of servingTasks(slot, sinceMs)) {
    const destination = destinationOf(application, task);
    if (destination) groups.set(destination.group, [...(groups.get(destination.group) ?? []), destination.stream]);
  }
  return [...groups].flatMap(([group, streams]) =>
    chunks(streams, STREAMS_A_CALL).map((part) => ({ group, streams: part })),
  );
}
