import { expect, onTestFinished, test } from "vitest";
import { createLogs, type LogsOptions } from "../../sandbox/logs/create-logs.ts";
import { startTestServer, testBase } from "../../sandbox/protocol/test-server.ts";
import { createBudgets } from "./budget.ts";
import { createCaller } from "./caller.ts";
import { createClients } from "./clients.ts";
import { AwsFailure } from "./errors.ts";
import { createLogReader, logGroupRef } from "./logs.ts";

const logGroup = logGroupRef("ap-northeast-2", "123456789012", "/ecs/library-management-task");

async function startReader(options?: LogsOptions) {
  const base = testBase();
  const logs = createLogs(base, options);
  const server = await startTestServer({ services: [logs.service] });
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const clients = createClients({ region: "ap-northeast-2", endpoint: server.url });
  onTestFinished(async () => {
    clients.destroy();
    await logs.close();
    await server.close();
  });
  const write = (stream: string, message: string) =>
    logs.sink.write(logGroup.name, stream, [{ timestamp: base.clock.now(), message }]);
  return { reader: createLogReader(clients.logs, createCaller(createBudgets())), logs, write, clock: base.clock };
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 500 && !condition(); attempt++) await new Promise((done) => setTimeout(done, 2));
  expect(condition()).toBe(true);
}

test("follows tokens over empty pages to the last line", async () => {
  const { reader, write } = await startReader({ examinedPerPage: 2 });
  for (const message of ["noise", "noise", "noise", "noise", "needle"]) write("blue/app/1", message);
  const pages: string[][] = [];
  for await (const page of reader.filterLines({ logGroup, pattern: "needle" })) {
    pages.push(page.map((line) => line.message));
  }
  expect(pages).toEqual([[], [], ["needle"]]);
});

test("reads newest first, and only as far as the reader wants", async () => {
  const { reader, write, clock } = await startReader();
  for (let index = 0; index < 5; index++) {
    clock.advance(1);
    write("blue/app/1", `line ${index}`);
  }
  const search = { logGroup, streams: ["blue/app/1"], newestFirst: true, pageSize: 2, from: clock.now() - 1000 };
  const first = await reader.filterLines(search).next();
  expect(first.value?.map((line: { message: string }) => line.message)).toEqual(["line 4", "line 3"]);
});

test("translates refusals", async () => {
  const { reader } = await startReader();
  const failure = await reader.startLiveTail({ logGroup }).catch((error) => error);
  expect(failure).toBeInstanceOf(AwsFailure);
  expect(failure).toMatchObject({ kind: "missing", code: "ResourceNotFoundException", operation: "StartLiveTail" });
  await expect(reader.filterLines({ logGroup }).next()).rejects.toMatchObject({ kind: "missing" });
});

test("a live tail sends updates until it is closed, which ends its session at AWS", async () => {
  const { reader, write, clock, logs } = await startReader();
  write("blue/app/1", "before");
  const tail = await reader.startLiveTail({ logGroup });
  write("blue/app/1", "after");
  clock.advance(1000);
  const updates = tail.updates[Symbol.asyncIterator]();
  const update = (await updates.next()).value;
  expect(update?.lines).toMatchObject([{ stream: "blue/app/1", message: "after", eventId: null }]);
  expect(update?.sampled).toBe(false);

  tail.close();
  expect((await updates.next()).done).toBe(true);
  await until(() => logs.controls.liveTailSessions() === 0);
});

test("a live tail ends with the signal, and with a reader that stops early", async () => {
  const { reader, write, clock, logs } = await startReader();
  write("s", "x");
  const abort = new AbortController();
  await reader.startLiveTail({ logGroup, signal: abort.signal });
  const second = await reader.startLiveTail({ logGroup });
  expect(logs.controls.liveTailSessions()).toBe(2);
  abort.abort(new Error("viewer left"));
  await until(() => logs.controls.liveTailSessions() === 1);
  clock.advance(1000);
  for await (const _ of second.updates) break;
  await until(() => logs.controls.liveTailSessions() === 0);
});

test("says that the session timed out", async () => {
  const { reader, write, clock } = await startReader();
  write("s", "x");
  const tail = await reader.startLiveTail({ logGroup });
  clock.advance(3 * 3_600_000);
  const readAll = async () => {
    for await (const _ of tail.updates);
  };
  await expect(readAll()).rejects.toMatchObject({ code: "SessionTimeoutException" });
});
