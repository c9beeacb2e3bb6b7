import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const ROOT = new URL("..", import.meta.url).pathname;

/** Starts a script of this checkout on this Node.js; what it says on its error channel is shown. */
export function launchScript(
  script: string,
  env: NodeJS.ProcessEnv,
  options: { detached?: boolean; errors?: "inherit" | number; flags?: readonly string[] } = {},
): ChildProcess {
  return spawn(process.execPath, [...(options.flags ?? []), join(ROOT, script)], {
    env,
    stdio: ["ignore", "ignore", options.errors ?? "inherit"],
    detached: options.detached,
  });
}

/** Asks a process to end and waits until it has. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
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

/** Whether the address answers well. */
export async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}

/** One JSON call. @throws on any status but a good one */
export type JsonCall = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Calls below an address with these headers. */
export function jsonClient(base: string, headers: Record<string, string> = {}): JsonCall {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return (text === "" ? null : JSON.parse(text)) as T;
  };
}
