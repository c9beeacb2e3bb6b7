import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Task } from "../domain/observation/slot.ts";
import { createRequestEvidence } from "./log-evidence.ts";

const GROUP = "/ecs/evidence";
const SINCE = Date.now() - 60_000;
let sandbox: Sandbox;
let aws: Aws;

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  sandbox = await createSandbox({ seed: false });
  aws = createAws({ region: sandbox.place.region, endpoint: sandbox.url });
  const client = new CloudWatchLogsClient({ region: sandbox.place.region, endpoint: sandbox.url });
  await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  client.destroy();
  sandbox.logs.sink.write(GROUP, "ecs/app/served", [
    { timestamp: SINCE + 1_000, message: "INFO  GET /books 200 14 ms" },
    { timestamp: SINCE + 2_000, message: "INFO  GET /books 503 2 ms" },
    { timestamp: SINCE + 3_000, message: "INFO  Started" },
  ]);
  sandbox.logs.sink.write(GROUP, "ecs/app/gone", [{ timestamp: SINCE + 4_000, message: "INFO  GET / 200 1 ms" }]);
});

afterAll(async () => {
  aws.destroy();
  await sandbox.close();
});

function requests(tasks: { stream: string; startedAt?: number | null; stoppedAt?: number }[]) {
  const application = {
    region: sandbox.place.region,
    accountId: sandbox.place.accountId,
    logGroup: GROUP,
    requestLine: "GET \\S+ (?<status>\\d{3}) \\d+ ms",
  } as Application;
  const slot = {
    tasks: tasks.map(({ stream, startedAt = SINCE, stoppedAt = null }) => ({
      startedAt,
      stoppedAt,
      logStream: stream,
    })) as Task[],
  };
  const observation = { slots: { blue: slot } } as unknown as Observation;
  return createRequestEvidence(aws.logs).requestsSince(application, "blue", observation, SINCE, "first");
}

test("counts request lines by their own times, failed ones by their status", async () => {
  expect(await requests([{ stream: "ecs/app/served" }])).toEqual({
    firstAt: SINCE + 1_000,
    lastAt: SINCE + 2_000,
    count: 2,
    failed: 1,
  });
});

test("a task that has not written yet hides no other's lines", async () => {
  const seen = await requests([{ stream: "ecs/app/none" }, { stream: "ecs/app/served" }, { stream: "ecs/app/never" }]);
  expect(seen).toMatchObject({ count: 2 });
  expect(await requests([{ stream: "ecs/app/none" }])).toMatchObject({ count: 0, firstAt: null });
});

test("tasks that never ran or were gone before are not asked for", async () => {
  expect(
    await requests([
      { stream: "ecs/app/gone", stoppedAt: SINCE - 1 },
      { stream: "ecs/app/gone", startedAt: null },
    ]),
  ).toMatchObject({ count: 0 });
});
