import { expect, onTestFinished, test } from "vitest";
import { type Clock, systemClock, testClock } from "../../sandbox/clock.ts";
import { createLogs } from "../../sandbox/logs/create-logs.ts";
import type { Interceptor } from "../../sandbox/protocol/api-call.ts";
import { startTestServer } from "../../sandbox/protocol/test-server.ts";
import { AwsError } from "../../sandbox/service.ts";
import { createAws } from "../aws/aws.ts";
import { logGroupRef } from "../aws/logs.ts";
import type { LogEvent, LogLine } from "../domain/observation/log-line.ts";
import { createLogTails, type LogTailRequest } from "./log-tails.ts";
import { createSlotStreams } from "./slot-streams.ts";
import type { LogTailsTimes } from "./tail-times.ts";

const REGION = "ap-northeast-2";
const logGroup = logGroupRef(REGION, "123456789012", "/ecs/library-management-task");
const BLUE = "blue/app/b1";
const GREEN = "green/app/g1";

type Refusal = { operation: string; code: string } | null;

/** The product's tails on a sandbox in this process, sped up, so that a session's three hours pass when told to. */
async function startTails(times: Partial<LogTailsTimes> = {}, clock: Clock = systemClock(20)) {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const logs = createLogs({ clock, place: { accountId: "123456789012", region: REGION }, random: () => 0.5 });
  let refusal: Refusal = null;
  const calls: Record<string, number> = {};
  const refuse: Interceptor = (call, next) => {
    calls[call.operation] = (calls[call.operation] ?? 0) + 1;
    if (refusal && refusal.operation === call.operation) throw new AwsError(refusal.code, "told to refuse");
    return next();
  };
  const server = await startTestServer({ services: [logs.service], interceptors: [refuse] });
  const plenty = { burst: 1000, perSecond: 1000, share: 1 };
  const limits = { "logs-filter": plenty, "logs-live-tail": plenty };
  const aws = createAws({ region: REGION, endpoint: server.url, accountId: "123456789012", limits });
  const tails = createLogTails({
    reader: aws.logs,
    now: clock.now,
    times: {
      pollMs: 20,
      settleMs: 50,
      lingerMs: 20,
      retryMs: { denied: 10_000, limited: 10_000, throttled: 10_000, missing: 1000, other: 1000 },
      ...times,
    },
  });
  onTestFinished(async () => {
    await tails.stop();
    aws.destroy();
    await logs.close();
    await server.close();
  });

  const task = (id: string, logStream: string) => ({ id, logStream }) as never;
  let slots = { blue: { tasks: [task("b1", BLUE)] }, green: { tasks: [task("g1", GREEN)] } };
  const other = createSlotStreams(() => ({
    blue: { tasks: [task("x9", "other-application/app/x9")] },
    green: { tasks: [] },
  }));
  const streams = createSlotStreams(
    () => slots,
    () => [other],
  );
  return {
    clock,
    logs,
    tails,
    calls,
    refuse(operation: string, code: string) {
      refusal = { operation, code };
    },
    allow() {
      refusal = null;
    },
    learnTask(id: string, logStream: string) {
      slots = { ...slots, green: { tasks: [...slots.green.tasks, task(id, logStream)] } };
    },
    /** Lines that say another time than now. */
    writeAt(stream: string, timestamp: number, ...messages: string[]) {
      const at = Math.floor(timestamp);
      logs.sink.write(
        logGroup.name,
        stream,
        messages.map((message) => ({ timestamp: at, message })),
      );
    },
    write(stream: string, ...messages: string[]) {
      logs.sink.write(
        logGroup.name,
        stream,
        messages.map((message) => ({ timestamp: Math.floor(clock.now()), message })),
      );
    },
    watch(request: Partial<LogTailRequest> = {}) {
      return readAll(tails.watch({ logGroup, streams, slots: "both", ...request }));
    },
  };
}

