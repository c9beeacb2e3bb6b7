import * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { awaited, blueGreen, isOver, pauseAt, startNativeWorld } from "./native-fixture.ts";

test("a second update is accepted, stops the first within a second, and reconciles before its own stages", async () => {
  const world = await startNativeWorld();
  await world.created();
  const first = await world.deploy("1.1.0", {
    deploymentConfiguration: {
      strategy: "CANARY",
      bakeTimeInMinutes: 0,
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 10 },
      lifecycleHooks: [pauseAt("PRE_PRODUCTION_TRAFFIC_SHIFT")],
    },
  });
  await world.until((deployment) => awaited(deployment) !== undefined, "paused");
  await world.answer("CONTINUE");
  const paused = (await world.until((deployment) => awaited(deployment) !== undefined, "paused half-way")).deployment;
  const hookId = awaited(paused)?.hookId;
  expect(await world.weights(world.productionRule)).toEqual({ blue: 10, green: 90 });

  const at = world.clock.now();
  await world.deploy("1.0.0", { deploymentConfiguration: blueGreen([pauseAt("RECONCILE_SERVICE")]) });
  expect((await world.deployment(first)).status).toBe("STOP_REQUESTED");
  await world.pass(0.5);
  const stopped = await world.deployment(first);
  expect(stopped.status).toBe("STOPPED");
  expect((stopped.finishedAt?.getTime() ?? 0) - at).toBeLessThan(1000);
  // The pause that it had still reads AWAITING_ACTION, and cannot be answered.
  expect(awaited(stopped)?.hookId).toBe(hookId);
  await expect(
    world.ecs.send(new Ecs.ContinueServiceDeploymentCommand({ serviceDeploymentArn: first, hookId })),
  ).rejects.toThrow(/terminal states/);

  const reconciled = (await world.until((deployment) => awaited(deployment) !== undefined, "reconciled")).deployment;
  expect(reconciled.lifecycleStage).toBe("RECONCILE_SERVICE");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  expect(await world.targets(world.blue)).toEqual([]);
  await world.answer("CONTINUE");
  const { deployment, stages } = await world.until(isOver, "deployed");
  expect(deployment.status).toBe("SUCCESSFUL");
  expect(stages.slice(0, 3)).toEqual(["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"]);
  expect(await world.weights(world.productionRule)).toEqual({ blue: 100, green: 0 });
});

test("one that is rolling back is superseded too, and its goal stays what can be gone back to", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([], { bakeTimeInMinutes: 5 }) });
  await world.until(({ lifecycleStage }) => lifecycleStage === "BAKE_TIME", "baking");
  await world.stop();
  await world.until(({ status }) => status === "ROLLBACK_IN_PROGRESS", "on the way back");
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([pauseAt("POST_SCALE_UP")]) });
  await world.until((deployment) => awaited(deployment) !== undefined, "paused");
  await world.answer("ROLLBACK");
  expect((await world.until(isOver, "rolled back")).deployment.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
});
