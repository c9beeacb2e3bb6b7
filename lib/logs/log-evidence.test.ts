import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Task } from "../domain/observation/slot.ts";
import { createLastLines, createRequestEvidence } from "./log-evidence.ts";

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
  sandbox.logs.sink.write(GROUP, "ecs/app/checked", [
    { timestamp: SINCE + 1_000, message: "INFO  GET /actuator/health 200 1 ms" },
    { timestamp: SINCE + 2_000, message: "INFO  GET /ping 200 1 ms" },
    { timestamp: SINCE + 3_000, message: "INFO  GET / 200 1 ms ELB-HealthChecker/2.0" },
    { timestamp: SINCE + 4_000, message: "INFO  GET /books 200 1 ms" },
  ]);
  sandbox.logs.sink.write(GROUP, "ecs/app/gone", [{ timestamp: SINCE + 4_000, message: "INFO  GET / 200 1 ms" }]);
});

afterAll(async () => {
  aws.destroy();
  await sandbox.close();
});

interface AskedTask {
  stream: string | undefined;
  startedAt?: number | null;
  stoppedAt?: number;
}

function requests(tasks: AskedTask[]) {
  const { evidence, application, observation } = ask(tasks);
  return evidence.requestsSince(application, "blue", observation, SINCE, "first");
}

function ask(tasks: AskedTask[]) {
  const application = {
    region: sandbox.place.region,
    accountId: sandbox.place.accountId,
    logGroup: GROUP,
    healthCheckPaths: ["/ping"],
    requestLine: "GET \\S+ (?<status>\\d{3}) \\d+ ms",
  } as unknown as Application;
  const slot = {
    tasks: tasks.map(({ stream, startedAt = SINCE, stoppedAt = null }) => ({
      startedAt,
      stoppedAt,
      logStream: stream,
    })) as Task[],
  };
  const green = { tasks: [], healthCheck: { path: "/actuator/health", intervalSeconds: 30 } };
  const observation = { slots: { blue: slot, green } } as unknown as Observation;
  return { evidence: createRequestEvidence(aws.logs), application, observation };
}

test("counts request lines by their own times, failed ones by their status", async () => {
  expect(await requests([{ stream: "ecs/app/served" }])).toEqual({
    firstAt: SINCE + 1_000,
    lastAt: SINCE + 2_000,
    count: 2,
    failed: 1,
  });
});

test("health checks are no requests, by the path of either side's target group, by a configured one and by what they call themselves", async () => {
  expect(await requests([{ stream: "ecs/app/checked" }])).toMatchObject({ count: 1, lastAt: SINCE + 4_000 });
});

test("all streams are asked, however many tasks there are", async () => {
  const tasks = Array.from({ length: 230 }, (_, index) => ({ stream: `ecs/app/many-${index}` }));
  for (const { stream } of tasks)
    sandbox.logs.sink.write(GROUP, stream, [{ timestamp: SINCE + 1_000, message: "INFO  GET /books 200 1 ms" }]);
  expect(await requests(tasks)).toMatchObject({ count: 230 });
});

test("a task whose stream has no known name is told of", () => {
  const { evidence, application, observation } = ask([{ stream: "ecs/app/served" }, { stream: undefined }]);
  expect(evidence.unreadTasks(application, "blue", observation, SINCE)).toBe(1);
});

test("the lag is that of lines that are no longer on their way, and of enough of them", async () => {
  const now = Date.now();
  const write = (stream: string, count: number, at: number) =>
    sandbox.logs.sink.write(
      GROUP,
      stream,
      Array.from({ length: count }, () => ({ timestamp: at, message: "INFO  one" })),
    );
  write("ecs/app/lagging", 20, now - 40_000);
  write("ecs/app/lagging", 5, now - 1_000);
  write("ecs/app/few", 19, now - 40_000);
  const lag = ({ evidence, application, observation }: ReturnType<typeof ask>) =>
    evidence.deliveryLagMs(application, "blue", observation, now);
  expect(await lag(ask([{ stream: "ecs/app/lagging" }]))).toBeGreaterThanOrEqual(40_000);
  expect(await lag(ask([{ stream: "ecs/app/few" }]))).toBeNull();
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

test("the last lines of a task are kept without secrets", async () => {
  sandbox.logs.sink.write(GROUP, "ecs/app/secret", [{ timestamp: SINCE, message: "db password=hunter2" }]);
  const { application } = ask([]);
  const task = { logStream: "ecs/app/secret" } as Task;
  const [line] = await createLastLines(aws.logs).lastLines(application, task, 5);
  expect(line?.text).toBe("db password=[masked: named secret]");
});

test("what a hook's function wrote since then is read from its log group, without secrets; a group that is missing is told", async () => {
  const arn = "arn:aws:lambda:x:1:function:check-orders:live";
  const { application } = ask([]);
  const stream = "2026/11/29/[$LATEST]1";
  sandbox.logs.sink.write("/aws/lambda/check-orders", stream, [
    { timestamp: SINCE - 10_000, message: "of another deployment" },
    { timestamp: SINCE + 1_000, message: "START RequestId: 1" },
    {
      timestamp: SINCE + 2_000,
      message: "[ERROR] answered 500 to Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123",
    },
  ]);
  const lines = createLastLines(aws.logs);
  const read = await lines.functionLines(application, arn, SINCE, 5);
  expect(read.map(({ at }) => at)).toEqual([SINCE + 1_000, SINCE + 2_000]);
  expect(read[1]?.text).toContain("[ERROR] answered 500");
  expect(read[1]?.text).not.toContain("abcdefghijklmnopqrstuvwxyz0123");
  expect(await lines.functionLines(application, arn, SINCE, 1)).toHaveLength(1);
  const missing = lines.functionLines(application, "check-payments", SINCE, 5);
  await expect(missing).rejects.toMatchObject({ kind: "missing" });
});
