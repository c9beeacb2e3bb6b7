import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

/** A free loopback port; the next one is free as well, for the test listener. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await tryPort(0);
    if (port !== null && (await tryPort(port + 1)) !== null) return port;
  }
}

/** Listens for a moment; null where the port is taken. */
async function tryPort(port: number): Promise<number | null> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return null;
  }
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : null;
}

/** Polls until `check` answers with something; for conditions, never for time. */
export async function until<T>(
  what: string,
  check: () => Promise<T | null | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await check().catch(() => null);
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Starts the sandbox and, unless `dashboard` is false, the built dashboard on it; resolves once both sides are healthy. */
export async function startWorld(options: { dashboard?: boolean; env?: Record<string, string> } = {}): Promise<World> {
  const [appPort, sandboxPort, albPort] = [await freePort(), await freePort(), await freePort()];
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  const appUrl = `http://127.0.0.1:${appPort}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const albUrl = `http://127.0.0.1:${albPort}`;
  const env = {
    ...process.env,
    ...options.env,
    SANDBOX_PORT: String(sandboxPort),
    SANDBOX_LISTENER_PORT: String(albPort),
    SANDBOX_LISTENER_URL: albUrl,
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
  };
  const children: ChildProcess[] = [];
  const launch = (script: string) => {
    const child = spawn(process.execPath, [join(ROOT, script)], { env, stdio: ["ignore", "ignore", "inherit"] });
    children.push(child);
    return child;
  };

  const sandboxAt = performance.now();
  launch("sandbox/main.ts");
  await until("the sandbox answers", () => answers(`${sandboxUrl}/_sandbox`));
  const sandboxSeconds = (performance.now() - sandboxAt) / 1000;

  const call =
    (base: string, headers: Record<string, string>) =>
    async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
      return (text === "" ? null : JSON.parse(text)) as T;
    };
  const api = call(appUrl, { authorization: `Bearer ${TOKEN}` });
  const sandbox = call(sandboxUrl, {});

  let serverPid = 0;
  let serverSeconds = 0;
  if (options.dashboard !== false) {
    const serverAt = performance.now();
    serverPid = launch("scripts/start.mjs").pid ?? 0;
    await until("the dashboard answers", () => answers(`${appUrl}/api/health`));
    serverSeconds = (performance.now() - serverAt) / 1000;
    await until("both sides are healthy", () => bothHealthy(api), 120_000);
  }
  return {
    appUrl,
    sandboxUrl,
    albUrl,
    serverPid,
    startSeconds: { sandbox: sandboxSeconds, server: serverSeconds },
    api,
    sandbox,
    async stop() {
      await Promise.all(children.map(end));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** True when either side could take over: two healthy targets each, three checks in a row. */
async function bothHealthy(api: World["api"]): Promise<boolean> {
  type Target = { state: string; consecutive: number };
  type Snapshot = { slots: Record<"blue" | "green", { targets: Target[] }> };
  const { slots } = await api<Snapshot>("GET", "/api/v1/applications/library");
  return [slots.blue, slots.green].every(
    (slot) => slot.targets.filter((target) => target.state === "healthy" && target.consecutive >= 3).length >= 2,
  );
}

/** Resident memory in MiB of a process and of all it started. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean);
  const below = await Promise.all(children.map((child) => residentMiB(Number(child))));
  return below.reduce((sum, mib) => sum + mib, own);
}
