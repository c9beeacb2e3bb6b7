import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import type { Store } from "../store/store.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { until } from "../testing/test-world.ts";
import { createEventConsumer, type EventConsumer } from "./event-consumer.ts";

/* Events of ECS and CodeDeploy out of a queue: late, twice, out of order, hostile, refused. They only ever have somebody look. */

const QUEUE = "made-events";
let sandbox: Sandbox;
let aws: Aws;
let store: Store;
let looked: string[] = [];
let logged: string[] = [];
let queueUrl = "";
let queues = 0;

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  [sandbox, store] = await Promise.all([createSandbox({ seed: false, throttling: false }), createMemoryStore()]);
  aws = createAws({ region: sandbox.place.region, endpoint: sandbox.url });
});
afterAll(async () => {
  aws.destroy();
  await Promise.all([sandbox.close(), store.close()]);
});
beforeEach(() => {
  sandbox.faults.clear();
  sandbox.sqs.setDelivery({ duplicates: 0, disorderMs: 0 });
  [looked, logged] = [[], []];
  queues += 1;
  queueUrl = `${sandbox.url}/${sandbox.place.accountId}/${QUEUE}-${queues}`;
  sandbox.sqs.addQueue(`${QUEUE}-${queues}`);
});

function application(name: string): Application {
  const slot = { service: `${name}-service` };
  const { accountId, region } = sandbox.place;
  const codeDeploy = { application: name, group: `${name}-group` };
  return { name, accountId, region, cluster: "main", slots: { blue: slot, green: slot }, codeDeploy } as Application;
}

function start(holder = "replica-1"): EventConsumer {
  const consumer = createEventConsumer({
    ...{ queueUrl, queues: aws.queues, region: sandbox.place.region, store, holder, now: Date.now },
    applications: () => [application("orders"), application("members")],
    look: async (name) => looked.push(name),
    isLookedAt: () => true,
    log: (_level, message) => logged.push(message),
    ...{ againMs: 20, looksEveryMs: 1 },
  });
  onTestFinished(() => consumer.stop());
  consumer.start();
  return consumer;
}

let events = 0;
function taskEvent(service: string, detail: object = {}, changes: object = {}): string {
  events += 1;
  const { accountId: account, region } = sandbox.place;
  const arn = `arn:aws:ecs:${region}:${account}`;
  return JSON.stringify({
    ...{ version: "0", id: `e-${events}`, source: "aws.ecs", "detail-type": "ECS Task State Change", account, region },
    detail: { clusterArn: `${arn}:cluster/main`, group: `service:${service}`, taskArn: `${arn}:task/1`, ...detail },
    ...changes,
  });
}

const send = (body: string) => sandbox.sqs.send(`${QUEUE}-${queues}`, body);
const isEmpty = () => sandbox.sqs.waiting(`${QUEUE}-${queues}`) === 0;

test("an event has its application looked at, and its message is gone then", async () => {
  const consumer = start();
  send(taskEvent("orders-service"));
  await until(() => looked.length > 0 && isEmpty());
  expect(looked).toEqual(["orders"]);
  expect(consumer.use()).toMatchObject({ state: "reading", received: 1, dropped: 0, looks: 1 });
});

test("what CodeDeploy tells has the application of its deployment group looked at, and that one alone", async () => {
  const consumer = start();
  const group = (name: string) => ({ application: name, deploymentGroup: `${name}-group`, deploymentId: "d-1" });
  const of = { source: "aws.codedeploy", "detail-type": "CodeDeploy Deployment State-change Notification" };
  send(taskEvent("x", {}, { ...of, detail: { ...group("orders"), deploymentGroup: "members-group" } }));
  send(taskEvent("x", {}, { ...of, detail: { ...group("members"), state: "READY" } }));
  await until(() => looked.length > 0 && isEmpty());
  expect(looked).toEqual(["members"]);
  expect(consumer.use()).toMatchObject({ received: 2, dropped: 0, looks: 1 });
});

