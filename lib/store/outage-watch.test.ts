import { expect, onTestFinished, test, vi } from "vitest";
import { log } from "../log.ts";
import { watchOutage } from "./outage-watch.ts";

/** As Drizzle says that a query failed: with the whole of it. */
function failedQuery(code: string): Error {
  const cause = Object.assign(new Error(`connect ${code} 10.0.0.5:5432`), { code });
  const error = new Error('Failed query: select "actor" from "audit" where "actor" = $1\nparams: kim@example.com', {
    cause,
  });
  return Object.assign(error, { query: 'select "actor" from "audit"', params: ["kim@example.com"] });
}

/** A database whose answers are turned off and on, what the log had of it, and a clock. */
function world() {
  const lines: string[] = [];
  let isAway = false;
  let at = 1_000;
  const ask = async () => {
    if (isAway) throw failedQuery("ECONNREFUSED");
    return "answer";
  };
  const store = watchOutage(
    { kind: "postgres", ping: ask, listAudit: ask, saveLedger: ask },
    (level, message, fields) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`),
    () => at,
  );
  return {
    store,
    lines,
    turn(away: boolean, ms = 0) {
      isAway = away;
      at += ms;
    },
  };
}

test("a minute without the database is one line when it goes and one when it is back, whoever asks and however often", async () => {
  const { store, lines, turn } = world();
  await store.ping();
  turn(true);
  for (let second = 0; second < 60; second++)
    await Promise.allSettled([store.ping(), store.listAudit(), store.saveLedger(), store.listAudit()]);
  expect(lines).toEqual([
    'error The database does not answer; what does not need it goes on {"reason":"connect ECONNREFUSED 10.0.0.5:5432"}',
  ]);
  expect(store.awaySince()).toBe(1_000);
  turn(false, 60_000);
  await Promise.all([store.ping(), store.listAudit(), store.ping()]);
  expect(lines.slice(1)).toEqual(['info The database answers again {"afterSeconds":60}']);
  expect(store.awaySince()).toBe(null);
});

test("an answer that was under way when the database went does not bring it back, and a refusal of its is no outage", async () => {
  const answers: (() => void)[] = [];
  const lines: string[] = [];
  const slow = () => new Promise<void>((resolve) => void answers.push(resolve));
  const away = () => Promise.reject(failedQuery("ECONNRESET"));
  const refused = () => Promise.reject(failedQuery("23505"));
  const store = watchOutage(
    { slow, away, refused },
    (level) => void lines.push(level),
    () => 0,
  );
  const first = store.slow();
  await store.refused().catch(() => {});
  expect(lines).toEqual([]);
  await store.away().catch(() => {});
  answers[0]?.();
  await first;
  expect(lines).toEqual(["error"]);
  await store.refused().catch(() => {});
  expect(lines).toEqual(["error", "info"]);
});

test("what fails for want of the database is no line of its own, and an error that is one has no SQL, value or stack", async () => {
  vi.stubEnv("SWITCHYARD_LOG_LEVEL", "info");
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(said.push(String(text))));
  onTestFinished(() => write.mockRestore());
  const { store, turn } = world();
  turn(true);
  const away: unknown = await store.ping().catch((error: unknown) => new Error("No snapshot", { cause: error }));
  for (let i = 0; i < 300; i++) log.warn("A snapshot failed", { error: away });
  const notWaitedFor = Object.assign(new Error("The database does not answer"), { name: "StoreUnavailable" });
  log.warn("A look for drift failed", { error: notWaitedFor });
  expect(said).toEqual([]);
  log.warn("A webhook was not delivered", { error: failedQuery("ECONNREFUSED").cause });
  log.error("A session could not be recorded", { error: away, action: "session.ended" });
  log.warn("A grant could not be saved", { error: failedQuery("23505") });
  write.mockRestore();
  expect(said).toHaveLength(3);
  expect(said.join("")).not.toMatch(/kim@example|select|params/);
  expect(JSON.parse(said[1] ?? "")).toMatchObject({
    level: "error",
    error: { message: "connect ECONNREFUSED 10.0.0.5:5432" },
  });
  expect(said[1]).not.toContain("stack");
});
