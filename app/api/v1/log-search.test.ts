import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestWorld, type TestWorld, until } from "@/lib/testing/test-world.ts";
import * as logSearch from "./applications/[name]/logs/search/route.ts";

const ORIGIN = "https://switchyard.example";
const TOKEN = "t".repeat(40);
const RUNTIME = Symbol.for("switchyard.runtime");
const CONFIG = Symbol.for("switchyard.config");
const process_ = globalThis as Record<symbol, unknown>;
const STREAM = "ecs/library/searched";

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true }, cloudwatch: { metricPeriodSeconds: 1 } },
    application: { requestLine: null },
  });
  process_[RUNTIME] = { promise: Promise.resolve(world.runtime), current: world.runtime, stopping: null };
  process_[CONFIG] = {
    auth: { secret: "s".repeat(32), url: ORIGIN, oidc: null, sandboxUsers: true, apiToken: TOKEN },
    access: {},
  };
  const at = Math.floor(world.sandbox.clock.now());
  const messages = ["INFO fine", "ERROR password=hunter2 needle", "ERROR Needle again"];
  world.sandbox.logs.sink.write(
    "/ecs/library-management-task",
    STREAM,
    messages.map((message, n) => ({ timestamp: at + n, message })),
  );
  world.sandbox.logs.sink.write("/ecs/members-task", "ecs/members/x", [{ timestamp: at, message: "needle of others" }]);
});
afterAll(async () => {
  delete process_[RUNTIME];
  delete process_[CONFIG];
  await world.close();
});

async function search(
  body: object,
  headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
  signal = new AbortController().signal,
) {
  const now = Math.floor(world.sandbox.clock.now());
  const request = new Request(`${ORIGIN}/api/v1/applications/library/logs/search`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    signal,
    body: JSON.stringify({ since: now - 3_600_000, until: now + 60_000, text: "needle", ...body }),
  });
  const response = await logSearch.POST(request, { params: Promise.resolve({ name: "library" }) });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}
const searched = () => world.sandbox.calls.counts()["logs.StartQuery"]?.count ?? 0;

test("a search says first what it would read, and reads nothing before that was accepted", async () => {
  const { bytes } = await until(async () => {
    const { body } = await search({});
    return (body.bytes ?? 0) > 0 ? body : null;
  });
  expect(bytes).toBeGreaterThan(0);
  expect(await search({ acceptBytes: 1 })).toMatchObject({ status: 422, body: { code: "INVALID_INPUT" } });
  expect(searched()).toBe(0);
  const { status, body } = await search({ acceptBytes: 10_000_000_000 });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toMatchObject({
    found: {
      isCut: false,
      lines: [
        { text: "ERROR password=[masked: named secret] needle", level: "error", stream: STREAM },
        { text: "ERROR Needle again" },
      ],
    },
  });
  expect(searched()).toBe(1);
});

test.each<[string, object]>([
  ["a text of one letter", { text: "a" }],
  ["a text of two lines", { text: "a\nb" }],
  ["a text of two paragraphs", { text: "a\u2029b" }],
  ["half a character", { text: "ab\ud83d" }],
  ["a text of more than 1,000 characters", { text: "x".repeat(1001) }],
  ["a span of more than a year", { since: 0 }],
  ["a span that ends before it begins", { since: 5, until: 4 }],
  ["a member that there is not", { query: "fields @message" }],
])("refuses %s, and asks AWS for nothing", async (_what, body) => {
  const before = searched();
  expect(await search({ acceptBytes: 10_000_000_000, ...body })).toMatchObject({ status: 422 });
  expect(searched()).toBe(before);
});

test("reads no other application's group, and tells no secret by what it finds", async () => {
  const asked = async (text: string) => {
    const { status, body } = await search({ acceptBytes: 10_000_000_000, text });
    expect(status, JSON.stringify(body)).toBe(200);
    return (body as unknown as { found: { lines: { text: string }[] } }).found.lines.length;
  };
  expect(await asked("password=")).toBe(1);
  expect(await asked("word=h")).toBe(0);
  expect(await asked("hunter2")).toBe(0);
  expect(await asked("needle")).toBe(2);
});

test("nobody who is not signed in, and no other site's page, makes AWS read", async () => {
  const before = searched();
  expect((await search({ acceptBytes: 10_000_000_000 }, {})).status).toBe(401);
  expect(searched()).toBe(before);
});

test("whoever hangs up ends the query at AWS, too", async () => {
  const stopped = () => world.sandbox.calls.counts()["logs.StopQuery"]?.count ?? 0;
  world.sandbox.faults.add({
    ...{ service: "logs", operation: "GetQueryResults", kind: "error", code: "ThrottlingException" },
    ...{ rate: 1, ms: 0, remaining: null, phase: "before" },
  });
  const [before, leaving] = [searched(), new AbortController()];
  const answer = search({ acceptBytes: 10_000_000_000 }, undefined, leaving.signal);
  await until(() => searched() > before);
  leaving.abort();
  expect((await answer).body).toMatchObject({ code: "AWS_UNAVAILABLE" });
  await until(() => stopped() === 1);
  world.sandbox.faults.clear();
});
