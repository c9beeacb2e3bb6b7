import { createAws } from "../lib/aws/aws.ts";
import type { Application } from "../lib/domain/application/application.ts";
import { readLogPage } from "../lib/logs/log-pages.ts";
import { createSlotStreams } from "../lib/logs/slot-streams.ts";
import { startTestServer } from "../sandbox/protocol/test-server.ts";
import type { Handler } from "../sandbox/service.ts";
import { type Figure, quantile } from "./figure.ts";

const [REGION, ACCOUNT, GROUP, STREAM] = ["ap-northeast-2", "123456789012", "/ecs/library", "blue/app/b1"] as const;
const DAY_MS = 86_400_000;
const BEHIND = 10_000_000;
const PAGE = 500;

/** A log of which any moment can be read without holding it: one line every few milliseconds, as many as `BEHIND` a day. */
function endlessLog(now: number): Record<string, Handler> {
  const gap = DAY_MS / BEHIND;
  const indexAt = (at: number) => Math.floor((at - (now - 2 * DAY_MS)) / gap);
  const timeOf = (index: number) => Math.floor(now - 2 * DAY_MS + index * gap);
  return {
    FilterLogEvents(input: {
      startTime?: number;
      endTime?: number;
      limit?: number;
      startFromHead?: boolean;
      nextToken?: string;
    }) {
      const isForward = input.startFromHead !== false;
      const low = indexAt(input.startTime ?? now - 2 * DAY_MS);
      const high = Math.min(indexAt(now), indexAt(input.endTime ?? now));
      const from = input.nextToken ? Number(input.nextToken) : isForward ? low : high;
      const count = Math.max(0, Math.min(input.limit ?? 10_000, isForward ? high - from + 1 : from - low + 1));
      const events = Array.from({ length: count }, (_, i) => {
        const index = isForward ? from + i : from - i;
        const message = `INFO line ${index} GET /books?page=${index % 97} status=200`;
        return {
          logStreamName: STREAM,
          timestamp: timeOf(index),
          ingestionTime: timeOf(index) + 900,
          message,
          eventId: String(index),
        };
      });
      const next = isForward ? from + count : from - count;
      return { events, ...(next >= low && next <= high ? { nextToken: String(next) } : {}) };
    },
  };
}

/** The lines around yesterday 03:00, as the page asks for them when it goes to a moment. */
export async function measureLogReads(): Promise<Figure[]> {
  process.env.AWS_ACCESS_KEY_ID ??= "bench";
  process.env.AWS_SECRET_ACCESS_KEY ??= "bench";
  const now = Date.now();
  let calls = 0;
  const server = await startTestServer({
    services: [{ name: "logs", operations: endlessLog(now) }],
    interceptors: [
      (_call, next) => {
        calls++;
        return next();
      },
    ],
  });
  // With the product's own budget of calls: what it would wait for on AWS, it waits for here.
  const aws = createAws({ region: REGION, endpoint: server.url, accountId: ACCOUNT });
  const streams = createSlotStreams(() => ({
    blue: { tasks: [{ id: "b1", logStream: STREAM }] as never },
    green: { tasks: [] },
  }));
  const application = { name: "library", region: REGION, accountId: ACCOUNT, logs: null } as unknown as Application;
  const at = now - DAY_MS;
  const page = (direction: "older" | "newer") =>
    readLogPage(aws.logs, {
      application,
      sources: [{ group: GROUP, side: null }],
      streams,
      from: direction === "older" ? at - DAY_MS / 2 : at,
      to: direction === "older" ? at : now,
      direction,
      slots: "both",
      filter: "",
      limit: PAGE,
      signal: AbortSignal.timeout(30_000),
    });
  const durations: number[] = [];
  let found = 0;
  for (let i = 0; i < 10; i++) {
    const startedAt = performance.now();
    const pages = await Promise.all([page("older"), page("newer")]);
    durations.push(performance.now() - startedAt);
    found = pages.reduce((sum, { lines }) => sum + lines.length, 0);
  }
  aws.destroy();
  await server.close();
  return [
    {
      name: `log: to yesterday 03:00 with ${BEHIND / 1e6} million lines behind it, p95`,
      value: quantile(durations, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 1500 },
      note: `${found} lines around it in ${calls / 10} calls, within the budget of FilterLogEvents`,
    },
  ];
}