/** Collects what a viewer receives, as it comes. */
function readAll(source: AsyncGenerator<LogEvent>) {
  const events: LogEvent[] = [];
  const finished = (async () => {
    for await (const event of source) events.push(event);
  })();
  const lines = (): LogLine[] => events.flatMap((event) => (event.type === "line" ? event.lines : []));
  return {
    events,
    finished,
    lines,
    texts: () => lines().map((line) => line.text),
    modes: () => events.flatMap((event) => (event.type === "status" ? [event.mode] : [])),
    leave: () => source.return(undefined),
  };
}

async function until(condition: () => boolean, what = "condition"): Promise<void> {
  for (let attempt = 0; attempt < 2000 && !condition(); attempt++) await new Promise((done) => setTimeout(done, 2));
  expect(condition(), what).toBe(true);
}

test("shows the last lines of each side, then new ones, each with its side, task and level", async () => {
  const { write, watch } = await startTails();
  write(BLUE, "blue 0", "blue 1", "blue 2");
  write(GREEN, "INFO green 0");
  const viewer = watch({ last: 2 });
  await until(() => viewer.lines().length === 3);
  expect(viewer.texts().toSorted()).toEqual(["INFO green 0", "blue 1", "blue 2"]);

  write(GREEN, "\u001b[31m ERROR green 1\u001b[0m");
  await until(() => viewer.lines().length === 4);
  expect(viewer.lines().at(-1)).toMatchObject({
    slot: "green",
    taskId: "g1",
    stream: GREEN,
    level: "error",
    text: " ERROR green 1",
  });
  expect(viewer.modes()).toEqual(["connecting", "live"]);
});

test("finds the quiet side's lines although the other side writes a lot", async () => {
  const { write, watch } = await startTails();
  write(GREEN, "quiet");
  for (let round = 0; round < 5; round++) write(BLUE, ...Array.from({ length: 1000 }, (_, n) => `${round}/${n}`));
  const viewer = watch({ last: 10 });
  await until(() => viewer.lines().length === 11);
  expect(viewer.texts()).toContain("quiet");
});

test("shares one session and its searches among viewers and ends it soon after the last one leaves", async () => {
  const { write, watch, logs, calls, tails } = await startTails();
  write(BLUE, "first");
  const viewers = Array.from({ length: 20 }, () => watch());
  await until(() => viewers.every((viewer) => viewer.lines().length === 1));
  write(BLUE, "second");
  await until(() => viewers.every((viewer) => viewer.lines().length === 2));
  expect(calls.StartLiveTail).toBe(1);
  // Each side's search is made once for all of them; green's is repeated without its stream, which is not there yet.
  expect(calls.FilterLogEvents).toBeLessThanOrEqual(4);
  expect(tails.sessions()).toEqual([{ logGroup: logGroup.name, mode: "live", viewers: 20 }]);
  for (const viewer of viewers) await viewer.leave();
  await until(() => logs.controls.liveTailSessions() === 0);
  expect(tails.sessions()).toEqual([]);
});

test("a second viewer gets its first lines from memory", async () => {
  const { write, watch, calls } = await startTails();
  write(BLUE, "old");
  const first = watch({ last: 3 });
  await until(() => first.lines().length === 1);
  write(BLUE, "a", "b", "c");
  write(GREEN, "d", "e", "f");
  await until(() => first.lines().length === 7);
  // One search for each side, one of the whole group because green has no stream yet, one when things have settled.
  await until(() => calls.FilterLogEvents === 4);
  const before = calls.FilterLogEvents;
  const second = watch({ last: 3 });
  await until(() => second.lines().length === 6);
  expect(second.texts().toSorted()).toEqual(["a", "b", "c", "d", "e", "f"]);
  expect(
    second
      .lines()
      .map((line) => line.id)
      .toSorted(),
  ).toEqual(
    first
      .lines()
      .slice(1)
      .map((line) => line.id)
      .toSorted(),
  );
  expect(calls.FilterLogEvents).toBe(before);
});

