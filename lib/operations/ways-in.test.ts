import {
  type Action,
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlotColor } from "../domain/observation/slot.ts";
import { otherColor } from "../domain/observation/slot.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";
import { LIBRARY_SETTINGS } from "../testing/library-settings.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { abortAll, ended, idOf, pressed, receipt, standby } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";
import { retireSide } from "./retire-side.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* A load balancer has more ways in than the one that is configured. */

let world: TestWorld;
let elb: ElasticLoadBalancingV2Client;
const rules: string[] = [];
const listeners: string[] = [];

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
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
beforeEach(() => until(async () => (await receipt(world, await standby(world))).blockers.length === 0, 30_000));
afterEach(async () => {
  world.sandbox.faults.clear();
  for (const RuleArn of rules.splice(0)) await elb.send(new DeleteRuleCommand({ RuleArn }));
  for (const ListenerArn of listeners.splice(0)) await elb.send(new DeleteListenerCommand({ ListenerArn }));
  await abortAll(world);
  await world.runtime.observer.refreshNow("library", { withWays: true });
});

const PATH: RuleCondition = { Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } };
const HOST: RuleCondition = { Field: "host-header", HostHeaderConfig: { Values: ["partner.example.com"] } };
const RULE_5 = "Rule 5 (path /api/*) of library-alb:80";

async function groupArn(name: string): Promise<string> {
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({ Names: [name] }));
  return TargetGroups[0]?.TargetGroupArn ?? "";
}
const forward = async (to: SlotColor): Promise<Action[]> => [
  { Type: "forward", TargetGroupArn: await groupArn(`library-${to}-tg`) },
];

const GONE: Action[] = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "410" } }];

/** Somebody adds a rule to the listener on port 80, or another one of the load balancer; one to nobody answers by itself. */
async function addRule(
  priority: number,
  condition: RuleCondition,
  to: SlotColor | null | Action[],
  port = 80,
): Promise<void> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: ["library-alb"] }));
  const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const ListenerArn = Listeners.find(({ Port }) => Port === port)?.ListenerArn;
  const created = await elb.send(
    new CreateRuleCommand({
      ListenerArn,
      Priority: priority,
      Conditions: [condition],
      Actions: Array.isArray(to) ? to : to ? await forward(to) : GONE,
    }),
  );
  rules.push(created.Rules?.[0]?.RuleArn ?? "");
}

/** Somebody adds a listener to this load balancer, or to a new one. */
async function addListener(loadBalancer: string, port: number, to: SlotColor): Promise<void> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [loadBalancer] }));
  const created = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: port,
      DefaultActions: await forward(to),
    }),
  );
  listeners.push(created.Listeners?.[0]?.ListenerArn ?? "");
}

const deployTo = (imageTag = "1.1.0") => deploy(world.as("operator"), { application: "library", imageTag });
const clickOn = ({ to, hash }: Pick<Receipt, "to" | "hash">) =>
  switchTraffic(world.as("operator"), { application: "library", to, receipt: hash });
const get = async (path: string, host = "library.example.com") =>
  (await fetch(`${world.sandbox.listenerUrl("library-alb:80")}${path}`, { headers: { host } })).status;

test("an old side that another rule still serves is not retired, and the refusal names the rule", async () => {
  const to = await standby(world);
  const from = otherColor(to);
  await addRule(5, PATH, from);
  // A receipt may show ways that are seconds old, and the click would outdate it.
  await world.runtime.observer.refreshNow("library", { withWays: true });
  const id = await pressed(world, to);
  await ended(world, id);
  const refused = await retireSide(world.as("operator"), { deploymentId: id });
  expect(refused).toMatchObject({ ok: false, code: "STILL_SERVED", message: `${RULE_5} sends traffic to ${from}` });
  expect((await world.runtime.observer.refreshNow("library")).slots[from].counts.desired).toBe(2);
  expect(await get("/api/books")).toBe(200);
  // Nor by whoever does not ask the rules: the last word is a fresh read.
  const deployment = await world.runtime.store.findDeployment(id);
  if (!deployment) throw new Error("The deployment is gone");
  await world.runtime.engine.retire(deployment, from, [id]);
  const journal = await until(async () => {
    const lines = await world.runtime.store.listJournal(id);
    return lines.some(({ phase, step }) => step === "retire" && phase === "failed") ? lines : null;
  });
  expect(journal.at(-1)?.message).toBe(`${RULE_5} sends traffic to ${from}: nothing was stopped`);
  expect((await world.runtime.observer.refreshNow("library")).slots[from].counts.desired).toBe(2);
});

