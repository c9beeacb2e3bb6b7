import { expect, test } from "vitest";
import type { Application } from "../domain/application/application.ts";
import { judgeLook } from "../domain/drift/ledger.ts";
import { startLibraryWorld, until } from "../testing/library-world.ts";
import { assembleObservation } from "./assemble-observation.ts";
import { createFacts, serviceKey } from "./facts.ts";
import { gatherEcs } from "./gather-ecs.ts";
import { forwardCallsOf, gatherElb, gatherElbSettings } from "./gather-elb.ts";

const HOW = { priority: "action", now: Date.now } as const;

async function startWorld() {
  const world = await startLibraryWorld();
  const facts = createFacts(world.aws);
  const gather = async (applications: readonly Application[]) => {
    await Promise.all([
      gatherEcs(world.aws, applications, facts, HOW),
      gatherElb(world.aws, applications, facts, HOW),
      gatherElbSettings(world.aws, applications, facts, HOW),
    ]);
    return applications.map((application) => assembleObservation(application, facts, Date.now(), 60_000));
  };
  return { ...world, facts, gather };
}

test("thirty applications of one cluster take no more ECS calls than one", async () => {
  const { application, sandbox, gather } = await startWorld();
  const many = Array.from({ length: 30 }, (_, index) => ({ ...application, name: `library-${index}` }));
  // Tasks that have only just been listed are what the next round describes.
  await until(async () => (await gather([application])).every(({ slots }) => slots.blue.tasks.length > 0), "tasks");
  sandbox.calls.reset();
  const observations = await gather(many);
  expect(observations).toHaveLength(30);
  expect(observations.every((o) => o.sources.every((source) => source.state === "ok"))).toBe(true);
  const counts = Object.fromEntries(Object.entries(sandbox.calls.counts()).map(([key, { count }]) => [key, count]));
  expect(counts).toEqual({
    "ecs.DescribeServices": 1,
    "ecs.ListTasks": 2,
    "ecs.DescribeTasks": expect.any(Number),
    "elbv2.DescribeListeners": 1,
    "elbv2.DescribeTargetHealth": 2,
  });
  expect(counts["ecs.DescribeTasks"]).toBeLessThanOrEqual(2);
  expect(forwardCallsOf(many)).toBe(1);
});

test("a target group or listener that is gone spoils only its own application", async () => {
  const { application, gather } = await startWorld();
  const arn = application.slots.green.targetGroupArn.replace(/[0-9a-f]{16}$/, "0123456789abcdef");
  const listener = {
    ...application.listener,
    arn: application.listener.arn.replace(/[0-9a-f]{16}$/, "0123456789abcdef"),
  };
  const noGroup = {
    ...application,
    name: "no-group",
    slots: { ...application.slots, green: { ...application.slots.green, targetGroupArn: arn } },
  };
  const noListener = { ...application, name: "no-listener", listener };
  const [good, first, second] = await gather([application, noGroup, noListener]);
  expect(good?.sources.map((source) => source.state)).toEqual(["ok", "ok"]);
  expect(first?.sources[1]).toMatchObject({ state: "error", message: /TargetGroupNotFound/ });
  expect(second?.sources[1]).toMatchObject({ state: "error", message: /ListenerNotFound/ });
  expect(second?.traffic).toMatchObject({ live: "unknown", drift: expect.stringContaining("ListenerNotFound") });
  expect(second?.slots.blue.tasks.length).toBe(good?.slots.blue.tasks.length);
});

test("asks service by service once a cluster has more tasks than pages are worth", async () => {
  const { application, aws, facts, gather, calls } = await startWorld();
  const { cluster } = application;
  await aws.ecs.updateService({ cluster, service: "library-green-service", desired: 230 }, "action");
  const count = async () => {
    await gather([application]);
    return facts.tasks.find(serviceKey(cluster, "library-green-service"))?.value?.length;
  };
  await until(async () => (await count()) === 230, "230 tasks");
  expect(facts.taskPages.get(cluster)).toBe(3);
  const before = calls("ecs.ListTasks");
  await gather([application]);
  // Three pages of green's running tasks and one of each other list.
  expect(calls("ecs.ListTasks") - before).toBe(6);
  expect(facts.tasks.find(serviceKey(cluster, "library-blue-service"))?.value).toHaveLength(2);
});

test("what could not be read again is kept, with its age", async () => {
  const { application, fault, facts, gather } = await startWorld();
  await gather([application]);
  const readAt = facts.targets.find(application.slots.blue.targetGroupArn)?.readAt;
  fault("error", { service: "elbv2", remaining: null, code: "AccessDenied" });
  const [observation] = await gather([application]);
  expect(observation?.traffic.weights).toEqual({ blue: 100, green: 0 });
  expect(observation?.sources[1]).toMatchObject({ name: "elb", state: "error" });
  expect(facts.targets.find(application.slots.blue.targetGroupArn)?.readAt).toBe(readAt);
});

test("settings that may not be read are mentioned and spoil nothing", async () => {
  const { application, fault, gather } = await startWorld();
  fault("error", {
    service: "elbv2",
    operation: "DescribeTargetGroupAttributes",
    remaining: null,
    code: "AccessDenied",
  });
  const [observation] = await gather([application]);
  expect(observation?.sources[1]).toMatchObject({
    state: "ok",
    message: expect.stringContaining("elasticloadbalancing:DescribeTargetGroupAttributes"),
  });
  expect(observation?.slots.blue.deregistrationDelaySeconds).toBe(300);
});

test("a side whose task definition was not read yet is not one without, so that no drift is made of it", async () => {
  const { application, sandbox, gather } = await startWorld();
  sandbox.faults.add({
    service: "ecs",
    operation: "DescribeTaskDefinition",
    kind: "error",
    rate: 1,
    ms: 0,
    code: "AccessDeniedException",
    remaining: null,
    phase: "before",
  });
  const [unread] = await gather([application]);
  expect(unread?.slots.green).toMatchObject({ revision: null, isRevisionUnread: true });
  sandbox.faults.clear();
  const [read] = await gather([application]);
  expect(read?.slots.green.revision).not.toBeNull();
  expect(read?.slots.green).not.toHaveProperty("isRevisionUnread");
  if (!unread || !read) throw new Error("Nothing was seen");
  const atRest = { deployment: null, history: [] };
  const looks = (["ecs", "elb"] as const).map((name) => ({ name, state: "ok" as const, ageMs: 0 }));
  const ledger = judgeLook(null, { ...unread, sources: looks }, atRest);
  expect(judgeLook(ledger, read, atRest)?.drifts).toEqual([]);
});

test("an answer to an earlier question never replaces a later one", () => {
  const { services } = createFacts({} as never);
  const service = { desired: 1 } as never;
  services.record("a", service, 20);
  services.record("a", { desired: 9 } as never, 10);
  expect(services.find("a")?.value).toBe(service);
});
