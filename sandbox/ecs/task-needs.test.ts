import type { Task } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { createFixture } from "./ecs-fixture.ts";

/* What tasks need besides their images: roles and parameters that somebody deleted. */

const SSM = "arn:aws:ssm:ap-northeast-2:123456789012:parameter";
const SECRET = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-AbCdEf";

function world() {
  const gone = new Set<string>();
  const fixture = createFixture({}, { hasRole: (arn) => !gone.has(arn), hasParameter: (name) => !gone.has(name) });
  const secrets = [
    { name: "URL", valueFrom: `${SSM}/library/db/url` },
    { name: "KEY", valueFrom: "key" },
    { name: "PASSWORD", valueFrom: SECRET },
  ];
  const container = { name: "library", image: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library:1.0.0" };
  const definition = fixture.register("1.0.0", {
    taskRoleArn: "arn:aws:iam::123456789012:role/library-task",
    containerDefinitions: [{ ...container, portMappings: [{ containerPort: 8081 }], secrets }],
  });
  return { ...fixture, gone, definition };
}

test("a task whose parameters are gone stops before its image is pulled, as Fargate says it", () => {
  const { call, clock, createService, definition, gone, tasks, advanceUntil } = world();
  createService(definition, { desiredCount: 1 });
  clock.advance(5_000);
  expect(tasks("RUNNING").map(({ lastStatus }) => lastStatus)).toEqual(["RUNNING"]);
  for (const name of ["/library/db/url", "key", SECRET]) gone.add(name);
  const [running] = tasks("RUNNING");
  call("StopTask", { cluster: "main", task: running?.taskArn });
  const failed = () => tasks("STOPPED").find(({ stopCode }) => stopCode === "TaskFailedToStart");
  advanceUntil(() => failed() !== undefined, "a task fails");
  expect(failed()?.stoppedReason).toBe(
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /library/db/url, key",
  );
  gone.clear();
  advanceUntil(() => tasks("RUNNING").some(({ lastStatus }) => lastStatus === "RUNNING"), "a task runs again");
});

test("for a role that is gone no task is made: a service says so in its events, RunTask refuses", () => {
  const { call, createService, definition, gone, tasks, messages, advanceUntil } = world();
  gone.add("arn:aws:iam::123456789012:role/library-task");
  const words =
    "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/library-task' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.";
  createService(definition, { desiredCount: 1 });
  advanceUntil(() => messages().includes(`(service web) failed to launch a task with (error ${words}).`), "an event");
  expect(tasks("RUNNING")).toEqual([]);
  const run = () =>
    call<{ tasks: Task[] }>("RunTask", {
      ...{ cluster: "main", taskDefinition: definition, launchType: "FARGATE" },
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
    });
  expect(run).toThrow(words);
  gone.clear();
  advanceUntil(() => tasks("RUNNING").some(({ lastStatus }) => lastStatus === "RUNNING"), "a task runs");
  expect(run().tasks).toHaveLength(1);
});
