import { setTimeout as delay } from "node:timers/promises";
import { documentedConfiguration, hasNginx, startNginx } from "../e2e/nginx.ts";
import { freePort } from "../lib/testing/free-port.ts";
import type { ServerProcess } from "../torture/server.ts";
import type { Figure } from "./figure.ts";
import { answers, until } from "./local-process.ts";
import { startReplicaWorld } from "./replica-world.ts";
import { followBoard, followLog, type LogFollower } from "./stream-followers.ts";
import { switchOnce } from "./switches.ts";
import { createTlsClient, type TlsClient } from "./tls-client.ts";

/** Replicas replaced, one after the other: two are a rolling update. `BENCH_REPLACED` takes another number. */
const REPLACED = Number(process.env.BENCH_REPLACED ?? 6);
const A_SECOND = Number(process.env.BENCH_REQUESTS ?? 50);
/** Half of them follow the board, half the log. */
const STREAMS = Number(process.env.BENCH_STREAMS ?? 200);
const LINES_A_SECOND = 10;
const PATH = "/api/v1/applications/library";
const LAST_LINES_MS = 60_000;

/** Two replicas behind nginx as documented, each replaced in its turn while people read, follow and click. */
export async function measureRollingUpdate(): Promise<Figure[]> {
  const world = hasNginx ? await startReplicaWorld(3) : null;
  if (!world) return [];
  const [first, second, spare] = world.replicas;
  if (!first || !second || !spare) throw new TypeError("There are three replicas");
  const port = await freePort();
  const upstreams = world.replicas.map(({ url }) => new URL(url).host);
  const nginx = await startNginx((folder) => documentedConfiguration(port, upstreams, folder));
  let askedAgain = 0;
  const client = createTlsClient(`https://127.0.0.1:${port}`, first.token, () => {
    askedAgain += 1;
  });
  const left = new AbortController();
  const failures: string[] = [];
  const failed = (what: string) => failures.push(`${new Date().toISOString()} ${what}`);
  const clicks = { made: 0, lost: [] as string[] };
  try {
    for (const replica of [first, second]) await startReady(replica);
    await until("nginx passes on", () => client.call("GET", PATH));
    const lines = startLines(world.sandbox.albUrl);
    const logs = Array.from({ length: STREAMS / 2 }, () => followLog(client, `${PATH}/logs`, left.signal, failed));
    const boards = Array.from({ length: STREAMS / 2 }, () => followBoard(client, `${PATH}/live`, left.signal, failed));
    await until("every stream is there", async () => [...logs, ...boards].every(({ events }) => events() > 0));
    const asking = startAsking(client, failed);
    const running = [first, second];
    let next: ServerProcess = spare;
    for (let replaced = 0; replaced < REPLACED; replaced += 1) {
      await startReady(next);
      const old = running.shift();
      if (!old) throw new TypeError("Two replicas run");
      running.push(next);
      const ended = old.end();
      clicks.made += 1;
      // While it goes, and its part of the work goes to another.
      await switchOnce(client.call, "library").catch((error: Error) => clicks.lost.push(error.message));
      await ended;
      next = old;
    }
    const asked = await asking.stop();
    const written = await lines.stop();
    const lost = await linesLost(logs, written);
    const missing = whatIsMissing(logs, written);
    const reconnects = [...logs, ...boards].reduce((sum, { connects }) => sum + connects() - 1, 0);
    return figures({ asked, failures, clicks, askedAgain, lost, missing, written: written.length, reconnects });
  } finally {
    left.abort();
    client.close();
    await nginx.stop();
    await world.stop();
  }
}

async function startReady(replica: ServerProcess): Promise<void> {
  await replica.start();
  await until("the replica takes requests", () => answers(`${replica.url}/api/health/ready`));
}

interface Found {
  asked: number;
  failures: readonly string[];
  clicks: { made: number; lost: readonly string[] };
  askedAgain: number;
  lost: number;
  missing: string;
  written: number;
  reconnects: number;
}

function figures({ asked, failures, clicks, askedAgain, lost, missing, written, reconnects }: Found): Figure[] {
  const none = { kind: "=", value: 0 } as const;
  const name = (what: string) => `${REPLACED} replicas replaced, ${A_SECOND} requests/s, ${STREAMS} streams: ${what}`;
  return [
    {
      name: name("requests failed"),
      value: failures.length,
      unit: `of ${asked}`,
      target: none,
      note: failures[0] ?? `streams were opened anew ${reconnects} times`,
    },
    {
      name: name("clicks lost"),
      value: clicks.lost.length,
      unit: `of ${clicks.made}`,
      target: none,
      note: clicks.lost[0] ?? `${askedAgain} calls were told that nothing was done, and were sent again`,
    },
    { name: name("log lines lost"), value: lost, unit: `of ${written * (STREAMS / 2)}`, target: none, note: missing },
  ];
}

/** Asks for the application at a steady rate, however slow the answers are. */
function startAsking(client: TlsClient, failed: (what: string) => void) {
  let asked = 0;
  const open = new Set<Promise<void>>();
  const ask = async () => {
    const response = await client.open("GET", PATH);
    if (response.statusCode !== 200) failed(`GET ${PATH}: ${response.statusCode}`);
    response.resume();
  };
  const timer = setInterval(() => {
    asked += 1;
    const done: Promise<void> = ask()
      .catch((error: Error) => failed(`GET ${PATH}: ${error.message}`))
      .finally(() => open.delete(done));
    open.add(done);
  }, 1000 / A_SECOND);
  return {
    async stop(): Promise<number> {
      clearInterval(timer);
      await Promise.all(open);
      return asked;
    },
  };
}

/** Has the application write numbered lines, by requests; `stop` answers the numbers that were written. */
function startLines(albUrl: string) {
  const written: number[] = [];
  const open = new Set<Promise<void>>();
  let number = 0;
  const write = async (page: number) => {
    const response = await fetch(`${albUrl}/books?page=${page}`);
    await response.arrayBuffer();
    if (response.ok) written.push(page);
  };
  const timer = setInterval(() => {
    number += 1;
    const done: Promise<void> = write(number)
      .catch(() => undefined)
      .finally(() => open.delete(done));
    open.add(done);
  }, 1000 / LINES_A_SECOND);
  return {
    async stop(): Promise<number[]> {
      clearInterval(timer);
      await Promise.all(open);
      return written;
    },
  };
}

/** Lines that a follower has not had once the last ones had time to come, all followers together. */
async function linesLost(logs: readonly LogFollower[], written: readonly number[]): Promise<number> {
  const missing = () => logs.reduce((sum, { seen }) => sum + written.filter((number) => !seen.has(number)).length, 0);
  const endsAt = Date.now() + LAST_LINES_MS;
  while (missing() > 0 && Date.now() < endsAt) await delay(500);
  return missing();
}

/** Which lines how many followers lack, and what they were told of it. */
function whatIsMissing(logs: readonly LogFollower[], written: readonly number[]): string {
  const lacking = written.flatMap((number) => {
    const count = logs.filter(({ seen }) => !seen.has(number)).length;
    return count > 0 ? [`line ${number} of ${written.length} by ${count} readers`] : [];
  });
  const gaps = Object.entries(
    Object.groupBy(
      logs.flatMap((log) => log.gaps),
      (reason) => reason,
    ),
  );
  const told = gaps.map(([reason, times]) => `told ${times?.length} times, and asked again: ${reason}`);
  return [...lacking.slice(0, 5), ...told].join("; ");
}
