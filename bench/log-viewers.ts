import { readFile } from "node:fs/promises";
import type { Figure } from "./figure.ts";
import { until } from "./local-process.ts";
import { residentMiB, TOKEN, type World } from "./world.ts";

/** Fewer, to see that it works: `SWITCHYARD_BENCH_LOG_VIEWERS=20 SWITCHYARD_BENCH_LOG_SECONDS=10`. */
const VIEWERS = Number(process.env.SWITCHYARD_BENCH_LOG_VIEWERS ?? 200);
const SECONDS = Number(process.env.SWITCHYARD_BENCH_LOG_SECONDS ?? 60);
const WARM_SECONDS = 10;
const LINES_PER_SECOND = 50;
const BYTES_PER_LINE = 300;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

interface Snapshot {
  slots: Record<"blue" | "green", { tasks: { id: string; lastStatus: string }[] }>;
}

/** What each of many people costs who follow one application's log: memory and processor time of the server, and lines lost. */
export async function measureLogViewers(world: World): Promise<Figure[]> {
  const { slots } = await world.api<Snapshot>("GET", "/api/v1/applications/library");
  const task = [...slots.blue.tasks, ...slots.green.tasks].find((each) => each.lastStatus === "RUNNING");
  await world.sandbox("POST", "/_sandbox/logs", {
    logGroup: "/ecs/library-management-task",
    logStream: `bench/library/${task?.id}`,
    linesPerSecond: LINES_PER_SECOND,
    seconds: 2 * (WARM_SECONDS + SECONDS) + 60,
    bytesPerLine: BYTES_PER_LINE,
  });
  const left = new AbortController();
  const first = await openViewer(world, left.signal);
  await sleep(WARM_SECONDS);
  const one = await watch(world);
  const others = await Promise.all(Array.from({ length: VIEWERS - 1 }, () => openViewer(world, left.signal)));
  await sleep(WARM_SECONDS);
  const seen = others.map((viewer) => viewer.lines.size);
  const many = await watch(world);
  // What the first one has had for a moment, all others have as well, each line once.
  const sample = [...first.lines].slice(-(SECONDS / 2) * LINES_PER_SECOND, -2 * LINES_PER_SECOND);
  const lost = others.reduce((sum, viewer) => sum + sample.filter((id) => !viewer.lines.has(id)).length, 0);
  const repeated = others.reduce((sum, viewer) => sum + viewer.repeated, first.repeated);
  const got = others.reduce((sum, viewer, n) => sum + viewer.lines.size - (seen[n] ?? 0), 0) / others.length / SECONDS;
  left.abort();
  await until("the streams are let go", async () => (await openStreams(world)) === 0, 60_000);
  const each = Math.max(1, VIEWERS - 1);
  return [
    {
      name: `log: memory of each of ${VIEWERS} viewers`,
      value: ((many.mib - one.mib) / each) * 1024,
      unit: "KiB",
      target: { kind: "<=", value: 512 },
      note: `${one.mib.toFixed(0)} MiB with one, ${many.mib.toFixed(0)} MiB with all at the most`,
    },
    {
      name: `log: processor time of each of ${VIEWERS} viewers`,
      value: ((many.processor - one.processor) / each) * 1000,
      unit: "ms/s",
      target: { kind: "<=", value: 2 },
      note: `${LINES_PER_SECOND} lines/s of ${BYTES_PER_LINE} bytes; ${(one.processor * 100).toFixed(0)} % of a core with one, ${(many.processor * 100).toFixed(0)} % with all`,
    },
    {
      name: `log: lines lost or repeated for ${VIEWERS} viewers`,
      value: lost + repeated,
      unit: "",
      target: { kind: "=", value: 0 },
      note: `${sample.length} lines compared by their ids, ${got.toFixed(0)} lines/s each`,
    },
  ];
}

interface Viewer {
  lines: Set<string>;
  repeated: number;
}

/** Reads a stream of the log as a page does; resolves with its first line. */
async function openViewer(world: World, signal: AbortSignal): Promise<Viewer> {
  const viewer: Viewer = { lines: new Set(), repeated: 0 };
  const response = await fetch(`${world.appUrl}/api/v1/applications/library/logs?slot=both`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    signal,
  });
  if (!response.ok || !response.body) throw new Error(`A viewer's stream answered ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  const take = (text: string) => {
    const events = (rest + text).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = /^event: line\ndata: (.*)$/m.exec(event)?.[1];
      if (data === undefined) continue;
      for (const { id } of JSON.parse(data) as { id: string }[]) {
        if (viewer.lines.has(id)) viewer.repeated++;
        viewer.lines.add(id);
      }
    }
  };
  while (viewer.lines.size === 0) take((await reader.read()).value ?? "");
  void (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) take(next.value);
  })().catch(() => {});
  return viewer;
}

/** The most memory and the mean share of a core over the time. */
async function watch(world: World): Promise<{ mib: number; processor: number }> {
  const before = await processorSeconds(world.serverPid);
  const startedAt = performance.now();
  let mib = 0;
  for (let second = 0; second < SECONDS; second++) {
    mib = Math.max(mib, await residentMiB(world.serverPid));
    await sleep(1);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return { mib, processor: ((await processorSeconds(world.serverPid)) - before) / seconds };
}

/** Seconds of processor time that the process and its children have had, user and system. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The second field is a name in parentheses, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const own = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean);
  const below = await Promise.all(children.map((child) => processorSeconds(Number(child))));
  return below.reduce((sum, seconds) => sum + seconds, own);
}

async function openStreams(world: World): Promise<number> {
  const health = await world.api<{ checks: { streams: { open: number } } }>("GET", "/api/health");
  return health.checks.streams.open;
}

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
