import { expect, test } from "vitest";
import type { Observation } from "../domain/observation/observation.ts";
import { readReadiness } from "./readiness.ts";

/** Of two applications, with those looked at that are named. */
const world = (looked: string[], age = 0) => ({
  // Safe because only whether there is one counts.
  observer: { observation: (name: string) => (looked.includes(name) ? ({} as Observation) : null) },
  config: { applications: [{ name: "library" }, { name: "catalog" }] },
  startedAt: 0,
  now: () => age,
});

test.each([
  ["while it starts", null, false, "starting"],
  ["before the first look", world(["library"]), false, "starting: 1 of the applications not looked at yet"],
  ["once all were looked at", world(["library", "catalog"]), true, "ready"],
  ["when one cannot be looked at", world(["library"], 15_000), true, "ready"],
  ["while it stops", "stopping" as const, false, "stopping"],
])("%s", (_name, runtime, isReady, words) => {
  expect(readReadiness(runtime)).toEqual({ isReady, words });
});
