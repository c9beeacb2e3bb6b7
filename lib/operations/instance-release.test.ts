import { expect, onTestFinished, test } from "vitest";
import { createSandbox } from "../../sandbox/sandbox.ts";
import { isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import { joinTargets } from "../domain/observation/task-target.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { startLibraryWorld } from "../testing/library-world.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";
import { switchTraffic } from "./switch-traffic.ts";

test("tasks on instances are released and switched to, and none of their targets is a stranger", async () => {
  const world = await createTestWorld({ sandbox: { seed: "bridge", ecs: { virtual: true } }, watchDrift: true });
  onTestFinished(() => world.close());
  const operator = world.as("operator");
  const [slot] = [world.runtime.observer.observation("library")?.slots.blue];
  expect(slot?.targets.map(({ id, port }) => `${id}:${port}`).sort()).toEqual(
    slot?.tasks.map((task) => `${task.instanceId}:${task.containers[0]?.hostPorts?.[0]}`).sort(),
  );
  expect(slot?.tasks[0]).toMatchObject({ address: null, launchType: "EC2", logStream: expect.any(String) });

  const deployed = await onFreshLook(() => deploy(operator, { application: "library", imageTag: "1.1.0" }));
  if (!deployed.ok) throw new Error(deployed.message);
  await untilDeployment(world, deployed.value.id, isAwaitingSwitch, 60_000);
  const receipt = await until(async () => {
    const answer = await getReceipt(operator, "library", "green");
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const switched = await onFreshLook(() =>
    switchTraffic(operator, { application: "library", to: "green", receipt: receipt.hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  await untilDeployment(world, deployed.value.id, (d) => d.stage === "BAKE_TIME", 60_000);
  const { traffic, slots } = await world.runtime.observer.refreshNow("library");
  expect(traffic.weights).toEqual({ blue: 0, green: 100 });
  const answer = await (await fetch(world.sandbox.listenerUrl("library-alb:80"))).text();
  expect(slots.green.targets.map(({ id, port }) => `${id}:${port}`)).toContain(answer.trim());
  const ledger = await world.runtime.store.findLedger("library");
  expect(ledger?.drifts).toEqual([]);
  expect(ledger?.parts).toMatchObject({ "green.foreignTargets": "none", "green.missingTargets": "none" });
});

test("tasks in the network of their host have the host's ports", async () => {
  const { controller, application } = await startLibraryWorld({ sandbox: { seed: "host" } });
  const { tasks, targets } = await until(async () => {
    const { blue } = (await controller.observe(application)).slots;
    return blue.counts.healthy === 2 ? blue : null;
  });
  expect(new Set(targets.map(({ id }) => id)).size).toBe(2);
  expect(targets.map(({ port }) => port)).toEqual([8081, 8081]);
  expect(joinTargets(tasks, targets)).toMatchObject({ strangers: [] });
  expect(tasks.map((task) => joinTargets(tasks, targets).targetsOf(task).length)).toEqual([1, 1]);
});

test("requests to a port of an instance reach the process behind it", async () => {
  const sandbox = await createSandbox({ seed: "bridge", speed: 4, throttling: false });
  onTestFinished(() => sandbox.close());
  const response = await until(async () => {
    const answer = await fetch(sandbox.listenerUrl("library-alb:80"));
    return answer.status === 200 ? answer : null;
  });
  expect(response.headers.get("content-type")).toMatch(/html|json/);
}, 70_000);
