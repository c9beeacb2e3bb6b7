import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  ResourceNotFoundException,
  SessionTimeoutException,
  StartLiveTailCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, onTestFinished, test } from "vitest";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import { createLogs } from "./create-logs.ts";

const logGroupName = "/ecs/library-management-task";
const logGroupArn = `arn:aws:logs:ap-northeast-2:123456789012:log-group:${logGroupName}`;

async function startLogs() {
  const base = testBase();
  const logs = createLogs(base);
  const server = await startTestServer({ services: [logs.service] });
  const client = new CloudWatchLogsClient(server.clientConfig);
  onTestFinished(async () => {
    client.destroy();
    await logs.close();
    await server.close();
  });
  return { clock: base.clock, logs, client };
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 500 && !condition(); attempt++) await new Promise((done) => setTimeout(done, 2));
  expect(condition()).toBe(true);
}

test("the SDK creates, writes and searches", async () => {
  const { client, clock } = await startLogs();
  const missing = client.send(new FilterLogEventsCommand({ logGroupName }));
  await expect(missing).rejects.toThrow(ResourceNotFoundException);

  const logStreamName = "blue/app/0123456789abcdef";
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = ["INFO started", "ERROR 실패 \u001b[31mred\u001b[0m"].map((message) => ({
    timestamp: clock.now(),
    message,
  }));
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  const found = await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern: "ERROR" }));
  expect(found.events).toEqual([
    { ...logEvents[1], logStreamName, ingestionTime: clock.now(), eventId: expect.stringMatching(/^\d{56}$/) },
  ]);
});

test("the SDK tails live until it goes away", async () => {
  const { client, clock, logs } = await startLogs();
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  const abort = new AbortController();
  const tail = await client.send(new StartLiveTailCommand({ logGroupIdentifiers: [logGroupArn] }), {
    abortSignal: abort.signal,
  });
  const iterator = tail.responseStream?.[Symbol.asyncIterator]();
  expect((await iterator?.next())?.value?.sessionStart?.logGroupIdentifiers).toEqual([logGroupArn]);

  logs.sink.write(logGroupName, "green/app/1", [{ timestamp: clock.now(), message: "hello" }]);
  clock.advance(1000);
  const update = (await iterator?.next())?.value?.sessionUpdate;
  expect(update?.sessionResults).toMatchObject([{ logStreamName: "green/app/1", message: "hello" }]);
  expect(update?.sessionMetadata).toEqual({ sampled: false });

  expect(logs.controls.liveTailSessions()).toBe(1);
  abort.abort();
  client.destroy();
  await until(() => logs.controls.liveTailSessions() === 0);
});

test("the SDK sees the session time out after three hours", async () => {
  const { client, clock, logs } = await startLogs();
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  const tail = await client.send(new StartLiveTailCommand({ logGroupIdentifiers: [logGroupArn] }));
  clock.advance(3 * 3_600_000);
  const seen: unknown[] = [];
  const read = async () => {
    for await (const message of tail.responseStream ?? []) seen.push(message.SessionTimeoutException ?? message);
  };
  await read().catch((error) => seen.push(error));
  expect(seen.at(-1)).toBeInstanceOf(SessionTimeoutException);
  expect(logs.controls.liveTailSessions()).toBe(0);
});