test("shows one side only, and only lines with the text looked for", async () => {
  const { write, watch } = await startTails();
  write(BLUE, "needle in blue");
  write(GREEN, "NEEDLE in green", "hay");
  const viewer = watch({ slots: "green", filter: "needle" });
  await until(() => viewer.lines().length === 1);
  write(BLUE, "needle again");
  write(GREEN, "more hay", "more needle");
  await until(() => viewer.lines().length === 2);
  expect(viewer.texts()).toEqual(["NEEDLE in green", "more needle"]);
});

test("begins where `since` says", async () => {
  const { write, watch, clock } = await startTails();
  write(BLUE, "too old");
  const since = Math.floor(clock.now()) + 1;
  await until(() => clock.now() > since + 1);
  write(BLUE, "new enough");
  const viewer = watch({ since });
  await until(() => viewer.lines().length === 1);
  expect(viewer.texts()).toEqual(["new enough"]);
});

test("those who come back from moments near to each other share one search, and each gets its own lines", async () => {
  const clock = testClock();
  const { write, watch, calls } = await startTails({ settleMs: 100_000 }, clock);
  const start = clock.now();
  const all = Array.from({ length: 50 }, (_, i) => `line ${i}`);
  for (const text of all) {
    write(BLUE, text);
    clock.advance(10);
  }
  const viewers = all.map((_, i) => watch({ since: start + i * 10 }));
  await until(() => viewers.every(({ lines }, i) => lines().length === all.length - i), "everybody's lines");
  expect(viewers.map(({ texts }) => texts())).toEqual(all.map((_, i) => all.slice(i)));
  expect(calls.FilterLogEvents).toBeLessThanOrEqual(2);
});

test("a line that says a time before `since` is not lost when it arrives only after the viewer has come back", async () => {
  const { write, writeAt, watch, clock } = await startTails();
  write(BLUE, "known");
  const since = Math.floor(clock.now());
  const viewer = watch({ since });
  await until(() => viewer.modes().includes("live"));
  writeAt(BLUE, since - 3_600_000, "an hour behind");
  await until(() => viewer.texts().includes("an hour behind"));
  const ahead = watch({ since: since + 3_600_000 });
  await until(() => ahead.modes().includes("live"));
  write(BLUE, "after a clock that is ahead");
  await until(() => ahead.texts().includes("after a clock that is ahead"));
});

test("a task whose clock is an hour off is told, once for each viewer and to its own application's alone", async () => {
  const { write, writeAt, watch, clock } = await startTails();
  write(BLUE, "known");
  const clocks = (viewer: ReturnType<typeof watch>) =>
    viewer.events.flatMap((event) =>
      event.type === "clock" ? [[event.slot, event.taskId, Math.round(event.offsetMs / 60_000)]] : [],
    );
  const viewer = watch();
  await until(() => viewer.modes().includes("live"));
  for (let i = 0; i < 6; i++) {
    writeAt(GREEN, clock.now() - 3_600_000, `behind ${i}`);
    writeAt("other-application/app/x9", clock.now() - 3_600_000, `other ${i}`);
    writeAt(BLUE, clock.now(), `right ${i}`);
  }
  await until(() => clocks(viewer).length > 0);
  await until(() => viewer.texts().filter((text) => text.startsWith("right")).length === 6);
  expect(clocks(viewer)).toEqual([["green", "g1", -60]]);
  const later = watch();
  await until(() => clocks(later).length === 1);
});

test("holds lines of a task that is not observed yet, and leaves out those of other applications", async () => {
  const { write, watch, learnTask } = await startTails({}, systemClock());
  write(BLUE, "known");
  const viewer = watch();
  await until(() => viewer.lines().length === 1);
  write("other-application/app/x9", "not ours");
  write("green/app/g2", "from the new task");
  write(BLUE, "after");
  await until(() => viewer.texts().includes("after"));
  expect(viewer.texts()).toEqual(["known", "after"]);
  learnTask("g2", "green/app/g2");
  await until(() => viewer.lines().length === 3);
  expect(viewer.lines().at(-1)).toMatchObject({ slot: "green", taskId: "g2", text: "from the new task" });
});

