import {
  type Action,
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { createTestWorld, type TestWorld, until } from "../testing/test-world.ts";
import { acknowledgeDrift } from "./acknowledge-drift.ts";
import { addUnusedGroup } from "./add-unused-group.ts";
import { deploy } from "./deploy.ts";

/* A listener that forwards to blue alone, as every first one does, and the way out of it. */

let world: TestWorld;
let elb: ElasticLoadBalancingV2Client;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { requestLine: null, testListener: null },
    watchDrift: true,
  });
  await until(() => world.runtime.store.findLedger("library"));
  elb = new ElasticLoadBalancingV2Client({
    region: world.sandbox.place.region,
    endpoint: world.sandbox.url,
    credentials: ADMINISTRATOR,
  });
});
afterAll(async () => {
  elb.destroy();
  await world.close();
});

const application = () => {
  const found = world.runtime.observer.findApplication("library");
  if (!found) throw new Error("library is not there");
  return found;
};

async function actionsOf(): Promise<Action[]> {
  const { Listeners = [] } = await elb.send(
    new DescribeListenersCommand({ ListenerArns: [application().listener.arn] }),
  );
  return Listeners[0]?.DefaultActions ?? [];
}

async function forwardToBlueAlone(): Promise<void> {
  const { arn: ListenerArn } = application().listener;
  const TargetGroupArn = application().slots.blue.targetGroupArn;
  const { LoadBalancerArn } =
    (await elb.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn] }))).Listeners?.[0] ?? {};
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  for (const listener of Listeners)
    await elb.send(
      new ModifyListenerCommand({
        ListenerArn: listener.ListenerArn,
        DefaultActions: [{ Type: "forward", TargetGroupArn }],
      }),
    );
}

async function drifts() {
  await world.runtime.observer.refreshNow("library");
  return (await world.runtime.hub.snapshot("library"))?.drifts ?? [];
}

const add = (input: object = {}, role: "operator" | "viewer" = "operator") =>
  addUnusedGroup(world.as(role), {
    application: "library",
    to: "green",
    weights: { blue: 1, green: 0 },
    reason: "First release",
    ...input,
  });
const groupsOf = (actions: readonly Action[]) =>
  (actions.at(-1)?.ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn = "", Weight }) => [
    TargetGroupArn.split("/").at(-2),
    Weight,
  ]);

test("the idle side's group is added at weight 0, audited, and a release that was refused is then accepted", async () => {
  await forwardToBlueAlone();
  expect(await add({}, "viewer")).toMatchObject({ ok: false, code: "FORBIDDEN" });
  // What the test did is somebody's change, until it is acknowledged; then it is the missing group that is in the way.
  const refused = await until(async () => {
    for (const { id: drift } of await drifts())
      await acknowledgeDrift(world.as("operator"), { application: "library", drift });
    const found = await deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" });
    return !found.ok && found.code === "DRIFT_NOT_ACKNOWLEDGED" ? null : found;
  });
  expect(refused).toMatchObject({ ok: false, code: "STANDBY_NOT_HEALTHY" });
  // What was shown does not hold any more, or is the other side: nothing is written.
  expect(await add({ weights: { blue: 100, green: 0 } })).toMatchObject({ ok: false, code: "RECEIPT_OUTDATED" });
  expect(await add({ to: "blue" })).toMatchObject({ ok: false, code: "NOT_OFFERED" });
  expect(groupsOf(await actionsOf())).toEqual([["library-blue-tg", 1]]);

  expect(await add()).toMatchObject({
    ok: true,
    value: { side: "green", targetGroupName: "library-green-tg", writes: [{ name: "library-alb HTTP:80" }] },
  });
  expect(groupsOf(await actionsOf())).toEqual([
    ["library-blue-tg", 1],
    ["library-green-tg", 0],
  ]);
  expect(await add()).toMatchObject({ ok: false, code: "NOT_OFFERED" });

  const rows = await world.runtime.store.listAudit({ application: "library" }, { limit: 20 });
  expect(rows.items.filter(({ action }) => action === "listener.group-added").map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining(["done", "refused"]),
  );
  // Nor is it told as somebody else's change.
  expect(await drifts()).toEqual([]);
  expect(await deploy(world.as("operator"), { application: "library", imageTag: "1.1.0" })).toMatchObject({ ok: true });
});
