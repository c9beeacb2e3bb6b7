import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ALB_URL, API_TOKEN, CATALOG_ALB_URL, PORTS, SANDBOX_URL, SESSION_SECRET } from "./world.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const START_MS = 90_000;

/** A second dashboard on the same sandbox, with a record and a policy of its own. */
export interface OwnDashboard {
  url: string;
  /** Calls its API with the bootstrap token and answers the body; rejects on a refusal. */
  api(method: string, path: string, data?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** What is its own: the approvals of one application, who holds which role, and where people open it when a proxy is in front. */
interface OwnSettings {
  application: string;
  approvals?: string;
  /** Lines of `access:`. */
  access?: string;
  publicUrl?: string;
  /** Of several beside each other. */
  port?: number;
  env?: Readonly<Record<string, string>>;
}

/** Starts it with the sandbox's switchyard.yaml, but for what is its own. */
export async function startDashboard(policy: OwnSettings): Promise<OwnDashboard> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-own-"));
  const port = policy.port ?? PORTS.app + 7;
  const url = `http://127.0.0.1:${port}`;
  const text = await readFile(join(ROOT, "sandbox/switchyard.yaml"), "utf8");
  const config = join(folder, "switchyard.yaml");
  const given = policy.access ? text.replace("  sandboxUsers: true", policy.access) : text;
  await writeFile(config, policy.approvals ? withApprovals(given, policy.application, policy.approvals) : given);
  const child = spawn(process.execPath, [join(ROOT, "scripts/start.mjs")], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      PORT: String(port),
      HOSTNAME: "127.0.0.1",
      DATA_DIR: join(folder, "data"),
      SWITCHYARD_CONFIG: config,
      SWITCHYARD_API_TOKEN: API_TOKEN,
      SANDBOX_LISTENER_URL: ALB_URL,
      SANDBOX_CATALOG_URL: CATALOG_ALB_URL,
      AWS_ENDPOINT_URL: SANDBOX_URL,
      AWS_REGION: "ap-northeast-2",
      AWS_ACCESS_KEY_ID: "AKIASANDBOX",
      AWS_SECRET_ACCESS_KEY: "sandbox",
      NEXTAUTH_URL: policy.publicUrl ?? url,
      NEXTAUTH_SECRET: SESSION_SECRET,
      ...policy.env,
    },
  });
  const api = async (method: string, path: string, data?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${API_TOKEN}`, "content-type": "application/json" },
      ...(data === undefined ? {} : { body: JSON.stringify(data) }),
    });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  const own = { url, api, stop: () => stop(child, folder) };
  try {
    await untilReady(() => api("GET", `/api/v1/applications/${policy.application}`), child);
  } catch (error) {
    await own.stop();
    throw error;
  }
  return own;
}

/** Replaces what the file says of it, or adds it. */
function withApprovals(text: string, application: string, approvals: string): string {
  const name = `  - name: ${application}\n`;
  const at = text.indexOf(name);
  if (at < 0) throw new Error(`The sandbox's switchyard.yaml has no ${application}`);
  const [before, after] = [text.slice(0, at + name.length), text.slice(at + name.length)];
  return `${before}    approvals: ${approvals}\n${after.replace(/^ {4}approvals:.*\n/m, "")}`;
}

async function untilReady(look: () => Promise<unknown>, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    try {
      await look();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  await rm(folder, { recursive: true, force: true });
}
