import * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { isOver, startNativeWorld } from "./native-fixture.ts";

const STAGES = [
  "PRE_SCALE_UP",
  "SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "BAKE_TIME",
  "CLEAN_UP",
];

test("a new service runs the stages too: its first revision goes to the group that does not serve, and both rules follow", async () => {
  const world = await startNativeWorld();
  await world.createService(await world.register("1.0.0"));
  const pending = await world.deployment();
  expect(pending).toMatchObject({ status: "PENDING", sourceServiceRevisions: [] });
  expect(pending.startedAt).toBeUndefined();
  const { deployment, stages } = await world.until(isOver, "deployed");
  expect(deployment.status).toBe("SUCCESSFUL");
  expect(stages).toEqual(STAGES);
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  expect(await world.weights(world.testRule)).toEqual({ blue: 0, green: 100 });
  expect([await world.targets(world.blue), await world.targets(world.green)]).toEqual([[], ["healthy", "healthy"]]);
  const revision = await world.revision(deployment.targetServiceRevision?.arn);
  expect(revision?.resolvedConfiguration?.loadBalancers).toEqual([
    { targetGroupArn: world.green, productionListenerRule: world.productionRule },
  ]);
  expect(revision?.loadBalancers?.[0]?.targetGroupArn).toBe(world.blue);
  expect(revision?.containerImages).toMatchObject([
    { containerName: "web", imageDigest: expect.stringMatching(/^sha256:/) },
  ]);
});

test("sides alternate, and the revision that serves no more has no resolved configuration", async () => {
  const world = await startNativeWorld();
  await world.createService(await world.register("1.0.0"));
  const first = (await world.until(isOver, "created")).deployment;
  await world.deploy("1.1.0");
  const { deployment } = await world.until(({ lifecycleStage }) => lifecycleStage === "BAKE_TIME" || false, "baking");
  expect(deployment).toMatchObject({
    status: "IN_PROGRESS",
    targetServiceRevision: { requestedTaskCount: 2, runningTaskCount: 2 },
    sourceServiceRevisions: [{ arn: first.targetServiceRevision?.arn, requestedTaskCount: 2, runningTaskCount: 2 }],
  });
  expect((await world.service()).deployments?.map(({ status }) => status)).toEqual(["PRIMARY", "ACTIVE"]);
  const done = (await world.until(isOver, "deployed")).deployment;
  expect(done.status).toBe("SUCCESSFUL");
  await world.pass(2);
  expect(await world.weights(world.productionRule)).toEqual({ blue: 100, green: 0 });
  expect(await world.targets(world.green)).toEqual([]);
  expect((await world.revision(first.targetServiceRevision?.arn))?.resolvedConfiguration).toBeUndefined();
  const { tasks } = await world.ecs.send(
    new Ecs.DescribeTasksCommand({
      cluster: "main",
      tasks: (await world.ecs.send(new Ecs.ListTasksCommand({ cluster: "main", serviceName: "web" }))).taskArns,
    }),
  );
  const number = done.targetServiceRevision?.arn?.split("/").at(-1);
  expect(tasks?.map((task) => task.startedBy)).toEqual([`ecs-svc/${number}`, `ecs-svc/${number}`]);
  expect(await world.events()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^\(service web\) registered 2 targets in \(target-group .*web-blue/),
      expect.stringMatching(/^\(service web\) has stopped 2 running tasks: /),
      `(service web) (deployment ecs-svc/${number}) deployment completed.`,
    ]),
  );
});
