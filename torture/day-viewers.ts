import { setTimeout as delay } from "node:timers/promises";
import { applyPatch, type Patch } from "../lib/domain/snapshot/patch.ts";
import type { ApplicationSnapshot } from "../lib/domain/snapshot/snapshot.ts";
import type { WeightChange } from "./history.ts";
import { weightsAt } from "./history.ts";
import type { ServerProcess } from "./server.ts";

/** What the screens said of the weights, from when to when by what the server had seen. */
interface Statement {
  blue: number;
  green: number;
  /** When the server looked, and how much older what it says may be, as the screen itself says. */
  observedAt: number;
  ageMs: number;
  /** When the first viewer had it: weights that were written since the look are told as soon as they have read back. */
  shownAt: number;
}

/** Boards that stay open all day. */
export interface Viewers {
  /** Distinct ones of all viewers, in the order in which they were made. */
  statements: Statement[];
  /** Snapshots and patches that arrived. */
  events: number;
  reconnects: number;
  stop(): Promise<void>;
}

const AGAIN_MS = 500;

/** Opens so many boards, each at any replica that runs; one that ends goes on at another. */
export function openViewers(servers: readonly ServerProcess[], count: number): Viewers {
  const gone = new AbortController();
  const said = new Set<string>();
  const viewers: Viewers = { statements: [], events: 0, reconnects: 0, stop: async () => {} };
  const note = ({ traffic, observedAt, sources }: ApplicationSnapshot) => {
    viewers.events += 1;
    const { blue, green } = traffic.weights;
    const ageMs = Math.max(0, ...sources.map((source) => (source.state === "ok" ? 0 : (source.ageMs ?? 0))));
    const key = `${observedAt} ${blue} ${green}`;
    if (said.has(key)) return;
    said.add(key);
    viewers.statements.push({ blue, green, observedAt, ageMs, shownAt: Date.now() });
  };
  const ended = Promise.all(
    Array.from({ length: count }, async (_, index) => {
      for (let turn = index; !gone.signal.aborted; turn += 1) {
        const up = servers.filter((server) => server.isUp());
        const server = up[turn % Math.max(1, up.length)];
        if (server) await watch(server, gone.signal, note).catch(() => undefined);
        if (gone.signal.aborted) return;
        viewers.reconnects += 1;
        await delay(AGAIN_MS);
      }
    }),
  );
  viewers.stop = async () => {
    gone.abort();
    await ended;
  };
  return viewers;
}

async function watch(
  { url, token }: ServerProcess,
  signal: AbortSignal,
  note: (snapshot: ApplicationSnapshot) => void,
): Promise<void> {
  const response = await fetch(`${url}/api/v1/applications/library/live`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  });
  if (!response.ok || !response.body) return;
  let snapshot: ApplicationSnapshot | null = null;
  let text = "";
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [event, data] = fieldsOf(text.slice(0, end));
      text = text.slice(end + 2);
      if (event === "snapshot") snapshot = JSON.parse(data) as ApplicationSnapshot;
      else if (event === "patch" && snapshot)
        snapshot = applyPatch<ApplicationSnapshot>(snapshot, (JSON.parse(data) as { patch: Patch }).patch);
      else continue;
      note(snapshot);
    }
  }
}

function fieldsOf(block: string): [event: string, data: string] {
  const lines = block.split("\n");
  const valuesOf = (name: string) =>
    lines.flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : []));
  return [valuesOf("event")[0] ?? "message", valuesOf("data").join("\n")];
}

/** A look takes this long at most, and two clocks differ a little. */
const LOOK_MS = 8_000;
const SKEW_MS = 500;

/** Statements that were true at no moment between the look that they rest on and when they were shown. */
export function findWrong(statements: readonly Statement[], changes: readonly WeightChange[]): string[] {
  return statements.flatMap(({ blue, green, observedAt, ageMs, shownAt }) => {
    const [from, to] = [observedAt - ageMs - LOOK_MS, shownAt + SKEW_MS];
    const held = [
      weightsAt(changes, from),
      ...changes.flatMap(({ at, after }) => (at > from && at <= to ? [after] : [])),
    ];
    if (held.some((each) => each.blue === blue && each.green === green)) return [];
    return [
      `${new Date(observedAt).toISOString()}: blue ${blue}, green ${green} was shown, which the listener never held then`,
    ];
  });
}
