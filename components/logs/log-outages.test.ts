import { expect, onTestFinished, test } from "vitest";
import type { StreamSource } from "@/components/live/live-store.ts";
import { createAws } from "@/lib/aws/aws.ts";
import { logGroupRef } from "@/lib/aws/logs.ts";
import type { LogEvent } from "@/lib/domain/observation/log-line.ts";
import { createLogTails, type LogTails } from "@/lib/logs/log-tails.ts";
import { createSlotStreams } from "@/lib/logs/slot-streams.ts";
import { systemClock } from "@/sandbox/clock.ts";
import { createLogs } from "@/sandbox/logs/create-logs.ts";
import { startTestServer } from "@/sandbox/protocol/test-server.ts";
import { LogStore } from "./log-store.ts";

const [REGION, ACCOUNT, GROUP, STREAM] = ["ap-northeast-2", "123456789012", "/ecs/library", "blue/app/b1"] as const;
const SPEED = 60;
const streams = createSlotStreams(() => ({
  blue: { tasks: [{ id: "b1", logStream: STREAM }] as never },
  green: { tasks: [] },
}));

/** A tab on the product's tails on a sandbox whose time goes faster; the network between tab and server can be cut. */
async function startTab() {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const clock = systemClock(SPEED);
  const logs = createLogs({ clock, place: { accountId: ACCOUNT, region: REGION }, random: () => 0.5 });
  const server = await startTestServer({ services: [logs.service] });
  const plenty = { burst: 1000, perSecond: 1000, share: 1 };
  const limits = { "logs-filter": plenty, "logs-live-tail": plenty };
  const aws = createAws({ region: REGION, endpoint: server.url, accountId: ACCOUNT, limits });
  const start = () =>
    createLogTails({ reader: aws.logs, now: clock.now, times: { settleMs: 100, pollMs: 50, lingerMs: 20 } });
  let tails = start();
  let isCut = false;
  const open = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  const tab = new LogStore({
    open: (since) =>
      sourceOf(
        () => tails,
        since,
        () => isCut,
        open,
      ),
    findRefusal: async () => null,
    setTimer(run, ms) {
      const timer = setTimeout(run, ms / SPEED);
      timers.add(timer);
      return timer;
    },
    clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
    now: clock.now,
  });
  let written = 0;
  onTestFinished(async () => {
    tab.stop();
    for (const timer of timers) clearTimeout(timer);
    await tails.stop();
    aws.destroy();
    await logs.close();
    await server.close();
  });
  return {
    tab,
    clock,
    /** Writes lines, some of which say that they were written a while ago, as those that waited in an agent. */
    write(count: number, lateMs = 0) {
      const timestamp = Math.floor(clock.now() - lateMs);
      const events = Array.from({ length: count }, () => ({ timestamp, message: `line ${written++}` }));
      logs.sink.write(GROUP, STREAM, events);
    },
    cut(now: boolean) {
      isCut = now;
      if (now) for (const drop of [...open]) drop();
    },
    async restart() {
      for (const drop of [...open]) drop();
      await tails.stop();
      tails = start();
    },
    /** Waits until every line is here, and says which came more than once. */
    async allThereOnce() {
      const numbers = () => {
        tab.flush();
        return tab.buffer.rows.flatMap((row) => (row.kind === "line" ? [Number(row.line.text.slice(5))] : []));
      };
      for (let tries = 0; tries < 4000 && new Set(numbers()).size < written; tries++)
        await new Promise((done) => setTimeout(done, 2));
      expect(numbers().toSorted((a, b) => a - b)).toEqual(Array.from({ length: written }, (_, n) => n));
    },
  };
}

/** A stream as the browser has it: dropped, it errors; while the network is cut it cannot be opened. */
function sourceOf(
  tails: () => LogTails,
  since: number | null,
  isCut: () => boolean,
  open: Set<() => void>,
): StreamSource {
  const listeners = new Map<string, (message: { data: string }) => void>();
  const left = new AbortController();
  const source: StreamSource = {
    onopen: null,
    onerror: null,
    addEventListener: (type, listener) => void listeners.set(type, listener),
    close() {
      open.delete(drop);
      left.abort();
    },
  };
  const drop = () => {
    if (left.signal.aborted) return;
    source.close();
    source.onerror?.();
  };
  open.add(drop);
  const tell = (event: LogEvent) =>
    listeners.get(event.type)?.({ data: JSON.stringify(event.type === "line" ? event.lines : event) });
  const pump = async () => {
    await null;
    if (isCut()) return drop();
    source.onopen?.();
    const request = {
      logGroup: logGroupRef(REGION, ACCOUNT, GROUP),
      streams,
      slots: "both" as const,
      signal: left.signal,
    };
    for await (const event of tails().watch({ ...request, ...(since === null ? {} : { since }) })) {
      if (left.signal.aborted) return;
      tell(event);
    }
    drop();
  };
  void pump();
  return source;
}

test("over a cut network, a restarted server and a hidden tab no line is lost that AWS has, and none is there twice", async () => {
  const { tab, write, cut, restart, allThereOnce } = await startTab();
  write(3);
  tab.start();
  await allThereOnce();
  cut(true);
  write(40);
  write(5, 60_000);
  cut(false);
  await allThereOnce();
  write(20);
  await restart();
  write(20);
  write(3, 90_000);
  await allThereOnce();
  tab.setHidden(true);
  for (let tries = 0; tries < 2000 && tab.status.mode !== "paused"; tries++)
    await new Promise((done) => setTimeout(done, 2));
  expect(tab.status.mode).toBe("paused");
  write(60);
  write(5, 100_000);
  tab.setHidden(false);
  write(7);
  await allThereOnce();
});