test("what comes twice or is overtaken by a newer version leads to no further look", async () => {
  sandbox.sqs.setDelivery({ duplicates: 1 });
  const consumer = start();
  send(taskEvent("orders-service", { version: 5 }));
  await until(() => consumer.use().received === 2 && looked.length === 1);
  sandbox.sqs.setDelivery({ duplicates: 0 });
  send(taskEvent("orders-service", { version: 4 }));
  await until(() => consumer.use().received === 3 && isEmpty());
  expect(consumer.use()).toMatchObject({ repeated: 2, looks: 1 });
  send(taskEvent("orders-service", { version: 6 }));
  await until(() => looked.length === 2);
});

test("hostile and strange messages are dropped, counted and deleted, and the next is read", async () => {
  const consumer = start();
  for (const body of ["{", "", taskEvent("orders-service", {}, { source: "evil" }), "x".repeat(250_000)]) send(body);
  send(taskEvent("orders-service", {}, { region: "mars-1" }));
  // Of services that nobody here has, and of another account: no look.
  send(taskEvent("unknown-service"));
  send(taskEvent("orders-service", {}, { account: "999999999999" }));
  send(taskEvent("members-service"));
  await until(() => looked.length > 0 && isEmpty());
  expect(looked).toEqual(["members"]);
  expect(consumer.use()).toMatchObject({ received: 8, dropped: 5 });
});

test("an event of another cluster, account or service outdates none of this one's, whatever task it names", async () => {
  start();
  const version = Number.MAX_SAFE_INTEGER;
  const { accountId, region } = sandbox.place;
  send(taskEvent("orders-service", { version, clusterArn: `arn:aws:ecs:${region}:${accountId}:cluster/other` }));
  send(taskEvent("orders-service", { version }, { account: "999999999999" }));
  send(taskEvent("members-service", { version }));
  await until(() => looked.length === 1 && isEmpty());
  send(taskEvent("orders-service", { version: 5 }));
  await until(() => looked.length === 2);
  expect(looked).toEqual(["members", "orders"]);
});

test("a flood leads to no more than a look at a time and one after it", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const consumer = createEventConsumer({
    ...{ queueUrl, queues: aws.queues, region: sandbox.place.region, store, holder: "flood", now: Date.now },
    applications: () => [application("orders")],
    look: () => {
      looked.push("orders");
      return held;
    },
    isLookedAt: () => true,
    log: () => undefined,
    ...{ againMs: 20, looksEveryMs: 1 },
  });
  for (let count = 0; count < 200; count += 1) send(taskEvent("orders-service"));
  consumer.start();
  await until(() => consumer.use().received === 200);
  expect(looked).toHaveLength(1);
  release();
  await until(() => looked.length === 2);
  await consumer.stop();
  expect(looked).toHaveLength(2);
});

test("a queue that refuses or is away is told once, and read again when it answers", async () => {
  sandbox.faults.add({
    ...{ service: "sqs", operation: "ReceiveMessage", kind: "error", rate: 1, ms: 0, remaining: 3, phase: "before" },
    code: "AccessDeniedException",
  });
  const consumer = start();
  await until(() => consumer.use().state === "denied");
  send(taskEvent("orders-service"));
  await until(() => looked.length === 1);
  expect(logged).toEqual([
    "ECS's events cannot be read: SQS refuses it. Looking by time goes on",
    "ECS's events are read again",
  ]);
});

test("one replica reads the queue, and another goes on when it ends", async () => {
  send(taskEvent("orders-service"));
  const first = start("replica-1");
  await until(() => first.use().received === 1);
  const second = start("replica-2");
  await until(isEmpty);
  expect(second.use()).toMatchObject({ state: "waiting", received: 0 });
  await first.stop();
  send(taskEvent("members-service"));
  await until(() => second.use().received === 1 && looked.includes("members"));
});
