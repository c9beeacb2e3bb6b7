import { setTimeout as delay } from "node:timers/promises";
import type { TlsClient } from "./tls-client.ts";

/** One reader of an event stream who connects anew whenever it ends, as a page does. */
interface Follower {
  /** How many events came, and how often it connected. */
  events(): number;
  connects(): number;
}

/** Also what it read: the numbers of the lines that `startLines` has written. */
export interface LogFollower extends Follower {
  seen: ReadonlySet<number>;
  /** Why lines were missing, each time that it was told so; it asked for them again, as a page offers it. */
  gaps: readonly string[];
}

const AGAIN_MS = 1_000;
/** A person who is told that lines are missing presses "Ask again" no sooner. */
const ASK_AGAIN_MS = 10_000;
/** A page asks for so much once more: lines come late, and those that it has are told by their ids. */
const OVERLAP_MS = 120_000;

/** Follows a board until the signal aborts; what refuses it is told. */
export function followBoard(
  client: TlsClient,
  path: string,
  signal: AbortSignal,
  failed: (what: string) => void,
): Follower {
  return follow(
    client,
    () => path,
    () => undefined,
    { signal, failed },
  );
}

/** The same for the log, each time from where lines may be missing. */
export function followLog(
  client: TlsClient,
  path: string,
  signal: AbortSignal,
  failed: (what: string) => void,
): LogFollower {
  const startedAt = Date.now();
  const seen = new Set<number>();
  const gaps: string[] = [];
  let newest = startedAt;
  let missingFrom = Number.POSITIVE_INFINITY;
  const take = (event: string) => {
    if (/^event: gap$/m.test(event)) {
      const gap = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? "{}") as { from: number; reason: string };
      gaps.push(gap.reason);
      missingFrom = Math.min(missingFrom, gap.from);
      return "again";
    }
    if (!/^event: line$/m.test(event)) return;
    for (const { at, text } of JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? "[]") as { at: number; text: string }[]) {
      newest = Math.max(newest, at);
      const page = /[?&]page=(\d+)/.exec(text)?.[1];
      if (page !== undefined) seen.add(Number(page));
    }
  };
  const from = () => {
    const since = Math.max(startedAt, Math.min(missingFrom, newest - OVERLAP_MS));
    missingFrom = Number.POSITIVE_INFINITY;
    return `${path}?since=${since}`;
  };
  return { ...follow(client, from, take, { signal, failed }), seen, gaps };
}

function follow(
  client: TlsClient,
  path: () => string,
  /** "again": the stream is opened anew. */
  take: (event: string) => "again" | undefined,
  { signal, failed }: { signal: AbortSignal; failed: (what: string) => void },
): Follower {
  let events = 0;
  let connects = 0;
  const read = async () => {
    const where = path();
    const response = await client.open("GET", where, undefined, signal).catch((error: Error) => {
      if (!signal.aborted) failed(`GET ${where}: ${error.message}`);
      throw error;
    });
    connects += 1;
    if (response.statusCode !== 200) failed(`GET ${where}: ${response.statusCode}`);
    let rest = "";
    for await (const chunk of response.setEncoding("utf8")) {
      const parts = `${rest}${chunk}`.split("\n\n");
      rest = parts.pop() ?? "";
      events += parts.filter((part) => part.includes("event: ")).length;
      // All of them, whatever the first one comes to.
      const answers = parts.map(take);
      if (!answers.includes("again")) continue;
      await delay(ASK_AGAIN_MS, undefined, { signal });
      break;
    }
  };
  void (async () => {
    while (!signal.aborted) {
      // A stream that breaks is no failure of its own: what it would have told is counted.
      await read().catch(() => undefined);
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  return { events: () => events, connects: () => connects };
}