test("shows lines whose side nobody knows, also from before, and those of streams by any name; narrowed by prefixes", async () => {
  const { write, watch, learnTask, clock } = await startTails({}, systemClock(200));
  learnTask("0f1e2d3c4b5a69788796a5b4c3d2e1f0", "4f0a1c7e0b1d4a7e");
  write("gone/app/z1", "of a task that nobody remembers");
  write("4f0a1c7e0b1d4a7e", "by runtime id");
  write("app/library-firelens-0f1e2d3c4b5a69788796a5b4c3d2e1f0", "by FireLens");
  write("other-application/app/x9", "not ours");
  const viewer = watch({ since: Math.floor(clock.now()) - 600_000 });
  const narrowed = watch({ since: Math.floor(clock.now()) - 600_000, streamPrefixes: ["app/", "4f"] });
  await until(() => viewer.lines().length === 3, "all three");
  await until(() => narrowed.lines().length === 2, "two of them");
  write("gone/app/z1", "and another");
  await until(() => viewer.texts().includes("and another"), "the later one");
  const sideOf = Object.fromEntries(viewer.lines().map((line) => [line.text, line.slot]));
  expect(sideOf).toEqual({
    "by runtime id": "green",
    "by FireLens": "green",
    "of a task that nobody remembers": null,
    "and another": null,
  });
  expect(narrowed.lines().every((line) => line.slot === "green")).toBe(true);
});

test("a group whose class has no live tail is read in steps, and that is said", async () => {
  const { write, watch, refuse } = await startTails();
  write(BLUE, "first");
  refuse("StartLiveTail", "InvalidOperationException");
  const viewer = watch();
  await until(() => viewer.modes().includes("polling"));
  write(BLUE, "second");
  await until(() => viewer.lines().length === 2);
  expect(viewer.events).toContainEqual(
    expect.objectContaining({ mode: "polling", message: expect.stringContaining("no live tail for this log group") }),
  );
});

test("a group whose key CloudWatch Logs may not use says so, and what to change; its lines come once it may", async () => {
  const { write, watch, logs, clock } = await startTails();
  const key = "arn:aws:kms:ap-northeast-2:123456789012:key/0123";
  const call = { requestId: "r", signal: new AbortController().signal };
  logs.service.operations.CreateLogGroup?.({ logGroupName: logGroup.name, kmsKeyId: key }, call);
  write(BLUE, "encrypted");
  logs.controls.refuseKey(key, true);
  const viewer = watch({ since: Math.floor(clock.now()) - 600_000 });
  await until(() => viewer.modes().includes("failed"));
  expect(viewer.events).toContainEqual(
    expect.objectContaining({
      type: "status",
      mode: "failed",
      message: expect.stringMatching(
        /The specified KMS key does not exist or is not allowed .*Enable the key, and let the service use it/,
      ),
    }),
  );
  expect(viewer.lines()).toEqual([]);
  logs.controls.refuseKey(key, false);
  write(BLUE, "readable again");
  await until(() => viewer.texts().includes("readable again"));
  await until(() => viewer.modes().at(-1) !== "failed");
});

test.each([
  ["AccessDeniedException", /Not allowed: logs:StartLiveTail/],
  ["LimitExceededException", /LimitExceededException/],
  ["ThrottlingException", /throttles logs:StartLiveTail/],
])(
  "polls while live tail answers %s, says so, and goes back to it without losing or doubling a line",
  async (code, message) => {
    const { write, watch, refuse, allow } = await startTails();
    write(BLUE, "before");
    refuse("StartLiveTail", code);
    const viewer = watch();
    await until(() => viewer.lines().length === 1);
    write(BLUE, "polled", "polled");
    await until(() => viewer.lines().length === 3);
    expect(viewer.events).toContainEqual(
      expect.objectContaining({ type: "status", mode: "polling", message: expect.stringMatching(message) }),
    );
    allow();
    await until(() => viewer.modes().at(-1) === "live");
    write(GREEN, "live again");
    await until(() => viewer.texts().includes("live again"));
    expect(viewer.texts()).toEqual(["before", "polled", "polled", "live again"]);
  },
);

