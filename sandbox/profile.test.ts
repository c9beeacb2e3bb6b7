import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testClock } from "./clock.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";

const clock = testClock();
let sandbox: Sandbox;
let elb: ElasticLoadBalancingV2Client;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  sandbox = await createSandbox({ clock, ecs: { virtual: true }, profile: "aws", randomSeed: 3 });
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "s" };
  const shared = { endpoint: sandbox.url, region: sandbox.place.region, maxAttempts: 1, credentials };
  elb = new ElasticLoadBalancingV2Client(shared);
  logs = new CloudWatchLogsClient(shared);
});

afterAll(async () => {
  elb.destroy();
  logs.destroy();
  await sandbox.close();
});

/** Virtual targets answer nobody: which group a request went to is what the load balancer counted. */
async function groupOfARequest(): Promise<string | undefined> {
  const before = sandbox.elb.controls.stats().targetGroups;
  await (await fetch(sandbox.listenerUrl("library-alb:80"))).arrayBuffer();
  const after = sandbox.elb.controls.stats().targetGroups;
  return Object.keys(after).find((name) => after[name]?.requests !== before[name]?.requests);
}

test("with AWS's times a listener that was changed reads new at once, and requests follow within 14 s", async () => {
  clock.advance(60_000);
  const { TargetGroups = [] } = await elb.send(
    new DescribeTargetGroupsCommand({ Names: ["library-blue-tg", "library-green-tg"] }),
  );
  const arnOf = (name: string) => TargetGroups.find(({ TargetGroupName }) => TargetGroupName === name)?.TargetGroupArn;
  const [LoadBalancerArn = ""] = TargetGroups[0]?.LoadBalancerArns ?? [];
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const ListenerArn = Listeners.find(({ Port }) => Port === 80)?.ListenerArn;
  const TargetGroupsAfter = [
    { TargetGroupArn: arnOf("library-blue-tg"), Weight: 0 },
    { TargetGroupArn: arnOf("library-green-tg"), Weight: 100 },
  ];
  const DefaultActions = [{ Type: "forward" as const, ForwardConfig: { TargetGroups: TargetGroupsAfter } }];
  await elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions }));
  const read = await elb.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn ?? ""] }));
  expect(read.Listeners?.[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups).toEqual(TargetGroupsAfter);
  expect(await groupOfARequest()).toBe("library-blue-tg");
  clock.advance(14_000);
  expect(await groupOfARequest()).toBe("library-green-tg");
});

test("with AWS's times a container's line is found six seconds after it was written", async () => {
  const line = { timestamp: clock.now(), message: "hello" };
  sandbox.logs.sink.write("/ecs/library-management-task", "library/library/1", [line]);
  const find = async () =>
    (await logs.send(new FilterLogEventsCommand({ logGroupName: "/ecs/library-management-task" }))).events?.map(
      ({ message }) => message,
    );
  clock.advance(5_900);
  expect(await find()).not.toContain("hello");
  clock.advance(200);
  expect(await find()).toContain("hello");
});
