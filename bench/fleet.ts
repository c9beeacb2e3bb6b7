import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../lib/testing/free-port.ts";
import { bucketOf } from "../sandbox/throttle.ts";
import { openBrowser, signedIn } from "./browser.ts";
import { type Figure, quantile, renderTable } from "./figure.ts";
import { type FleetSandbox, startFleetSandbox } from "./fleet-sandbox.ts";
import { answers, endProcess, type JsonCall, jsonClient, launchScript, until } from "./local-process.ts";
import { switchOnce } from "./switches.ts";
import { residentMiB, TOKEN } from "./world.ts";

const COUNT = Number(process.env.BENCH_FLEET ?? 300);
const BOARD = "app-7";
const IN_FLIGHT = "app-3";
const SWITCHES = 10;
const SETTLE_MS = 15_000;
const SAMPLES = 30;
const SAMPLE_MS = 3_000;
const BOARD_SAMPLES = 10;
const VIEWERS = 200;

interface Side {
  targets: unknown[];
  targetsReadAt?: number;
}
interface Listed {
  name: string;
  observedAt: number;
  answeredAt: number;
  isUnread?: true;
  traffic: { readAt: number };
  slots: Record<"blue" | "green", Side>;
}
interface Calls {
  [operation: string]: { count: number; throttled: number };
}

/** The built dashboard on a local AWS whose throttles are on, with `BENCH_FLEET` applications, 300 unless said otherwise. */
interface Fleet {
  sandbox: FleetSandbox;
  appUrl: string;
  api: JsonCall;
  sandboxApi: JsonCall;
  serverPid: number;
  startedAt: number;
  stop(): Promise<void>;
}

/** Hundreds of applications beside each other: how old each sort of data is, what it costs, and how fast the button stays. */
export async function measureFleet(): Promise<Figure[]> {
  const fleet = await startFleet();
  const figures: Figure[] = [];
  // Each as it comes, because the whole takes minutes.
  const tell = (measured: Figure[]) => {
    figures.push(...measured);
    process.stderr.write(`${renderTable(measured)}\n`);
  };
  const looking = new AbortController();
  try {
    tell(await measureStart(fleet));
    await openStream(fleet, "/api/v1/live?view=summary", looking.signal);
    await openStream(fleet, `/api/v1/applications/${BOARD}/live`, looking.signal);
    await delay(SETTLE_MS);
    tell(await measureLooks(fleet));
    tell([await measureSwitch(fleet)]);
    tell(await measurePaint(fleet));
    tell([await measureMemory(fleet, looking.signal)]);
  } finally {
    looking.abort();
    await fleet.stop();
  }
  return figures;
}

