import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { englishOf } from "../sentence/told.ts";
import { type EndedContainer, failedContainerSaid, findFailedContainer } from "./failed-container.ts";
import { explainStoppedTask } from "./plain-words.ts";

const container = (name: string, exitCode?: number, rest: Partial<EndedContainer> = {}): EndedContainer => ({
  name,
  ...(exitCode === undefined ? {} : { exitCode }),
  ...rest,
});

describe("the container that brought its task down", () => {
  test.each<[string, EndedContainer[], string]>([
    ["a log router that ended well", [container("log_router", 0), container("catalog", 1)], "catalog, exit code 1"],
    [
      "one that was stopped with the task",
      [container("log_router", 143), container("catalog", 1)],
      "catalog, exit code 1",
    ],
    ["one that was killed with the task", [container("envoy", 137), container("catalog", 3)], "catalog, exit code 3"],
    [
      "an init container that failed without being essential",
      [container("migrate", 1, { essential: false }), container("catalog", 2, { essential: true })],
      "catalog, exit code 2",
    ],
    [
      "an essential one that ended well: that ends the task, too",
      [container("init", 0, { essential: false }), container("catalog", 0, { essential: true })],
      "catalog, exit code 0",
    ],
    [
      "memory before anything else",
      [container("catalog", 1), container("worker", 137, { reason: "OutOfMemoryError: Container killed" })],
      "worker, exit code 137",
    ],
    [
      "an image that could not be pulled, beside one that was stopped for it",
      [container("log_router", 143), container("catalog", undefined, { reason: "CannotPullContainerError: x" })],
      "catalog",
    ],
    [
      "one whose health check failed, beside one that was stopped for it",
      [container("envoy", 143), container("catalog", 143, { isUnhealthy: true })],
      "catalog, exit code 143",
    ],
    [
      "one that failed by itself, beside one that is unhealthy for it",
      [container("envoy", 137, { isUnhealthy: true }), container("catalog", 1)],
      "catalog, exit code 1",
    ],
    [
      "an essential one that ended well, beside one that was asked to stop for it",
      [container("catalog", 0, { essential: true }), container("envoy", 143, { essential: true })],
      "catalog, exit code 0",
    ],
    [
      "an init container that failed, beside the one that waited for it and never ran",
      [container("migrate", 1, { essential: false }), container("catalog", undefined, { essential: true })],
      "migrate, exit code 1",
    ],
    [
      "memory of a container that may end, beside an essential one that failed by itself",
      [
        container("cache", 137, { essential: false, reason: "OutOfMemoryError: Container killed due to memory usage" }),
        container("catalog", 1, { essential: true }),
      ],
      "catalog, exit code 1",
    ],
    ["a segmentation fault", [container("a", 143), container("b", 139)], "b, exit code 139"],
    ["nothing told", [container("a"), container("b")], ""],
    ["none at all", [], ""],
  ])("%s", (_, containers, words) => {
    expect(englishOf(failedContainerSaid(containers) ?? "")).toBe(words);
    expect(englishOf(failedContainerSaid(containers.toReversed()) ?? "")).toBe(words);
  });

  test("never depends on the place in the list, where no two ended alike", () => {
    const ends = fc.uniqueArray(fc.constantFrom(0, 1, 137, 139, 143, 255), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(ends, (codes) => {
        const containers = codes.map((code) => container(`c${code}`, code));
        const failed = findFailedContainer(containers);
        const bad = codes.filter((code) => ![0, 137, 143].includes(code));
        if (bad.length > 0) expect(bad).toContain(failed?.exitCode);
      }),
    );
  });
});

test("a stopped task is explained by the container that failed, first", () => {
  const task = {
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [container("log_router", 143), container("catalog", 1)],
  };
  expect(englishOf(explainStoppedTask(task))).toBe(
    "An essential container exited: catalog, exit code 1; log_router stopped on request (143, SIGTERM)",
  );
});

test.each<[string, string, EndedContainer[], string]>([
  [
    "of several, which one's image is missing",
    "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref x",
    [
      container("log_router"),
      container("catalog", undefined, { reason: "CannotPullContainerError: failed to resolve" }),
    ],
    "catalog: Its image could not be pulled: does the tag or digest exist, and may the task pull it?",
  ],
  [
    "the container's reason, where the task's tells none",
    "Task failed to start",
    [container("catalog", undefined, { reason: "CannotPullContainerError: no such host" }), container("envoy", 143)],
    "The task could not start: catalog: Its image could not be pulled: does the tag or digest exist, and may the task pull it?; envoy stopped on request (143, SIGTERM)",
  ],
  [
    "an older agent's",
    "Task failed to start",
    [container("catalog", undefined, { reason: "DockerTimeoutError: Could not transition to created" })],
    "The task could not start: catalog: Its container did not start or stop in time",
  ],
  [
    "memory, where the code alone leaves it open",
    "Essential container in task exited",
    [
      container("catalog", 137, { reason: "OutOfMemoryError: Container killed due to memory usage" }),
      container("envoy", 137),
    ],
    "An essential container exited: catalog ran out of memory (137); envoy killed (137, SIGKILL): out of memory, or it did not stop in time",
  ],
  [
    "a container that the load balancer's check stopped, and one that failed beside it",
    "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/a/1)",
    [container("catalog", 143), container("worker", 2)],
    "It failed the load balancer's health checks: worker, exit code 2; catalog stopped on request (143, SIGTERM)",
  ],
])("a stopped task tells %s", (_, stoppedReason, containers, words) => {
  expect(englishOf(explainStoppedTask({ stoppedReason, containers }))).toBe(words);
});
