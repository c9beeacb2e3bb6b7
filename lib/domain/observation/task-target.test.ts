import { describe, expect, test } from "vitest";
import { target } from "../../testing/facts.ts";
import type { Target, Task } from "./slot.ts";
import { joinTargets, targetNameOf } from "./task-target.ts";

const HOST = "i-0a1b2c3d4e5f60001";
const OTHER_HOST = "i-0a1b2c3d4e5f60002";
const at = (id: string, port: number): Target => ({ ...target(id), port });

function task(changes: Partial<Task>): Task {
  const never = { startedAt: null, createdAt: null, stoppedAt: null };
  const states = { lastStatus: "RUNNING", desiredStatus: "RUNNING", healthStatus: "UNKNOWN", taskDefinition: "t:1" };
  return { arn: "arn", id: "one", ...never, ...states, containers: [], address: null, ...changes };
}

/** A task on an instance whose containers have these ports of it. */
const onHost = (instanceId: string | undefined, ...hostPorts: number[]) =>
  task({
    containerInstance: "arn:aws:ecs:eu-central-1:123456789012:container-instance/c/1",
    ...(instanceId ? { instanceId } : {}),
    containers: [{ name: "web", lastStatus: "RUNNING", hostPorts }],
  });

describe("a target is a task's", () => {
  test.each<[string, Task, Target, boolean]>([
    ["by address", task({ address: "10.0.1.1" }), at("10.0.1.1", 8081), true],
    ["not of another address", task({ address: "10.0.1.1" }), at("10.0.1.11", 8081), false],
    ["by IPv6", task({ ipv6: ["2600:1f13:c:d00::5"] }), at("2600:1f13:c:d00::5", 80), true],
    [
      "by IPv6 in another spelling",
      task({ ipv6: ["2600:1f13:000c:0d00:0:0:0:5"] }),
      at("2600:1F13:C:D00::5", 80),
      true,
    ],
    ["not of another IPv6", task({ ipv6: ["2600:1f13:c:d00::5"] }), at("2600:1f13:c:d00::6", 80), false],
    ["by its IPv6 where it has both", task({ address: "10.0.1.1", ipv6: ["fd00::1"] }), at("fd00::1", 80), true],
    ["by instance and host port", onHost(HOST, 32_773), at(HOST, 32_773), true],
    ["by a second port of its instance", onHost(HOST, 32_773, 32_774), at(HOST, 32_774), true],
    ["not by another port of it", onHost(HOST, 32_773), at(HOST, 32_774), false],
    ["not by the same port elsewhere", onHost(HOST, 32_773), at(OTHER_HOST, 32_773), false],
    ["not while its instance is unknown", onHost(undefined, 32_773), at(HOST, 32_773), false],
    ["not by instance alone, with an address", { ...onHost(HOST), address: "10.0.1.1" }, at(HOST, 8081), false],
  ])("%s", (_how, one, registered, isOwn) => {
    expect(joinTargets([one], [registered]).targetsOf(one)).toEqual(isOwn ? [registered] : []);
  });
});

test("two tasks with the same host port on two instances are told apart", () => {
  const [first, second] = [onHost(HOST, 32_768), onHost(OTHER_HOST, 32_768)];
  const join = joinTargets([first, second], [at(OTHER_HOST, 32_768), at(HOST, 32_768)]);
  expect([first, second].map((one) => join.targetsOf(one).map(({ id }) => id))).toEqual([[HOST], [OTHER_HOST]]);
  expect(join.strangers).toEqual([]);
});

test("while an instance is unknown, a target with that port is nobody's surely, and any other is a stranger", () => {
  const targets = [at(HOST, 32_768), at(HOST, 32_769), at("10.0.9.9", 32_768)];
  const { strangers } = joinTargets([onHost(undefined, 32_768)], targets);
  expect(strangers.map(({ id, port }) => `${id}:${port}`)).toEqual([`${HOST}:32769`, "10.0.9.9:32768"]);
});

test.each<[Task, string | null]>([
  [task({}), null],
  [task({ address: "10.0.1.1" }), "10.0.1.1"],
  [task({ ipv6: ["fd00:0::1"] }), "fd00::1"],
  [onHost(HOST, 32_773), `${HOST}:32773`],
  [onHost(undefined, 32_773), null],
])("a target is named as its load balancer would", (one, name) => expect(targetNameOf(one)).toBe(name));
