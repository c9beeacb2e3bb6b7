import { afterAll, beforeAll, expect, test } from "vitest";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 1 } });
});
afterAll(() => world.close());

test("a release that crashes ends with stop reason, exit code and last lines, and its side is put back", async () => {
  const before = world.runtime.observer.observation("library")?.slots.green.revision;
  const started = await onFreshLook(() =>
    deploy(world.as("operator"), { application: "library", imageTag: "1.3.0-crash" }),
  );
  if (!started.ok) throw new Error(started.message);
  const ended = await untilDeployment(world, started.value.id, (d) => !isInFlight(d), 60_000);
  expect(ended.status).toBe("STOPPED");
  expect(ended.statusReason).toMatch(/EssentialContainerExited, library, exit code 1/);
  expect(ended.evidence?.tasks[0]?.containers[0]).toMatchObject({ exitCode: 1 });
  expect(ended.evidence?.lines.length).toBeGreaterThan(0);
  expect((await world.runtime.observer.refreshNow("library")).slots.green.revision).toEqual(before);
  expect((await world.runtime.observer.refreshNow("library")).traffic.weights).toEqual({ blue: 100, green: 0 });
  const kept = await until(async () => {
    const tasks = await world.runtime.store.listStoppedTasks("library", 10);
    return tasks.find((stopped) => stopped.task.stopCode === "EssentialContainerExited") ?? null;
  });
  expect(kept.lastLines.length).toBeGreaterThan(0);
  const { store } = world.runtime;
  const incident = await until(() => store.findIncident("library", `i-${started.value.id}`));
  expect(incident).toMatchObject({ kind: "deployment-failed", deployment: { id: started.value.id }, missing: [] });
  expect(incident.title).toMatch(/Release to green .* was stopped: .*library, exit code 1/);
  expect(incident.changes?.map(({ field }) => field)).toContain("library: image");
  expect(new Set(incident.lines.map(({ slot }) => slot))).toEqual(new Set(["blue", "green"]));
  const told = incident.timeline.map(({ text }) => text).join("\n");
  expect(told).toMatch(/began the release to green/);
  expect(told).toMatch(/Task \w{8} stopped: An essential container exited: library, exit code 1/);
  const heads = await store.listIncidents("library", 10);
  expect(heads.map(({ kind }) => kind)).toContain("task-stopped");
});