test("follows empty pages while polling", async () => {
  const { write, watch, refuse } = await startTails();
  refuse("StartLiveTail", "AccessDeniedException");
  write(BLUE, "x");
  const viewer = watch({ filter: "line" });
  for (let number = 0; number < 12; number++) write(BLUE, ...Array.from({ length: 1000 }, () => "noise"));
  write(BLUE, "the line");
  await until(() => viewer.texts().includes("the line"));
  expect(viewer.lines()).toHaveLength(1);
});

test("waits for a log group that does not exist yet", async () => {
  const { write, watch } = await startTails();
  const viewer = watch();
  await until(() => viewer.modes().includes("failed"));
  write(BLUE, "born");
  await until(() => viewer.modes().at(-1) === "live");
  await until(() => viewer.lines().length === 1);
  expect(viewer.events.filter((event) => event.type === "gap")).toEqual([]);
});

test("loses and doubles no line over a session that times out after three hours", async () => {
  const clock = testClock();
  const { write, watch, calls } = await startTails({}, clock);
  write(BLUE, "before");
  const viewer = watch();
  await until(() => viewer.lines().length === 1);
  clock.advance(3 * 3_600_000 - 5000);

  const expected = ["before"];
  for (let second = 0; second < 10; second++) {
    const messages = [`${second}`, "again", "again"];
    write(BLUE, ...messages);
    expected.push(...messages);
    clock.advance(1000);
    await new Promise((done) => setImmediate(done));
  }
  await until(() => calls.StartLiveTail === 2, "a second session");
  for (let second = 10; second < 13; second++) {
    write(BLUE, `${second}`);
    expected.push(`${second}`);
    clock.advance(1000);
  }
  // The start of a tail searches twice: at once where it is a restart, and when things have settled.
  await until(() => (calls.FilterLogEvents ?? 0) >= 4 && viewer.texts().includes("12"), "settled");
  await until(() => viewer.lines().length >= expected.length, "all lines");
  expect(viewer.texts().toSorted()).toEqual(expected.toSorted());
  expect(viewer.events.filter((event) => event.type === "gap")).toEqual([]);
});

test("opens a new session when one goes silent, as a half-dead connection does", async () => {
  // With its clock standing still the sandbox sends nothing.
  const clock = testClock();
  const { write, watch, calls, logs } = await startTails({ silenceMs: 30 }, clock);
  write(BLUE, "before");
  const viewer = watch();
  await until(() => (calls.StartLiveTail ?? 0) >= 2);
  await until(() => logs.controls.liveTailSessions() === 1);
  write(BLUE, "after");
  clock.advance(1000);
  await until(() => viewer.texts().includes("after"));
  expect(viewer.texts()).toEqual(["before", "after"]);
});

test("goes on when the log group is deleted and comes back", async () => {
  const { write, watch, logs } = await startTails();
  write(BLUE, "before");
  const viewer = watch();
  await until(() => viewer.lines().length === 1);
  await logs.reset();
  await until(() => viewer.modes().at(-1) === "failed");
  write(BLUE, "after");
  await until(() => viewer.modes().at(-1) === "live");
  await until(() => viewer.lines().length === 2);
  expect(viewer.texts()).toEqual(["before", "after"]);
});

test("says that AWS sampled a busy second", async () => {
  const { write, watch } = await startTails();
  write(BLUE, "x");
  const viewer = watch({ last: 0 });
  await until(() => viewer.modes().includes("live"));
  for (let round = 0; round < 3; round++) write(BLUE, ...Array.from({ length: 1000 }, (_, n) => `${round} ${n}`));
  await until(() => viewer.events.some((event) => event.type === "sampled"));
  expect(viewer.events).toContainEqual(expect.objectContaining({ type: "sampled", kept: 500 }));
});