test("no version that nobody switched to reaches those whom a rule sends to the standby side", async () => {
  const side = await standby(world);
  await addRule(5, HOST, side);
  const refused = await deployTo("1.5.0-errors");
  expect(refused).toMatchObject({
    ok: false,
    code: "STILL_SERVED",
    message: `Rule 5 (host partner.example.com) of library-alb:80 sends traffic to ${side}`,
  });
  expect(await get("/", "partner.example.com")).toBe(200);
});

test("a second listener counts as a rule does", async () => {
  const side = await standby(world);
  await addListener("library-alb", 8443, side);
  expect(await deployTo()).toMatchObject({
    ok: false,
    code: "STILL_SERVED",
    message: `The default action of library-alb:8443 sends traffic to ${side}`,
  });
});

test("a way in that earlier rules leave no request does not count, one that they leave some does", async () => {
  const side = await standby(world);
  await addRule(5, PATH, null);
  await addRule(6, { Field: "path-pattern", PathPatternConfig: { Values: ["/api/v2/*", "/other"] } }, side);
  await addListener("library-alb", 8443, side);
  await addRule(1, { Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }, null, 8443);
  const refused = await deployTo();
  expect(refused).toMatchObject({
    code: "STILL_SERVED",
    message: `Rule 6 (path /api/v2/* or /other) of library-alb:80 sends traffic to ${side}`,
  });
  await addRule(4, { Field: "path-pattern", PathPatternConfig: { Values: ["/othe?"] } }, null);
  const { traffic } = await world.runtime.observer.refreshNow("library", { withWays: true });
  // Rule 6 pins nobody to the side any more.
  expect(traffic.earlierRules?.map(({ priority }) => priority)).toEqual([4, 5]);
  const { waysIn } = await receipt(world, side);
  expect(waysIn?.find(({ priority }) => priority === 6)?.shadowedBy).toBe(
    "Rules 4, 5 come first and take all of its requests between them",
  );
  expect(waysIn?.find(({ listener }) => listener === "library-alb:8443")?.shadowedBy).toBe(
    "Rule 1 comes first and takes every request",
  );
  expect(await deployTo()).toMatchObject({ ok: true });
});

test("a rule that somebody adds between the click and the start of the side ends the release, naming it", async () => {
  const side = await standby(world);
  const before = (await world.runtime.observer.refreshNow("library")).slots[side].revision;
  world.sandbox.faults.add({
    service: "ecs",
    operation: "RegisterTaskDefinition",
    kind: "throttle",
    rate: 1,
    ms: 0,
    remaining: 4,
    phase: "before",
  });
  const id = idOf(await deployTo());
  await addRule(5, PATH, side);
  const done = await ended(world, id);
  expect(done.status).toBe("STOPPED");
  expect(done.statusReason).toContain(`${RULE_5} sends traffic to ${side}`);
  expect((await world.runtime.observer.refreshNow("library")).slots[side].revision).toEqual(before);
});

test("while rules cannot be read, a side may be served: nothing is replaced", async () => {
  world.sandbox.faults.add({
    service: "elbv2",
    operation: "DescribeRules",
    kind: "error",
    code: "AccessDeniedException",
    rate: 1,
    ms: 0,
    remaining: null,
    phase: "before",
  });
  const refused = await deployTo();
  expect(refused).toMatchObject({ ok: false, code: "WAYS_IN_UNKNOWN" });
  expect(JSON.stringify(refused)).toContain("elasticloadbalancing:DescribeRules");
});

test("a receipt says which ways move and which stay, and does not outlive a rule that somebody adds", async () => {
  const to = await standby(world);
  const first = await receipt(world, to);
  expect(first.waysIn?.map(({ listener, use }) => `${listener} ${use}`)).toEqual([
    "library-alb:80 production",
    "library-alb:81 other",
  ]);
  await addRule(5, PATH, otherColor(to));
  const refused = await clickOn(first);
  expect(refused).toMatchObject({ ok: false, code: "RECEIPT_OUTDATED" });
  const second = await receipt(world, to);
  expect(second.waysIn).toContainEqual(
    expect.objectContaining({
      priority: 5,
      takes: "path /api/*",
      use: "other",
      weights: { ...{ blue: 0, green: 0 }, [otherColor(to)]: 1 },
    }),
  );
});

test("a listener that somebody adds between receipt and click is read at the click, with its first receipt", async () => {
  const to = await standby(world);
  const read = await receipt(world, to);
  await addListener("library-alb", 8443, otherColor(to));
  const before = world.shifts();
  const refused = await clickOn(read);
  expect(refused).toMatchObject({ ok: false, code: "RECEIPT_OUTDATED" });
  expect(world.shifts()).toBe(before);
});

