import { identityOf } from "@/lib/auth/request-identity.ts";
import { getRuntime } from "@/lib/process/runtime.ts";
import type { Context } from "@/lib/request/context.ts";
import type { AccessRow, Cell } from "./access-table.ts";
import type { Subject } from "./find-subjects.ts";
import { ORIGIN } from "./matrix-world.ts";
import { withNextRequest } from "./next-request.ts";

type Callable = (...args: unknown[]) => unknown;
const FILLED: Readonly<Record<string, string>> = {
  name: "library",
  application: "library",
  id: "d-library",
  nextauth: "session",
};
/** As JSON: a row of its own, or the newest deployment in its snapshot. Nothing else in an answer looks like this. */
const NAMES_LIBRARY = /"application":"library"|"applications":\["library"\]/;

/** Asks as Next would, and says what kind of answer came back. */
export async function askSubject(subject: Subject, row: AccessRow, headers: Headers): Promise<Cell> {
  return withNextRequest(headers, async () => {
    switch (subject.kind) {
      case "route":
        return await askRoute(subject, row, headers);
      case "page":
        return await askPage(subject, row);
      case "action":
        return cellOf(await (await load(subject))(...(row.args ?? [])), row);
      default: {
        const args = subject.kind === "query" ? (row.input as unknown[]) : [row.input];
        return cellOf(await (await load(subject))(await contextOf(headers), ...args), row);
      }
    }
  });
}

async function load(subject: Pick<Subject, "file" | "export">): Promise<Callable> {
  const module = (await import(`../../${subject.file}`)) as Record<string, unknown>;
  return module[subject.export] as Callable;
}

function paramsOf(path: string): Record<string, string | string[]> {
  const names = [...path.matchAll(/\[(\.{3})?(\w+)\]/g)];
  const isToken = path.includes("/tokens/");
  return Object.fromEntries(
    names.map(([, rest, name = ""]) => {
      const value = isToken && name === "id" ? "t-000000000003" : (FILLED[name] ?? "none");
      return [name, rest ? [value] : value];
    }),
  );
}

async function askRoute(subject: Subject, row: AccessRow, headers: Headers): Promise<Cell> {
  const params = paramsOf(subject.path);
  const path = subject.path.replace(/\[(?:\.{3})?(\w+)\]/g, (_, name: string) => String(params[name]));
  const gone = new AbortController();
  if (row.input !== undefined) headers.set("content-type", "application/json");
  const request = new Request(`${ORIGIN}${path}${row.search ?? ""}`, {
    method: subject.export,
    headers,
    signal: gone.signal,
    ...(row.input === undefined ? {} : { body: JSON.stringify(row.input) }),
  });
  // Next's request has these besides what the web's has; Auth.js reads them.
  Object.assign(request, { nextUrl: new URL(request.url) });
  const response = (await (await load(subject))(request, { params: Promise.resolve(params) })) as Response;
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  const text = isStream ? await firstOf(response) : await response.text();
  gone.abort();
  if (response.status === 500) throw new Error(`${response.status}: ${text}`);
  const refused = (["401", "403", "404"] as const).find((status) => status === String(response.status));
  return refused ?? (isList(row) && !NAMES_LIBRARY.test(text) ? "none" : "ok");
}

/** What a stream says within a moment: a whole snapshot comes at once, of each application that may be seen. */
async function firstOf(response: Response): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const timer = setTimeout(() => void reader?.cancel(), 150);
  while (!NAMES_LIBRARY.test(text)) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) break;
    text += value;
  }
  clearTimeout(timer);
  await reader?.cancel();
  return text;
}

async function askPage(subject: Subject, row: AccessRow): Promise<Cell> {
  const props = {
    params: Promise.resolve(paramsOf(subject.path)),
    searchParams: Promise.resolve({}),
    children: null,
  };
  const isConsole = subject.file.includes("(console)");
  const layouts = isConsole ? ["app/(console)/layout.tsx"] : [];
  if (subject.path.startsWith("/[application]")) layouts.push("app/(console)/[application]/layout.tsx");
  const shown: unknown[] = [];
  try {
    for (const file of [...layouts, subject.file]) shown.push(await (await load({ file, export: "default" }))(props));
  } catch (error) {
    const digest = String((error as { digest?: unknown }).digest);
    if (digest.includes("NEXT_HTTP_ERROR_FALLBACK;404")) return "404";
    if (digest.startsWith("NEXT_REDIRECT")) return digest.includes(";/sign-in;") ? "in" : "away";
    throw error;
  }
  const text = textOf(shown);
  if (text.includes('"ok":false,"code":"FORBIDDEN"')) return "403";
  return isList(row) && !NAMES_LIBRARY.test(text) ? "none" : "ok";
}

/** Everything that a page gives its components, each object once. */
function textOf(shown: unknown): string {
  const seen = new Set<unknown>();
  return JSON.stringify(shown, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  });
}

/** Whether what may not be seen is left out of the answer instead of being refused. */
function isList({ cells }: AccessRow): boolean {
  return cells.endsWith("List");
}

async function contextOf(headers: Headers): Promise<Context> {
  const runtime = await getRuntime();
  const { store, now } = runtime;
  const tokens = { find: (hash: string) => store.findApiToken({ hash }), now };
  const { identity } = await identityOf(new Request(ORIGIN, { headers }), undefined, undefined, tokens);
  return { runtime, identity, address: null };
}

/** What an operation's, query's or action's value means. */
function cellOf(result: unknown, row: AccessRow): Cell {
  const { ok, code, value } = result as { ok: boolean; code?: string; value?: unknown };
  if (ok) return isList(row) && !NAMES_LIBRARY.test(JSON.stringify(value)) ? "none" : "ok";
  if (code === "UNAUTHENTICATED") return "401";
  if (code === "FORBIDDEN" || code === "FOREIGN_ORIGIN") return "403";
  return code === "NOT_FOUND" ? "404" : "ok";
}