async function startFleet(): Promise<Fleet> {
  const sandbox = await startFleetSandbox(COUNT);
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-fleet-"));
  const configPath = join(dataDir, "switchyard.yaml");
  const access = { sandboxUsers: true };
  await writeFile(configPath, JSON.stringify({ region: "ap-northeast-2", access, applications: sandbox.applications }));
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const server: ChildProcess = launchScript("scripts/start.mjs", {
    ...process.env,
    SWITCHYARD_CONFIG: configPath,
    SWITCHYARD_SANDBOX_USERS: "1",
    SWITCHYARD_API_TOKEN: TOKEN,
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_REGION: "ap-northeast-2",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    NEXTAUTH_SECRET: TOKEN,
    NEXTAUTH_URL: appUrl,
    DATA_DIR: join(dataDir, "data"),
    PORT: String(port),
  });
  return {
    ...{ sandbox, appUrl, startedAt, serverPid: server.pid ?? 0 },
    api: jsonClient(appUrl, { authorization: `Bearer ${TOKEN}` }),
    sandboxApi: jsonClient(sandbox.url),
    async stop() {
      await endProcess(server);
      await sandbox.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const list = ({ api }: Fleet) => api<Listed[]>("GET", "/api/v1/applications");

async function measureStart(fleet: Fleet): Promise<Figure[]> {
  const secondsUntil = async (what: string, isThere: (all: Listed[]) => boolean) => {
    await until(
      what,
      async () => {
        await delay(500);
        const all = await list(fleet);
        return all.length === COUNT && isThere(all);
      },
      600_000,
    );
    return (performance.now() - fleet.startedAt) / 1000;
  };
  await until("the dashboard answers", () => answers(`${fleet.appUrl}/api/health`));
  const named = await secondsUntil("all are listed", () => true);
  const shown = await secondsUntil("weights and counts of all are shown", (all) =>
    all.every(({ isUnread, traffic }) => !isUnread && traffic.readAt > 0),
  );
  const whole = await secondsUntil("all target health is read", (all) =>
    all.every(({ slots }) => slots.blue.targetsReadAt && slots.green.targetsReadAt),
  );
  return [
    {
      name: `fleet of ${COUNT}: start to all shown`,
      value: shown,
      unit: "s",
      target: { kind: "<=", value: 90 },
      note: `weights and counts; listed after ${named.toFixed(0)} s, ${2 * COUNT} target groups read one by one after ${whole.toFixed(0)} s`,
    },
  ];
}

async function measureLooks(fleet: Fleet): Promise<Figure[]> {
  const ages = { weights: [] as number[], counts: [] as number[], targets: [] as number[], board: [] as number[] };
  const listMs: number[] = [];
  await fleet.sandboxApi("DELETE", "/_sandbox/calls");
  const startedAt = performance.now();
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const askedAt = performance.now();
    const all = await list(fleet);
    listMs.push(performance.now() - askedAt);
    for (const { name, answeredAt, traffic, observedAt, slots } of all) {
      if (name === BOARD) continue;
      ages.weights.push(answeredAt - traffic.readAt);
      ages.counts.push(answeredAt - observedAt);
      for (const { targetsReadAt = 0 } of [slots.blue, slots.green]) ages.targets.push(answeredAt - targetsReadAt);
    }
    for (let look = 0; look < BOARD_SAMPLES; look += 1) {
      const { answeredAt, observedAt, slots } = await fleet.api<Listed>("GET", `/api/v1/applications/${BOARD}`);
      const oldest = Math.min(observedAt, slots.blue.targetsReadAt ?? 0, slots.green.targetsReadAt ?? 0);
      ages.board.push(answeredAt - oldest);
      await delay(SAMPLE_MS / BOARD_SAMPLES);
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const calls = await fleet.sandboxApi<Calls>("GET", "/_sandbox/calls");
  const row = (what: string, values: number[], target: number, note?: string): Figure => ({
    name: `fleet of ${COUNT}: ${what}, p95`,
    value: quantile(values, 0.95) / 1000,
    unit: "s",
    target: { kind: "<=", value: target },
    ...(note ? { note } : {}),
  });
  return [
    row("age of weights, an overview open", ages.weights, 15),
    row("age of counts, an overview open", ages.counts, 15),
    row("age of target health of what is idle", ages.targets, 120, "source: DescribeTargetHealth, in turns"),
    row("age of a watched board beside them", ages.board, 2, "weights, counts and target health"),
    {
      name: `fleet of ${COUNT}: list over REST, p95`,
      value: quantile(listMs, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 100 },
    },
    ...costs(calls, seconds),
  ];
}

function costs(calls: Calls, seconds: number): Figure[] {
  const families = new Map<string, { used: number; perSecond: number }>();
  let throttled = 0;
  let count = 0;
  for (const [key, call] of Object.entries(calls)) {
    const [service = "", operation = ""] = key.split(".");
    const { family, perSecond } = bucketOf(service, operation);
    const known = families.get(family) ?? { used: 0, perSecond };
    families.set(family, { perSecond, used: known.used + call.count });
    throttled += call.throttled;
    count += call.count;
  }
  const shares = [...families].map(([family, { used, perSecond }]) => ({ family, share: used / seconds / perSecond }));
  const [most] = shares.toSorted((a, b) => b.share - a.share);
  return [
    {
      name: `fleet of ${COUNT}: share of the documented limits in use`,
      value: (most?.share ?? 0) * 100,
      unit: "%",
      target: { kind: "<=", value: 50 },
      note: `the fullest bucket, ${most?.family}; ${Math.round((count / seconds) * 60)} calls a minute in all`,
    },
    { name: `fleet of ${COUNT}: throttled calls`, value: throttled, unit: "", target: { kind: "=", value: 0 } },
  ];
}

async function measureSwitch(fleet: Fleet): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < SWITCHES; i += 1) times.push((await switchOnce(fleet.api, IN_FLIGHT)).readBackMs);
  return {
    name: `fleet of ${COUNT}: click to rule read back, p95`,
    value: quantile(times, 0.95),
    unit: "ms",
    target: { kind: "<=", value: 300 },
    note: `${SWITCHES} switches`,
  };
}

/** Nothing where there is no browser. */
async function measurePaint(fleet: Fleet): Promise<Figure[]> {
  if (!process.env.SWITCHYARD_CHROMIUM) return [];
  const browser = await openBrowser();
  try {
    const page = await signedIn(browser, fleet, "/");
    const paints: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      await page.goto(`${fleet.appUrl}/`);
      await page.getByRole("link", { name: "app-0", exact: true }).waitFor();
      const script = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN;
      paints.push(await page.evaluate(script));
    }
    return [
      {
        name: `fleet of ${COUNT}: first paint of the overview, p95`,
        value: quantile(paints, 0.95) / 1000,
        unit: "s",
        target: { kind: "<=", value: 1 },
      },
    ];
  } finally {
    await browser.close();
  }
}

async function measureMemory(fleet: Fleet, signal: AbortSignal): Promise<Figure> {
  await Promise.all(Array.from({ length: VIEWERS }, () => openStream(fleet, "/api/v1/live?view=summary", signal)));
  await delay(SETTLE_MS);
  return {
    name: `fleet of ${COUNT}: resident memory, ${VIEWERS} viewers`,
    value: await residentMiB(fleet.serverPid),
    unit: "MiB",
    target: { kind: "<=", value: 900 },
    note: "server process and its children; each viewer has the overview open",
  };
}

/** Resolves with its first event and reads on until aborted. */
async function openStream(fleet: Fleet, path: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${fleet.appUrl}${path}`, { headers: { authorization: `Bearer ${TOKEN}` }, signal });
  if (!response.ok || !response.body) throw new Error(`${path} answered ${response.status}`);
  const reader = response.body.getReader();
  await reader.read();
  void (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {});
}
