import { createConnection, type Socket } from "node:net";
import type { Figure } from "./figure.ts";
import { until } from "./local-process.ts";
import { residentMiB, TOKEN, type World } from "./world.ts";

const READERS = 300;
const ASKED = 600;
const LINES_PER_SECOND = 450;
const BYTES_PER_LINE = 4000;
const WARM_SECONDS = 25;
const SECONDS = 60;

interface Snapshot {
  slots: Record<"blue" | "green", { tasks: { id: string; lastStatus: string }[] }>;
}

/** What readers cost that open log streams and never read, while the log is busy and somebody else reads. */
export async function measureStuckReaders(world: World): Promise<Figure[]> {
  const { slots } = await world.api<Snapshot>("GET", "/api/v1/applications/library");
  const task = [...slots.blue.tasks, ...slots.green.tasks].find((each) => each.lastStatus === "RUNNING");
  const seconds = WARM_SECONDS + SECONDS + 30;
  await world.sandbox("POST", "/_sandbox/logs", {
    logGroup: "/ecs/library-management-task",
    logStream: `bench/library/${task?.id}`,
    linesPerSecond: LINES_PER_SECOND,
    seconds,
    bytesPerLine: BYTES_PER_LINE,
  });
  const reading = new AbortController();
  const reader = await openReader(world, reading.signal);
  const before = await highest(world, WARM_SECONDS);
  const asked: ReturnType<typeof askAndNeverRead>[] = [];
  const codes: number[] = [];
  while (asked.length < ASKED) {
    const some = Array.from({ length: 50 }, () => askAndNeverRead(world));
    asked.push(...some);
    codes.push(...(await Promise.all(some.map(({ status }) => status))));
  }
  const open = await openStreams(world);
  const readAtStart = reader.bytes;
  const during = await highest(world, SECONDS);
  const mibPerSecond = (reader.bytes - readAtStart) / SECONDS / 1024 / 1024;
  reading.abort();
  for (const { socket } of asked) socket.destroy();
  await until("the streams are let go", async () => (await openStreams(world)) === 0, 60_000);
  return [
    {
      name: `log: streams that one identity has open, of ${ASKED} asked for`,
      value: open,
      unit: "",
      target: { kind: "<=", value: 400 },
      note: `${codes.filter((code) => code === 429).length} were answered 429`,
    },
    {
      name: `log: memory, ${READERS} readers and more that never read`,
      value: during - before,
      unit: "MiB",
      target: { kind: "<=", value: 100 },
      note: `${open} readers, ${LINES_PER_SECOND} lines/s of ${BYTES_PER_LINE / 1000} kB for ${SECONDS} s, from ${before.toFixed(0)} MiB`,
    },
    {
      name: "log: what a reader beside them gets",
      value: mibPerSecond,
      unit: "MiB/s",
      target: { kind: ">=", value: (LINES_PER_SECOND * BYTES_PER_LINE * 0.5) / 1024 / 1024 },
      note: "half of what is written: sandbox, dashboard and bench share the machine",
    },
  ];
}

const LOGS = "/api/v1/applications/library/logs?slot=both";

async function openReader(world: World, signal: AbortSignal): Promise<{ bytes: number }> {
  const seen = { bytes: 0 };
  const response = await fetch(`${world.appUrl}${LOGS}`, { headers: { authorization: `Bearer ${TOKEN}` }, signal });
  const reader = response.body?.getReader();
  void (async () => {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
      seen.bytes += next.value.length;
  })().catch(() => {});
  return seen;
}

/** A connection that takes the answer's first bytes and nothing after. */
function askAndNeverRead(world: World): { socket: Socket; status: Promise<number> } {
  const { hostname, port } = new URL(world.appUrl);
  const socket = createConnection(Number(port), hostname);
  socket.on("error", () => {});
  socket.write(`GET ${LOGS} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
  const status = new Promise<number>((resolve) => {
    socket.once("data", (head: Buffer) => {
      socket.pause();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(head.toString("latin1"))?.[1] ?? 0));
    });
    socket.once("close", () => resolve(0));
  });
  return { socket, status };
}

/** The most that the server held over so many seconds. */
async function highest(world: World, seconds: number): Promise<number> {
  let most = 0;
  for (let second = 0; second < seconds; second++) {
    most = Math.max(most, await residentMiB(world.serverPid));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return most;
}

async function openStreams(world: World): Promise<number> {
  const health = await world.api<{ checks: { streams: { open: number } } }>("GET", "/api/health");
  return health.checks.streams.open;
}
