import { expect, test } from "vitest";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import { finishedRow, stoppedTask } from "@/lib/testing/test-rows.ts";
import { deploymentMarkers, taskMarkers } from "./switch-markers.ts";

const words = (markers: { text: Sentence }[]) => markers.map(({ text }) => inEnglish(text));

test("marks a deployment's beginning, each of its steps, its switch and its end", () => {
  const step = { bakeMinutes: 1, readBackMs: 1, bakeUntil: null };
  const deployment = finishedRow("d-1", 1000, {
    steps: [
      { ...step, percent: 10, weights: { blue: 90, green: 10 }, shiftedAt: 2000 },
      { ...step, percent: 100, weights: { blue: 0, green: 100 }, shiftedAt: null },
    ],
    stages: [{ stage: "PRODUCTION_TRAFFIC_SHIFT", status: "SUCCEEDED", startedAt: 2000, finishedAt: 3000 }],
    retired: { slot: "blue", at: 9000 },
  });
  expect(words(deploymentMarkers(deployment))).toEqual([
    "release to green began",
    "green gets 10 %, 90/10",
    "switched to green",
    "blue was retired",
  ]);
});

test("marks when a task ran and stopped, and why", () => {
  const markers = taskMarkers({ blue: { tasks: [stoppedTask("3e91c0d2f1", 5000)] }, green: { tasks: [] } });
  expect(words(markers)).toEqual([
    "task 3e91c0d2 of blue ran",
    "task 3e91c0d2 of blue stopped: An essential container exited: library, exit code 1",
  ]);
});
