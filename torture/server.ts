import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, endProcess, launchScript, until } from "../bench/local-process.ts";
import { freePort } from "../lib/testing/free-port.ts";
import type { RunRecord } from "./records.ts";
import type { SandboxProcess } from "./world.ts";

const TOKEN = "torture-token-0123456789abcdef0123456789abcdef";

/** One production server of a run, with a record that outlives its processes. */
export interface ServerProcess {
  url: string;
  token: string;
  /** How often its processes were started. */
  starts: number;
  /** SIGKILL for the process group: nothing of it gets to clean up. */
  kill(): Promise<void>;
  /** Starts it again on the same record; resolves once it answers, with the milliseconds that took. */
  start(): Promise<number>;
  /** Asks it to end, as whoever replaces it does; resolves when it has. */
  end(): Promise<void>;
  /** Of its newest process; null while none runs. */
  pid(): number | null;
  isUp(): boolean;
  /** What its processes said on their error channels. */
  readLog(): Promise<string>;
  /** Ends it and forgets what it kept on its disk. */
  remove(): Promise<void>;
}

/** The built server, started as `npm start` does; not running before the first `start`. */
export async function createServerProcess(
  sandbox: SandboxProcess,
  { configuration, record }: { configuration: object; record?: Pick<RunRecord, "settings"> },
): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-torture-"));
  const data = join(dataDir, "data");
  const config = join(dataDir, "switchyard.yaml");
  await writeFile(config, JSON.stringify(configuration));
  const logPath = join(dataDir, "server.log");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    SWITCHYARD_CONFIG: config,
    SWITCHYARD_API_TOKEN: TOKEN,
    SANDBOX_LISTENER_URL: sandbox.albUrl,
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_REGION: "ap-northeast-2",
    AWS_ACCESS_KEY_ID: "torture",
    AWS_SECRET_ACCESS_KEY: "torture",
    NEXTAUTH_SECRET: TOKEN,
    NEXTAUTH_URL: url,
    DATA_DIR: data,
    ...(await record?.settings(data)),
    PORT: String(port),
  };
  // It is killed before WebAssembly that is compiled with more care would pay.
  const flags = ["--liftoff-only"];
  let child: ChildProcess | null = null;
  const server: ServerProcess = {
    url,
    token: TOKEN,
    starts: 0,
    isUp: () => child !== null,
    pid: () => child?.pid ?? null,
    async end() {
      const ending = child;
      child = null;
      if (ending) await endProcess(ending);
    },
    async kill() {
      const dying = child;
      child = null;
      if (dying?.pid === undefined || dying.exitCode !== null || dying.signalCode !== null) return;
      const isDead = once(dying, "exit");
      process.kill(-dying.pid, "SIGKILL");
      await isDead;
    },
    async start() {
      const startedAt = performance.now();
      const errors = openSync(logPath, "a");
      child = launchScript("scripts/start.mjs", env, { detached: true, errors, flags });
      closeSync(errors);
      server.starts += 1;
      const started = child;
      const isAnswered = await until("the server answers", async () => {
        if (started.exitCode !== null) return "exited";
        return (await answers(`${url}/api/health`)) && "answers";
      });
      if (isAnswered === "exited") throw new Error(`The server ended by itself with code ${started.exitCode}`);
      return performance.now() - startedAt;
    },
    readLog: () => readFile(logPath, "utf8"),
    async remove() {
      await server.kill();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return server;
}

/** The seeded application. Faster than real time, its logs and metrics lie in the future: then nothing is read from them. */
export function libraryConfiguration(
  { kind, speed }: SandboxProcess,
  { bakeMinutes, secondPort }: { bakeMinutes: number; secondPort: number | null },
): object {
  const isPaired = kind === "paired";
  const side = (color: string) => ({
    ...(isPaired ? { service: `library-${color}-service` } : {}),
    targetGroup: `library-${color}-tg`,
  });
  return {
    region: "ap-northeast-2",
    access: { sandboxUsers: true },
    applications: [
      {
        name: "library",
        cluster: "library-management-cluster",
        ...(isPaired ? { controller: "paired-services" } : { controller: "task-set", service: "library-service" }),
        listeners: [80, secondPort].flatMap((at) => (at === null ? [] : [{ loadBalancer: "library-alb", port: at }])),
        testListener: { loadBalancer: "library-alb", port: 81 },
        blue: side("blue"),
        green: side("green"),
        container: "library",
        repository: "library-management-system",
        logGroup: "/ecs/library-management-task",
        // Health is asked for every five seconds of the sandbox's, and looked at by this machine's clock.
        stableChecks: 1,
        bakeMinutes,
        // What is retired is retired at once here.
        windowMinutes: 0,
        metricPeriodSeconds: 10,
        ...(speed === 1
          ? { requestLine: "\\b(?:GET|HEAD|POST) \\S+ (?<status>\\d{3}) \\d+ ms\\b" }
          : { checks: { maxErrorShare: null, errorShareMargin: null, responseTimeFactor: null } }),
      },
    ],
  };
}
