import { expect, test } from "vitest";
import { englishOf } from "../sentence/told.ts";
import {
  explainExitCode,
  explainStopCode,
  explainStoppedReason,
  explainStoppedTask,
  explainTarget,
  explainTargetState,
  explainTaskState,
  STOP_CODES,
  TARGET_REASONS,
  TASK_STATES,
} from "./plain-words.ts";
import { TARGET_STATES } from "./slot.ts";

test.each(Object.keys(TARGET_REASONS))("says what %s means without repeating the code", (reason) => {
  const words = englishOf(explainTarget("unhealthy", reason));
  expect(words).not.toContain(reason);
  expect(words.split(" ").length).toBeGreaterThan(2);
});

test.each([...TARGET_STATES])("has words for a target that is %s", (state) => {
  expect(englishOf(explainTarget(state))).toBe(englishOf(explainTargetState(state)));
  expect(englishOf(explainTargetState(state))).toMatch(/^[A-Z]/);
});

test.each([...STOP_CODES])("has words for the stop code %s", (code) => {
  expect(englishOf(explainStopCode(code))).not.toBe(code);
});

test("a Spot interruption is told as one", () => {
  const stopped = { stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted.", containers: [] };
  expect(englishOf(explainStoppedTask(stopped))).toBe("AWS took its Spot capacity back");
});

test.each([...TASK_STATES])("has words for a task that is %s", (state) =>
  expect(englishOf(explainTaskState(state))).not.toBe(state),
);

test.each([
  ["Essential container in task exited", /essential container/],
  ["Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:x)", /load balancer/],
  ["Task failed container health checks", /container health check/],
  ["Scaling activity initiated by (deployment ecs-svc/123)", /service/],
  ["Host EC2 (instance i-1) terminated.", /host/],
  ["CannotPullContainerError: pull image manifest has been retried 5 time(s)", /image/],
  ["ResourceInitializationError: unable to pull secrets", /secrets/],
  ["OutOfMemoryError: Container killed due to memory usage", /memory/],
])("explains the stop reason %s", (reason, words) => {
  expect(englishOf(explainStoppedReason(reason))).toMatch(words);
  expect(englishOf(explainStoppedReason(reason))).not.toBe(reason);
});

test("codes that nobody knows yet pass through, also those that name object members", () => {
  for (const code of ["Target.BrandNew", "constructor", "__proto__"])
    expect(englishOf(explainTarget("unhealthy", code))).toBe(code);
  expect(englishOf(explainStopCode("toString"))).toBe("toString");
  expect(englishOf(explainStoppedReason("A new reason"))).toBe("A new reason");
  expect(englishOf(explainTaskState("HIBERNATING"))).toBe("HIBERNATING");
});

test.each([
  [0, /without an error/],
  [1, /code 1/],
  [137, /SIGKILL/],
  [143, /SIGTERM/],
  [130, /signal 2/],
  [255, /code 255/],
])("reads the exit code %i", (code, words) => expect(englishOf(explainExitCode(code))).toMatch(words));

test("one sentence says why a task stopped", () => {
  expect(
    englishOf(
      explainStoppedTask({
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        containers: [
          { name: "web", exitCode: 137 },
          { name: "agent", exitCode: 0 },
        ],
      }),
    ),
  ).toBe("An essential container exited: web killed (137, SIGKILL): out of memory, or it did not stop in time");
  expect(englishOf(explainStoppedTask({ containers: [] }))).toBe("Stopped");
});
