import { afterAll, beforeAll, expect, test } from "vitest";
import { notificationsSchema } from "../config/notifications-config.ts";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { deploy } from "../operations/deploy.ts";
import { rollBack } from "../operations/roll-back.ts";
import { switchTraffic } from "../operations/switch-traffic.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { type Receiver, startReceiver } from "../testing/notify-servers.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { createNotifier } from "./notifier.ts";

let world: TestWorld;
let receiver: Receiver;
beforeAll(async () => {
  [world, receiver] = await Promise.all([createTestWorld(), startReceiver()]);
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

test("people are told of a release that waits, is switched and rolled back, as the engine's own records say", async () => {
  const hook = { name: "hook", url: receiver.url, format: "generic", secret: "0123456789abcdef" };
  const notifier = createNotifier({
    store: world.runtime.store,
    config: { notifications: notificationsSchema.parse({ webhooks: [hook] }), applications: [] },
    now: world.runtime.now,
    baseUrl: "https://switchyard.example.com",
    log: () => undefined,
  });
  const tell = async () => {
    await notifier.recorded();
    await notifier.runOnce();
    return receiver.received.map(({ body }) => JSON.parse(body));
  };
  const operator = world.as("operator");

  const deployed = await onFreshLook(() =>
    deploy(operator, { application: "library", imageTag: "1.1.0", reason: "new search" }),
  );
  if (!deployed.ok) throw new Error(deployed.message);
  const { id } = deployed.value;
  expect(await tell()).toEqual([]);
  await untilDeployment(world, id, isAwaitingSwitch);
  expect(await tell()).toMatchObject([
    { event: "approval.wanted", title: "library: 1.1.0 on green waits for a person" },
  ]);

  const receipt = await until(async () => {
    const answer = await getReceipt(operator, "library", "green");
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const switched = await onFreshLook(() =>
    switchTraffic(operator, { application: "library", to: "green", receipt: receipt.hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  await untilDeployment(world, id, (deployment) => deployment.stage === "BAKE_TIME", 40_000);
  const afterSwitch = await tell();
  // Nobody sends requests here, so nothing can verify the switch.
  expect(afterSwitch.map(({ event }) => event)).toEqual(["approval.wanted", "traffic.switched", "switch.notProven"]);
  expect(afterSwitch[1]?.title).toBe("library: switched to 1.1.0 (green)");

  const back = await onFreshLook(() => rollBack(operator, { application: "library", reason: "slow" }));
  if (!back.ok) throw new Error(back.message);
  const ended = await untilDeployment(world, id, (deployment) => !isInFlight(deployment), 40_000);
  // The settings name no application to sweep, so it is told of the end.
  notifier.deploymentChanged(ended);
  const all = await tell();
  expect(all.at(-1)).toMatchObject({
    event: "deployment.rolledBack",
    title: "library: rolled back from 1.1.0 (green) to blue",
    url: `https://switchyard.example.com/library/deployments/${id}`,
  });
  expect(all.at(-1)?.text).toContain("slow");
  expect(new Set(all.map((body) => body.id)).size).toBe(all.length);
  expect(all).toHaveLength(4);
  await notifier.stop();
});
