import { setTimeout as delay } from "node:timers/promises";
import type { ServerProcess } from "./server.ts";

/** One thing that somebody wanted done, and what came of it. */
export interface Click {
  at: number;
  what: string;
  /** 0 when nobody ever answered. */
  status: number;
  code: string | null;
  deploymentId: string | null;
  /** How often it was asked until it was answered. */
  tries: number;
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** A person of the sandbox with a session, who clicks until it is answered, as the page does. */
export interface Person {
  read<T>(path: string): Promise<T>;
  click(what: string, path: string, body: object): Promise<{ click: Click; body: Record<string, unknown> }>;
}

/** How long somebody goes on with one click. */
const PATIENCE_MS = 90_000;
const ANSWER_WITHIN_MS = 10_000;
const AGAIN_MS = 1_000;

/** Signs in; any replica that runs answers. Every click is added to `clicks`. */
export async function signIn(user: string, servers: readonly ServerProcess[], clicks: Click[]): Promise<Person> {
  let turn = 0;
  let cookie = "";
  const ask = async (method: string, path: string, body?: object, key?: string): Promise<Answer> => {
    const up = servers.filter((server) => server.isUp());
    turn += 1;
    const server = up[turn % Math.max(1, up.length)];
    if (!server) throw new Error("No replica runs");
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        cookie,
        origin: server.url,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : {} };
  };
  const [first] = servers;
  if (first) cookie = await sessionOf(first, user);
  return {
    async read<T>(path: string): Promise<T> {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const found = await ask("GET", path).catch(() => null);
        if (found?.status === 200) return found.body as T;
        if (Date.now() > deadline) throw new Error(`${path}: ${found?.status ?? "no answer"}`);
        await delay(AGAIN_MS);
      }
    },
    async click(what, path, body) {
      const key = crypto.randomUUID();
      const click: Click = { at: Date.now(), what, status: 0, code: null, deploymentId: null, tries: 0 };
      clicks.push(click);
      for (;;) {
        click.tries += 1;
        const found = await ask("POST", path, body, key).catch(() => null);
        // Nothing is decided by an answer that says to ask again, nor by none.
        const isAnswer = found !== null && found.status !== 503 && found.status !== 429 && found.status !== 502;
        if (isAnswer || Date.now() - click.at > PATIENCE_MS) {
          click.status = isAnswer ? found.status : 0;
          click.code = typeof found?.body.code === "string" ? found.body.code : null;
          click.deploymentId = found && found.status < 300 && typeof found.body.id === "string" ? found.body.id : null;
          return { click, body: found?.body ?? {} };
        }
        await delay(AGAIN_MS);
      }
    },
  };
}

async function sessionOf({ url }: ServerProcess, username: string): Promise<string> {
  const asked = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = (await asked.json()) as { csrfToken: string };
  const cookies = cookiesOf(asked);
  const body = new URLSearchParams({ username, password: "sandbox", callbackUrl: "/", csrfToken, json: "true" });
  const headers = { cookie: cookies, origin: url };
  const signed = await fetch(`${url}/api/auth/callback/sandbox`, { method: "POST", body, headers, redirect: "manual" });
  const session = cookiesOf(signed);
  if (!session.includes("session-token")) throw new Error(`${username} could not sign in: ${signed.status}`);
  return session;
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
}
