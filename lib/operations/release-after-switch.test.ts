import { afterAll, beforeAll, expect, test } from "vitest";
import type { Step } from "../domain/decide/decision.ts";
import { runStep } from "../engine/run-step.ts";
import type { StepTools } from "../engine/step-tools.ts";
import { ended, idOf, onFreshLook, pressed } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";

/* A look of a moment ago still takes the side that has just become live for the other one. */

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ application: { bakeMinutes: 0, requestLine: null } });
  await until(async () => (await world.runtime.observer.refreshNow("library")).slots.green.counts.healthy === 2);
});

afterAll(() => world.close());

test("a release right after a switch replaces the side that is not live any more, whatever was seen before", async () => {
  const before = await world.runtime.observer.refreshNow("library");
  expect(before.traffic.weights).toEqual({ blue: 100, green: 0 });
  await ended(world, await pressed(world, "green"));

  const asked = world.as("operator");
  const runtime = {
    ...asked.runtime,
    observer: { ...asked.runtime.observer, observation: () => ({ ...before, observedAt: asked.runtime.now() }) },
  };
  const deployed = await onFreshLook(() =>
    deploy({ ...asked, runtime }, { application: "library", imageTag: "1.1.0" }),
  );
  expect(deployed).toMatchObject({ ok: true, value: { from: "green", to: "blue" } });
  const updates = () => world.sandbox.calls.journal().filter((call) => call.operation === "UpdateService");
  await until(() => updates().length > 0);
  expect(updates().map(({ input }) => input)).toMatchObject([{ service: "library-blue-service" }]);

  // And where the engine itself has nothing newer, the listener has the last word.
  const application = world.runtime.observer.findApplication("library");
  const controller = world.runtime.controllers["paired-services"];
  const deployment = await world.runtime.store.findDeployment(idOf(deployed));
  const revision = before.slots.blue.revision;
  if (!application || !controller || !deployment || !revision) throw new Error("The world is not as laid");
  const step: Step = { type: "startSide", slot: "green", revision, desired: 2, purpose: "release" };
  const tools = { application, controller, observation: before, now: world.runtime.now } as StepTools;
  await expect(runStep(deployment, step, tools)).rejects.toThrow("The listener holds blue 0, green 100");
  expect(updates()).toHaveLength(1);
});