test("drops the oldest lines of a viewer that does not read, and says how many", async () => {
  const { write, tails, logs } = await startTails({ queuedLines: 100, settleMs: 100_000 });
  write(BLUE, "first");
  const streams = createSlotStreams(() => ({
    blue: { tasks: [{ id: "b1", logStream: BLUE } as never] },
    green: { tasks: [] },
  }));
  const slow = tails.watch({ logGroup, streams, slots: "both" });
  const fast = readAll(tails.watch({ logGroup, streams, slots: "both" }));
  await until(() => fast.lines().length === 1);
  for (let round = 0; round < 4; round++) {
    write(BLUE, ...Array.from({ length: 100 }, (_, n) => `line ${round * 100 + n}`));
    await until(() => fast.texts().includes(`line ${round * 100 + 99}`));
  }
  expect(logs.controls.liveTailSessions()).toBe(1);
  const rest = readAll(slow);
  await until(() => rest.lines().length === 101);
  expect(rest.events.find((event) => event.type === "gap")).toMatchObject({
    count: 300,
    reason: expect.stringContaining("more slowly"),
  });
  expect(rest.texts()[0]).toBe("first");
  expect(rest.texts().at(-1)).toBe("line 399");
  expect(fast.events.filter((event) => event.type === "gap")).toEqual([]);
});

test.each([{ since: true }, { since: false }])(
  "gives up a search whose filter matches nothing, says how far it looked, and stops with its viewer (%o)",
  async ({ since }) => {
    // It is given up by what it read, however long a full machine takes over that.
    const { write, watch, calls, clock } = await startTails({ settleMs: 1e9, searchMs: 120_000 });
    for (let round = 0; round < 30; round++) write(BLUE, ...Array.from({ length: 1000 }, (_, n) => `${round}/${n}`));
    const from = since ? { since: Math.floor(clock.now()) - 3_600_000 } : {};
    const viewer = watch({ filter: "no line says so", ...from });
    await until(() => viewer.events.some((event) => event.type === "gap"));
    expect(viewer.events).toContainEqual(
      expect.objectContaining({
        type: "gap",
        count: null,
        reason: expect.stringMatching(/^Looked at 20,000 lines, back to [-\d]+ [:\d]+ UTC, and no further$/),
      }),
    );
    const atMost = calls.FilterLogEvents ?? 0;
    expect(atMost).toBeLessThanOrEqual(42);
    write(BLUE, "no line says so, but this one");
    await until(() => viewer.lines().length === 1);
    await viewer.leave();
    expect(calls.FilterLogEvents).toBe(atMost);
  },
);

test("ends every viewer and session on stop, and a viewer on its signal", async () => {
  const { write, watch, tails, logs } = await startTails();
  write(BLUE, "x");
  const abort = new AbortController();
  const one = watch({ signal: abort.signal });
  const other = watch();
  await until(() => one.lines().length === 1 && other.lines().length === 1);
  abort.abort();
  await one.finished;
  expect(tails.sessions()).toMatchObject([{ viewers: 1 }]);
  await tails.stop();
  await other.finished;
  await until(() => logs.controls.liveTailSessions() === 0);
});

test("a stream that is deleted while it is followed takes nothing with it: what came stays, the others go on", async () => {
  const { write, watch, logs } = await startTails();
  write(BLUE, "before");
  const viewer = watch();
  await until(() => viewer.lines().length === 1);
  await until(() => viewer.modes().at(-1) === "live");
  const call = { requestId: "r", signal: new AbortController().signal };
  await logs.service.operations.DeleteLogStream?.({ logGroupName: logGroup.name, logStreamName: BLUE }, call);
  write(GREEN, "another's");
  await until(() => viewer.lines().length === 2);
  write(BLUE, "written anew");
  await until(() => viewer.lines().length === 3);
  expect(viewer.texts()).toEqual(["before", "another's", "written anew"]);
});
