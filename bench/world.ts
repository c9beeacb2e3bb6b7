import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../lib/testing/free-port.ts";
import { answers, endProcess, jsonClient, launchScript, until } from "./local-process.ts";

const ROOT = new URL("..", import.meta.url).pathname;

/** The token that the benches call the API with. */
export const TOKEN = "bench-token-0123456789abcdef0123456789abcdef";

/** A sandbox and a production server of our own, on free ports with a fresh database. */
export interface World {
  appUrl: string;
  sandboxUrl: string;
  /** The load balancer's production listener. */
  albUrl: string;
  serverPid: number;
  /** Seconds from spawn to the first answer, of each. */
  startSeconds: { sandbox: number; server: number };
  /** Calls the API with the bootstrap token; throws on an unexpected status. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  sandbox<T>(method: string, path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Starts the sandbox and, unless `dashboard` is false, the built dashboard on it; resolves once both sides are healthy. */
export async function startWorld(
  options: {
    dashboard?: boolean;
    env?: Record<string, string>;
    seed?: (dataDir: string) => Promise<void>;
    /** Instead of the health of both sides of `library`. */
    isReady?: (api: World["api"]) => Promise<boolean>;
  } = {},
): Promise<World> {
  const [appPort, sandboxPort, albPort] = [await freePort(), await freePort(), await freePort(4)];
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  const appUrl = `http://127.0.0.1:${appPort}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const albUrl = `http://127.0.0.1:${albPort}`;
  const env = {
    ...process.env,
    SANDBOX_PORT: String(sandboxPort),
    SANDBOX_LISTENER_PORT: String(albPort),
    SANDBOX_LISTENER_URL: albUrl,
    SANDBOX_CATALOG_URL: `http://127.0.0.1:${albPort + 2}`,
    SWITCHYARD_CONFIG: join(ROOT, "sandbox/switchyard.yaml"),
    SWITCHYARD_SANDBOX_USERS: "1",
    SWITCHYARD_API_TOKEN: TOKEN,
    AWS_ENDPOINT_URL: sandboxUrl,
    AWS_REGION: "ap-northeast-2",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    NEXTAUTH_SECRET: TOKEN,
    NEXTAUTH_URL: appUrl,
    DATA_DIR: dataDir,
    PORT: String(appPort),
    SANDBOX_SEED: "task-sets",
    ...options.env,
  };
  const children: ChildProcess[] = [];
  const launch = (script: string) => {
    const child = launchScript(script, env);
    children.push(child);
    return child;
  };

  const stop = async () => {
    await Promise.all(children.map(endProcess));
    await rm(dataDir, { recursive: true, force: true });
  };
  const api = jsonClient(appUrl, { authorization: `Bearer ${TOKEN}` });
  const sandbox = jsonClient(sandboxUrl);

  let serverPid = 0;
  let serverSeconds = 0;
  let sandboxSeconds = 0;
  try {
    await options.seed?.(dataDir);
    const sandboxAt = performance.now();
    launch("sandbox/main.ts");
    await until("the sandbox answers", () => answers(`${sandboxUrl}/_sandbox`));
    sandboxSeconds = (performance.now() - sandboxAt) / 1000;
    if (options.dashboard !== false) {
      const serverAt = performance.now();
      serverPid = launch("scripts/start.mjs").pid ?? 0;
      await until("the dashboard answers", () => answers(`${appUrl}/api/health`));
      serverSeconds = (performance.now() - serverAt) / 1000;
      const { isReady = bothHealthy } = options;
      await until("the world is ready", () => isReady(api), 120_000);
    }
  } catch (error) {
    // What is left of it would keep the bench from ending.
    await stop();
    throw error;
  }
  return {
    appUrl,
    sandboxUrl,
    albUrl,
    serverPid,
    startSeconds: { sandbox: sandboxSeconds, server: serverSeconds },
    api,
    sandbox,
    stop,
  };
}

/** True when either side could take over: two stable targets each. */
async function bothHealthy(api: World["api"]): Promise<boolean> {
  type Target = { state: string; unbrokenSince: number };
  type Side = { targets: Target[]; stableSeconds?: number };
  type Snapshot = { observedAt: number; slots: Record<"blue" | "green", Side> };
  const { slots, observedAt } = await api<Snapshot>("GET", "/api/v1/applications/library");
  return [slots.blue, slots.green].every(({ targets, stableSeconds = 90 }) => {
    const stable = targets.filter(
      ({ state, unbrokenSince }) => state === "healthy" && observedAt - unbrokenSince >= stableSeconds * 1000,
    );
    return stable.length >= 2;
  });
}

/** Resident memory in MiB of a process and of all it started. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean);
  const below = await Promise.all(children.map((child) => residentMiB(Number(child))));
  return below.reduce((sum, mib) => sum + mib, own);
}
