import type { LoadBalancer } from "@aws-sdk/client-ecs";
import type { Rule, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import type { Application } from "../domain/application/application.ts";
import { findServedBlockers } from "../domain/rules/way-rules.ts";
import type { DrivenWorld } from "../testing/driven-world.ts";
import { startNativeDriver } from "../testing/native-world.ts";
import { assembleObservation } from "./assemble-observation.ts";
import { createFacts } from "./facts.ts";
import { gatherEcs } from "./gather-ecs.ts";
import { gatherElb, gatherElbSettings } from "./gather-elb.ts";
import { gatherServiceDeployments } from "./gather-service-deployments.ts";
import { gatherWaysIn } from "./gather-ways.ts";

/* A service that ECS deploys itself may have further load balancer entries: what leads to their groups leads to its sides. */

async function call<Output>({ sandbox }: DrivenWorld, on: "ecs" | "elb", operation: string, input: object) {
  const handler = sandbox[on].service.operations[operation];
  return (await handler?.(input, { requestId: "test", signal: new AbortController().signal })) as Output;
}

async function lookAt({ aws, sandbox }: DrivenWorld, application: Application) {
  const facts = createFacts(aws);
  const how = { priority: "action", now: () => sandbox.clock.now() } as const;
  await gatherEcs(aws, [application], facts, how);
  await gatherServiceDeployments(aws, [application], facts, how);
  await gatherElb(aws, [application], facts, how);
  await gatherElbSettings(aws, [application], facts, how);
  await gatherWaysIn(aws, [application], facts, how, Number.POSITIVE_INFINITY);
  return assembleObservation(application, facts, sandbox.clock.now(), Number.POSITIVE_INFINITY);
}

async function start() {
  const world = await startNativeDriver("orders");
  const application = await world.resolve();
  const { TargetGroups: [like] = [] } = await call<{ TargetGroups: TargetGroup[] }>(
    world,
    "elb",
    "DescribeTargetGroups",
    { TargetGroupArns: [application.slots.blue.targetGroupArn] },
  );
  const { Port, Protocol, VpcId, TargetType } = like ?? {};
  const group = async (Name: string) => {
    const input = { Name, Port, Protocol, VpcId, TargetType };
    const made = await call<{ TargetGroups: TargetGroup[] }>(world, "elb", "CreateTargetGroup", input);
    return made.TargetGroups[0]?.TargetGroupArn ?? "";
  };
  const ListenerArn = application.listener.arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "");
  const rule = async (Priority: number, path: string, weights: Record<string, number>) => {
    const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
    const made = await call<{ Rules: Rule[] }>(world, "elb", "CreateRule", {
      ...{ ListenerArn, Priority, Conditions: [{ Field: "path-pattern", Values: [path] }] },
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    });
    return made.Rules[0]?.RuleArn ?? "";
  };
  const [one, two] = [await group("orders-inner-1"), await group("orders-inner-2")];
  return { world, application, rule, one, two };
}

test("rules to a further entry's groups count: its own moves along, others keep a side from being replaced", async () => {
  const { world, application, rule, one, two } = await start();
  const productionRule = await rule(1, "/inner/*", { [one]: 100, [two]: 0 });
  const names = { cluster: application.cluster, services: ["orders-service"] };
  const { services } = await call<{ services: { loadBalancers: LoadBalancer[] }[] }>(
    world,
    "ecs",
    "DescribeServices",
    names,
  );
  const [first] = services[0]?.loadBalancers ?? [];
  const further = {
    ...first,
    targetGroupArn: one,
    advancedConfiguration: {
      ...{ alternateTargetGroupArn: two, productionListenerRule: productionRule },
      roleArn: first?.advancedConfiguration?.roleArn,
    },
  };
  const update = { cluster: application.cluster, service: "orders-service", loadBalancers: [first, further] };
  await call(world, "ecs", "UpdateService", { ...update, forceNewDeployment: true });
  await world.pass(60);
  const before = await lookAt(world, application);
  const live = before.traffic.live === "green" ? "green" : "blue";
  const idle = live === "blue" ? "green" : "blue";
  const along = before.waysIn?.ways.find(({ priority }) => priority === 1);
  expect(along).toMatchObject({ use: "production", through: ["orders-inner-1", "orders-inner-2"] });
  expect(along?.weights[live]).toBe(100);
  expect(findServedBlockers(before, idle)).toEqual([]);
  // Somebody sends requests to the group that the next version's tasks will be in.
  await rule(2, "/partner/*", { [along?.weights.blue === 100 ? two : one]: 1 });
  const after = await lookAt(world, application);
  expect(findServedBlockers(after, idle)).toMatchObject([
    { code: "STILL_SERVED", message: expect.stringMatching(/^Rule 2 \(path \/partner\/\*\) of orders-alb:80/) },
  ]);
});
