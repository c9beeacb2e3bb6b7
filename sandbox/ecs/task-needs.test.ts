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

test("a subnet or security group that the account does not have is refused, and starts nothing once it was deleted", () => {
  const gone = new Set(["subnet-9", "sg-9"]);
  const has = (id: string) => !gone.has(id);
  const fixture = createFixture({}, { hasSubnet: has, hasSecurityGroup: has });
  const { call, createService, tasks, messages, advanceUntil } = fixture;
  const definition = fixture.register("1.0.0");
  const network = (subnets: string[], securityGroups: string[] = []) => ({
    networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } },
  });
  const noSubnet =
    "Error retrieving subnet information for [subnet-1, subnet-9]: The subnet ID 'subnet-9' does not exist (ErrorCode: InvalidSubnetID.NotFound)";
  const noGroup =
    "Error retrieving security group information for [sg-9]: The security group 'sg-9' does not exist (ErrorCode: InvalidGroup.NotFound)";
  expect(() => createService(definition, network(["subnet-1", "subnet-9"]))).toThrow(noSubnet);
  expect(() => createService(definition, network(["subnet-1"], ["sg-9"]))).toThrow(noGroup);
  createService(definition, { ...network(["subnet-1"], ["sg-1"]), desiredCount: 0 });
  const update = (change: object) => call("UpdateService", { cluster: "main", service: "web", ...change });
  expect(() => update(network(["subnet-1", "subnet-9"]))).toThrow(noSubnet);
  const run = { cluster: "main", taskDefinition: definition, launchType: "FARGATE" };
  expect(() => call("RunTask", { ...run, ...network(["subnet-1"], ["sg-9"]) })).toThrow(noGroup);
  gone.add("sg-1");
  update({ desiredCount: 1 });
  const words = noGroup.replaceAll("sg-9", "sg-1");
  advanceUntil(() => messages().includes(`(service web) failed to launch a task with (error ${words}).`), "an event");
  expect(tasks("RUNNING")).toEqual([]);
  gone.clear();
  advanceUntil(() => tasks("RUNNING").some(({ lastStatus }) => lastStatus === "RUNNING"), "a task runs");
});
