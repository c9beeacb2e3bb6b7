import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getRuntime } from "@/lib/process/runtime.ts";
import { parseJsonObject } from "@/lib/request/json-object.ts";
import { openApiDocument } from "../api/v1/openapi-document.ts";
import { findSubjects, type Subject } from "./find-subjects.ts";
import { type FuzzInput, fuzzInput } from "./fuzz-input.ts";
import { createMatrixWorld, type MatrixWorld, ORIGIN } from "./matrix-world.ts";
import { withNextRequest } from "./next-request.ts";

/* `npm run fuzz -- --cases 20000 --seed 7` runs as many as asked; the suite a small share with a fixed seed. */

const CASES = Number(process.env.FUZZ_CASES ?? 600);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_125);
/** Sign-in is Auth.js's own; its routes have their tests in lib/auth. */
const subjects = (await findSubjects()).filter(
  ({ kind, path }) => (kind === "route" && !path.startsWith("/api/auth")) || kind === "action" || kind === "page",
);
const each = Math.ceil(CASES / subjects.length);

/** What changes the record besides the audit, use notes and the keys of repeats. */
const WRITES = /^(insert|save|revoke|endSession|retry|grant|freeze|set|put|lift|acknowledge)/;

let matrix: MatrixWorld;
let sent: Headers;
let writes: string[] = [];
const rejections: unknown[] = [];
const onRejection = (error: unknown) => rejections.push(error);
let ran = 0;

beforeAll(async () => {
  matrix = await createMatrixWorld();
  sent = await matrix.headersOf("admin");
  process.on("unhandledRejection", onRejection);
}, 90_000);
afterAll(async () => {
  process.off("unhandledRejection", onRejection);
  process.stdout.write(`fuzz: ${ran} cases over ${subjects.length} pages, routes and actions, seed ${SEED}\n`);
  await matrix?.close();
});

type Callable = (...args: unknown[]) => unknown;

async function load(subject: Subject): Promise<Callable> {
  const module = (await import(`../../${subject.file}`)) as Record<string, unknown>;
  return module[subject.export] as Callable;
}

const paths = openApiDocument("0", "http://127.0.0.1:3000").paths as Record<
  string,
  Record<string, { requestBody?: { content: object } }>
>;

/** What was taken on held the members that the document names and no others, each once. */
function expectNothingSmuggled({ path, export: method }: Subject, body: string): void {
  const { requestBody } = paths[path.replaceAll(/\[(\w+)\]/g, "{$1}")]?.[method.toLowerCase()] ?? {};
  type Shape = { properties?: object; oneOf?: Shape[] };
  const content = requestBody?.content as { "application/json"?: { schema: Shape } } | undefined;
  const { properties, oneOf = [{ properties }] }: Shape = content?.["application/json"]?.schema ?? {};
  const known = oneOf.flatMap((shape) => Object.keys(shape.properties ?? {}));
  const sent = body === "" ? [] : Object.keys(parseJsonObject(body));
  expect(sent.filter((name) => !known.includes(name))).toEqual([]);
}

/** Fresh limits, and a store that tells what was written. */
async function renew(): Promise<void> {
  matrix.renewRuntime();
  writes = [];
  const runtime = await getRuntime();
  const { store } = runtime;
  runtime.store = new Proxy(store, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof found !== "function" || !WRITES.test(String(key))) return found;
      return (...args: unknown[]) => {
        writes.push(String(key));
        return Reflect.apply(found, target, args) as unknown;
      };
    },
  });
}

/** Asks with this input; answers whether it was taken on. */
async function ask(subject: Subject, input: FuzzInput): Promise<boolean> {
  const call = await load(subject);
  if (subject.kind === "action") {
    const result = (await withNextRequest(sent, async () => call(...input.args))) as { ok: boolean; code?: string };
    expect(result.ok).toBeTypeOf("boolean");
    expect(result.code, "the database answers").not.toBe("STORE_UNAVAILABLE");
    return result.ok;
  }
  const search = new URLSearchParams(input.search);
  if (subject.kind === "page") {
    const props = { params: Promise.resolve(input.params), searchParams: Promise.resolve(Object.fromEntries(search)) };
    await withNextRequest(sent, async () => call(props)).catch((error: unknown) => {
      // Next's own way of a page to say that there is nothing, or to lead elsewhere.
      if (!/^NEXT_(HTTP_ERROR_FALLBACK;404|REDIRECT)/.test(String((error as { digest?: unknown }).digest))) throw error;
    });
    return true;
  }
  const headers = new Headers(sent);
  for (const [name, text] of Object.entries(input.headers)) headers.set(name, text);
  const gone = new AbortController();
  const request = new Request(`${ORIGIN}${subject.path}?${search}`, {
    method: subject.export,
    headers,
    signal: gone.signal,
    ...(subject.export === "GET" ? {} : { body: input.body }),
  });
  const response = (await withNextRequest(headers, async () =>
    call(request, { params: Promise.resolve(input.params) }),
  )) as Response;
  gone.abort();
  await response.body?.cancel();
  expect(response.status, "no 500").not.toBe(500);
  // Health is told that nothing runs yet; everything else has a database that answers, so it must not say otherwise.
  if (!subject.path.startsWith("/api/health")) expect(response.status, "the database answers").not.toBe(503);
  return response.ok;
}

test.each(subjects)(`$name: ${each} inputs of any kind`, { timeout: 60_000 + each * 500 }, async (subject) => {
  await fc.assert(
    fc.asyncProperty(fuzzInput(subject), async (input) => {
      await renew();
      const shifts = matrix.world.shifts();
      const isTaken = await ask(subject, input);
      ran += 1;
      if (isTaken && subject.kind === "route" && subject.export !== "GET") expectNothingSmuggled(subject, input.body);
      if (isTaken) return;
      expect(writes, "what is refused writes nothing").toEqual([]);
      expect(matrix.world.shifts(), "what is refused moves nothing").toBe(shifts);
    }),
    { numRuns: each, seed: SEED },
  );
  expect(rejections).toEqual([]);
});
