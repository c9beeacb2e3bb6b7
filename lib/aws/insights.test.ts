import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { testClock } from "../../sandbox/clock.ts";
import { createLogs } from "../../sandbox/logs/create-logs.ts";
import type { Interceptor } from "../../sandbox/protocol/api-call.ts";
import { startTestServer } from "../../sandbox/protocol/test-server.ts";
import { createBudgets } from "./budget.ts";
import { createCaller } from "./caller.ts";
import { createClients } from "./clients.ts";
import { createLogInsights, type InsightsSearch, queryOf } from "./insights.ts";
import { logGroupRef } from "./logs.ts";

const PLACE = { accountId: "123456789012", region: "ap-northeast-2" };
const group = logGroupRef(PLACE.region, PLACE.accountId, "/ecs/library");

/** A sandbox whose clock goes on at every look at a query, so that nobody waits for it. */
async function startInsights(stepMs = 400) {
  const clock = testClock();
  const logs = createLogs({ clock, place: PLACE, random: () => 0.5 });
  const calls: string[] = [];
  const queries: string[] = [];
  let asked = () => {};
  const count: Interceptor = (call, next) => {
    calls.push(call.operation);
    if (call.operation === "StartQuery") queries.push(String(JSON.parse(call.body).queryString));
    if (call.operation === "GetQueryResults") {
      clock.advance(stepMs);
      asked();
    }
    return next();
  };
  const server = await startTestServer({ services: [logs.service], interceptors: [count] });
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const clients = createClients({ region: PLACE.region, endpoint: server.url });
  onTestFinished(async () => {
    clients.destroy();
    await logs.close();
    await server.close();
  });
  const write = (stream: string, ...messages: string[]) =>
    logs.sink.write(
      group.name,
      stream,
      messages.map((message, n) => ({ timestamp: clock.now() + n, message })),
    );
  const plenty = { burst: 1000, perSecond: 1000, share: 1 };
  const insights = createLogInsights(
    clients.logs,
    createCaller(createBudgets(Date.now, { "logs-insights": plenty })),
    1,
  );
  const search = (given: Partial<InsightsSearch> = {}) =>
    insights.search({
      logGroups: [group],
      from: clock.now() - 60_000,
      to: clock.now() + 60_000,
      text: "boom",
      streamPrefix: null,
      limit: 10,
      signal: new AbortController().signal,
      ...given,
    });
  const onAsked = (then: () => void) => {
    asked = then;
  };
  return { search, write, calls, queries, onAsked, stop: () => insights.stop() };
}

test("finds lines by their text in any case, the newest first, with stream and group, and says what AWS bills", async () => {
  const { search, write, calls } = await startInsights();
  write("blue/app/1", "ERROR Boom 1", "INFO fine", "ERROR boom 2");
  const found = await search();
  expect(found.lines.map(({ message, stream, group: of }) => [message, stream, of])).toEqual([
    ["ERROR boom 2", "blue/app/1", group.name],
    ["ERROR Boom 1", "blue/app/1", group.name],
  ]);
  expect(found).toMatchObject({ scannedBytes: 33, matched: 2, isComplete: true });
  expect(new Set(calls)).toEqual(new Set(["StartQuery", "GetQueryResults"]));
});

test("says how many match where more do than are wanted, and looks at streams of a prefix alone", async () => {
  const { search, write } = await startInsights();
  write("blue/app/1", "boom 1", "boom 2", "boom 3");
  write("green/app/1", "boom 4");
  expect(await search({ limit: 2 })).toMatchObject({ matched: 4, lines: [{}, {}] });
  expect((await search({ streamPrefix: "green/" })).lines.map(({ message }) => message)).toEqual(["boom 4"]);
});

test("a viewer who goes away stops the query at AWS", async () => {
  const { search, write, calls, onAsked } = await startInsights(0);
  write("blue/app/1", "boom");
  const leaving = new AbortController();
  onAsked(() => leaving.abort(new Error("gone")));
  await expect(search({ signal: leaving.signal })).rejects.toThrow(/gone|abort/i);
  for (let attempt = 0; attempt < 500 && !calls.includes("StopQuery"); attempt++)
    await new Promise((done) => setTimeout(done, 2));
  expect(calls.filter((operation) => operation === "StopQuery")).toHaveLength(1);
});

test("whoever stops tells AWS of every query before it is gone, and starts none any more", async () => {
  const { search, write, calls, onAsked, stop } = await startInsights(0);
  write("blue/app/1", "boom");
  let stopped: Promise<void> | null = null;
  onAsked(() => {
    stopped ??= stop();
  });
  const ended = Promise.allSettled([search(), search()]);
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await stopped;
  const count = (operation: string) => calls.filter((each) => each === operation).length;
  expect(count("StopQuery")).toBe(count("StartQuery"));
  const started = count("StartQuery");
  await expect(search()).rejects.toThrow("stopping");
  expect(count("StartQuery")).toBe(started);
});

const COMMANDS = /^fields [@\w, ]+ \| filter @message like \/\(\?i\)(?:[^/\\]|\\.)+\/ \| sort @timestamp desc$/;

test.each([
  ...["a/ | delete", "/ | stats count(*) by @message", "\\/ | fields @ptr", "\\\\/ | limit 1", "x/\\", "'| limit 1 |'"],
  ...["(?i)(.*)", "\\", "\\Qa\\E", "대출 실패", 'say "no"', "[x]{9}|y", "^$", "# not a comment", "a\tb", "`b`, $ {c}"],
  ...["(?:a|b)", "a)|(b", "😀 | sort", "İstanbul ß", "𝄞", "é́", "x".repeat(1000), "/".repeat(1000), "각".repeat(1000)],
])("text %# is looked for as it is, in one pattern, and adds no command to the query", async (text) => {
  const { search, write, queries } = await startInsights();
  write("blue/app/1", `before ${text} after`, "another line");
  expect((await search({ text })).lines.map(({ message }) => message)).toEqual([`before ${text} after`]);
  expect(queries).toHaveLength(1);
  expect(queries[0]).toMatch(COMMANDS);
  expect(queries[0]?.length).toBeLessThan(10_000);
});

test("text of any kind stays one pattern on one line, of no more than AWS takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 1000 }), (text) => {
      const query = queryOf({ text, streamPrefix: null });
      expect(query).toMatch(COMMANDS);
      expect(query.length).toBeLessThan(10_000);
    }),
    { numRuns: 30 },
  );
});

test.each(["NFC", "NFD"] as const)("text in %s finds lines in either Unicode form", async (form) => {
  const { search, write } = await startInsights();
  write("blue/app/1", "대출 실패 1".normalize("NFC"), "대출 실패 2".normalize("NFD"), "대출 성공");
  expect((await search({ text: "대출 실패".normalize(form) })).matched).toBe(2);
});