test("an earlier rule for every request that is added after the receipt keeps a switch from being made", async () => {
  const to = await standby(world);
  const read = await receipt(world, to);
  await addRule(1, { Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }, otherColor(to));
  const before = world.shifts();
  const refused = await clickOn(read);
  expect(refused).toMatchObject({ ok: false, code: "LISTENER_DRIFT" });
  expect(world.shifts()).toBe(before);
});

/** Somebody has the side's service register its tasks with these groups. */
async function registerWith(side: SlotColor, ...groups: string[]): Promise<void> {
  const loadBalancers = groups.map((targetGroupArn) => ({
    targetGroupArn,
    containerName: "library",
    containerPort: 8081,
  }));
  await world.sandbox.ecs.service.operations.UpdateService?.(
    { cluster: LIBRARY_SETTINGS.cluster, service: `library-${side}-service`, loadBalancers },
    { requestId: "test", signal: new AbortController().signal },
  );
  await until(async () => {
    const { counts, rollout } = (await world.runtime.observer.refreshNow("library")).slots[side];
    return counts.healthy === 2 && rollout === null;
  });
}

test("a further target group that a side's tasks are registered with is a way in, too", async () => {
  const side = await standby(world);
  const own = await groupArn(`library-${side}-tg`);
  const { TargetGroups: [like] = [] } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [own] }));
  const { Port, Protocol, VpcId, TargetType } = like ?? {};
  const made = await elb.send(
    new CreateTargetGroupCommand({ Name: "library-internal-tg", Port, Protocol, VpcId, TargetType }),
  );
  const internal = made.TargetGroups?.[0]?.TargetGroupArn ?? "";
  await addRule(7, PATH, [{ Type: "forward", TargetGroupArn: internal }]);
  await registerWith(side, own, internal);
  try {
    expect(await deployTo()).toMatchObject({
      ok: false,
      code: "STILL_SERVED",
      message: `Rule 7 (path /api/*) of library-alb:80 (through library-internal-tg) sends traffic to ${side}`,
    });
    await world.runtime.observer.refreshNow("library", { withWays: true });
    const { waysIn } = await receipt(world, side);
    expect(waysIn).toContainEqual(
      expect.objectContaining({
        priority: 7,
        use: "other",
        through: ["library-internal-tg"],
        weights: { ...{ blue: 0, green: 0 }, [side]: 1 },
      }),
    );
  } finally {
    await registerWith(side, own);
    for (const RuleArn of rules.splice(0)) await elb.send(new DeleteRuleCommand({ RuleArn }));
    await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: internal }));
  }
});

/** Somebody turns stickiness between the target groups of port 80 on, or off; weights stay. */
async function setGroupStickiness(seconds: number | null): Promise<void> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: ["library-alb"] }));
  const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const listener = Listeners.find(({ Port }) => Port === 80);
  const [action] = listener?.DefaultActions ?? [];
  const TargetGroupStickinessConfig =
    seconds === null ? { Enabled: false } : { Enabled: true, DurationSeconds: seconds };
  await elb.send(
    new ModifyListenerCommand({
      ListenerArn: listener?.ListenerArn,
      DefaultActions: [
        {
          Type: "forward",
          ForwardConfig: { TargetGroups: action?.ForwardConfig?.TargetGroups, TargetGroupStickinessConfig },
        },
      ],
    }),
  );
  await world.runtime.observer.refreshNow("library", { withWays: true });
}

test("clients whose cookie keeps them at the old side are served there: it is neither stopped nor given another version", async () => {
  const to = await standby(world);
  const from = otherColor(to);
  await setGroupStickiness(36_000);
  try {
    const url = world.sandbox.listenerUrl("library-alb:80");
    const first = await fetch(url);
    const cookie = first.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    const id = await pressed(world, to);
    await ended(world, id);
    const said = {
      ok: false,
      code: "STILL_SERVED",
      message: expect.stringMatching(
        new RegExp(`^library-alb HTTP:80 keeps clients at ${from} by cookie until \\d{4}-`),
      ),
    };
    expect(await retireSide(world.as("operator"), { deploymentId: id })).toMatchObject(said);
    expect(await deployTo("1.5.0-errors")).toMatchObject(said);
    expect((await fetch(url, { headers: { cookie } })).status).toBe(200);
  } finally {
    await setGroupStickiness(null);
  }
  // Without stickiness the cookie counts for nothing.
  expect(await deployTo()).toMatchObject({ ok: true });
});
