import { createHmac } from "node:crypto";
import type { Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { notificationsSchema } from "../config/notifications-config.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import type { Store } from "../store/store.ts";
import { observation } from "../testing/facts.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { type Receiver, startMailServer, startReceiver } from "../testing/notify-servers.ts";
import { deploymentRow } from "../testing/test-rows.ts";
import { createNotifier, type Notifier, type NotifierDeps } from "./notifier.ts";

const SECRET = "0123456789abcdef-signing";
const START = 1_800_000_000_000;
const HOUR = 3_600_000;

let store: Store;
let receiver: Receiver;
let clock = START;
let serial = 0;
let lines: { level: string; message: string; fields?: Record<string, unknown> }[] = [];
let notifiers: Notifier[] = [];
beforeAll(async () => {
  store = await createMemoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  receiver = await startReceiver();
  // Far from what other tests left behind.
  clock = START + ++serial * 10_000 * HOUR;
  lines = [];
  notifiers = [];
});
afterEach(async () => {
  for (const notifier of notifiers) await notifier.stop();
  await receiver.close();
  for (let left = await store.claimDeliveries(clock + 9_000 * HOUR, 1, 50); left.length > 0; ) {
    for (const row of left) await store.finishDelivery(row, { state: "failed", nextAt: 0, error: "swept" }, clock);
    left = await store.claimDeliveries(clock + 9_001 * HOUR, 1, 50);
  }
});

function newNotifier(change: Partial<NotifierDeps> & { url?: string } = {}): Notifier {
  const hook = { name: "hook", url: change.url ?? receiver.url, format: "generic", secret: SECRET };
  const notifier = createNotifier({
    store,
    config: { notifications: notificationsSchema.parse({ webhooks: [hook] }), applications: [] },
    now: () => clock,
    baseUrl: "https://switchyard.example.com",
    log: (level, message, fields) => lines.push({ level, message, fields }),
    random: () => 1,
    timeoutMs: 2_000,
    ...change,
  });
  notifiers.push(notifier);
  return notifier;
}

function stopped(change: Partial<Deployment> = {}): Deployment {
  return deploymentRow({
    id: `d-${serial}`,
    application: `app-${serial}`,
    status: "STOPPED",
    startedAt: clock - 1000,
    finishedAt: clock,
    statusReason: "green's tasks keep stopping",
    ...change,
  });
}

async function deliveries(application = `app-${serial}`) {
  return (await store.listDeliveries({ application }, { limit: 50 })).items;
}

describe("delivery to a webhook", () => {
  test("arrives once, signed, with a stable id and a link", async () => {
    const notifier = newNotifier();
    notifier.deploymentChanged(stopped());
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    await notifier.runOnce();
    expect(receiver.received).toHaveLength(1);
    const [request] = receiver.received;
    const body = JSON.parse(request?.body ?? "");
    expect(body).toMatchObject({
      version: 1,
      id: `d-${serial}:deployment.stopped`,
      event: "deployment.stopped",
      deployment: `d-${serial}`,
      url: `https://switchyard.example.com/app-${serial}/deployments/d-${serial}`,
      at: clock,
    });
    expect(request?.headers["x-switchyard-id"]).toBe(body.id);
    const signature = String(request?.headers["x-switchyard-signature"]);
    const seconds = Math.floor(clock / 1000);
    const expected = createHmac("sha256", SECRET).update(`${seconds}.${request?.body}`).digest("hex");
    expect(signature).toBe(`t=${seconds},v1=${expected}`);
    expect(await deliveries()).toMatchObject([{ state: "delivered", attempts: 1, lastError: null }]);
  });

  test.each<[string, Parameters<Receiver["answer"]>[0], RegExp]>([
    ["answers 500", (response) => response.writeHead(500).end("no"), /HTTP 500/],
    ["answers 404", (response) => response.writeHead(404).end(), /HTTP 404/],
    [
      "redirects",
      (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
      /redirects are not followed/,
    ],
    ["drops the connection", (_response, socket) => socket.destroy(), /No answer/],
    ["hangs", () => {}, /No answer within 2 s/],
    ["is slower than the limit", (response) => response.writeProcessing(), /No answer/],
    ["drips its answer's head", (_response, socket) => drip(socket), /No answer/],
    ["speaks no HTTP", (_response, socket) => socket.end("220 mail.example.com ESMTP\r\n"), /No answer/],
  ])("is tried again when the receiver %s, with the same id", async (_what, fault, error) => {
    receiver.answer(fault, (response) => response.writeHead(200).end());
    const notifier = newNotifier();
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    expect(await deliveries()).toMatchObject([{ state: "pending", attempts: 1, nextAt: clock + 1000 }]);
    expect((await deliveries())[0]?.lastError).toMatch(error);
    clock += 999;
    await notifier.runOnce();
    expect(receiver.received).toHaveLength(1);
    clock += 1;
    await notifier.runOnce();
    expect(await deliveries()).toMatchObject([{ state: "delivered", attempts: 2 }]);
    const [first, second] = receiver.received;
    expect(second?.headers["x-switchyard-id"]).toBe(first?.headers["x-switchyard-id"]);
    expect(second?.headers["x-switchyard-attempt"]).toBe("2");
    expect(second?.headers["x-switchyard-signature"]).not.toBe(first?.headers["x-switchyard-signature"]);
  });

  test("counts as arrived once 2xx is said, whatever becomes of the body", async () => {
    receiver.answer((response, socket) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half", () => socket.destroy());
    });
    const notifier = newNotifier();
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    expect(await deliveries()).toMatchObject([{ state: "delivered" }]);
  });

  test("counts as arrived once 2xx is said, though the body never ends", async () => {
    receiver.answer((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("more"), 10);
      response.on("close", () => clearInterval(timer));
    });
    const notifier = newNotifier();
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    expect(await deliveries()).toMatchObject([{ state: "delivered" }]);
  });

  test("is tried again, and nothing is sent, when the receiver cannot prove who it is", async () => {
    // The server's certificate is one that it signed itself.
    const server = await startMailServer({ secure: true });
    const notifier = newNotifier({ url: server.url.replace("smtp:", "https:") });
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    expect(await deliveries()).toMatchObject([{ state: "pending", attempts: 1, lastError: /^No answer \(.*CERT/ }]);
    await server.close();
  });

  test("holds up neither the deployment nor another endpoint while one hangs", async () => {
    receiver.answer(() => {});
    const well = await startReceiver();
    const hook = (name: string, url: string) => ({ name, url, format: "generic", secret: SECRET });
    const webhooks = [hook("hung", receiver.url), hook("well", well.url)];
    const notifications = notificationsSchema.parse({ webhooks });
    const notifier = newNotifier({ config: { notifications, applications: [] }, timeoutMs: 5_000 });
    notifier.start();
    for (let count = 0; count < 20; count++) notifier.deploymentChanged(stopped({ id: `d-${serial}-${count}` }));
    await expect.poll(() => well.received.length, { timeout: 15_000 }).toBe(20);
    expect(receiver.received).toHaveLength(1);
    await well.close();
  });

  test("waits as long as 429 asks, and no longer than an hour", async () => {
    receiver.answer((response) => response.writeHead(429, { "retry-after": "120" }).end());
    const notifier = newNotifier();
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    expect((await deliveries())[0]?.nextAt).toBe(clock + 120_000);
    receiver.answer((response) => response.writeHead(503, { "retry-after": "999999" }).end());
    clock += 120_000;
    await notifier.runOnce();
    expect((await deliveries())[0]?.nextAt).toBe(clock + HOUR);
  });

  test("is given up when the body is refused, when the endpoint is gone from the settings, and after a day", async () => {
    receiver.answer((response) => response.writeHead(410).end());
    const notifier = newNotifier();
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    expect(await deliveries()).toMatchObject([{ state: "failed", lastError: "HTTP 410" }]);

    const gone = stopped({ id: `gone-${serial}`, application: `gone-${serial}` });
    notifier.deploymentChanged(gone);
    await notifier.recorded();
    const empty = { notifications: notificationsSchema.parse({}), applications: [] };
    await newNotifier({ config: empty }).runOnce();
    expect(await deliveries(gone.application)).toMatchObject([{ state: "failed", lastError: /no longer configured/ }]);

    receiver.answer((response) => response.writeHead(500).end());
    const old = stopped({ id: `old-${serial}`, application: `old-${serial}` });
    notifier.deploymentChanged(old);
    await notifier.recorded();
    let tries = 0;
    for (let row = (await deliveries(old.application))[0]; row?.state === "pending" && tries < 99; tries++) {
      clock = row.nextAt;
      await notifier.runOnce();
      row = (await deliveries(old.application))[0];
    }
    expect(await deliveries(old.application)).toMatchObject([{ state: "failed", lastError: "HTTP 500" }]);
    expect(tries).toBeGreaterThan(30);
    expect(tries).toBeLessThan(40);
  });

  test("is lost by no restart: another process goes on where the database says", async () => {
    receiver.answer((response) => response.writeHead(500).end());
    const before = newNotifier();
    before.deploymentChanged(stopped());
    await before.recorded();
    await before.runOnce();
    await before.stop();
    receiver.answer((response) => response.writeHead(204).end());
    clock += 5000;
    await newNotifier().runOnce();
    expect(await deliveries()).toMatchObject([{ state: "delivered", attempts: 2 }]);
  });

  test("finds what a crash kept from being written down, from the record alone and only once", async () => {
    const waiting = deploymentRow({
      id: `d-${serial}`,
      application: `app-${serial}`,
      stage: "PRE_PRODUCTION_TRAFFIC_SHIFT",
      startedAt: clock,
      stages: [
        { stage: "PRE_PRODUCTION_TRAFFIC_SHIFT", status: "AWAITING_ACTION", startedAt: clock, finishedAt: null },
      ],
    });
    await store.insertDeployment(waiting);
    await newNotifier().runOnce();
    await newNotifier().runOnce();
    expect(receiver.received.map((request) => request.headers["x-switchyard-event"])).toEqual(["approval.wanted"]);
    // Nothing changes but the time: that it is about to expire is noticed all the same.
    clock += 23.75 * HOUR;
    await newNotifier().runOnce();
    expect(receiver.received.map((request) => request.headers["x-switchyard-event"])).toEqual([
      "approval.wanted",
      "approval.expiring",
    ]);
  });

  test("finds the end of a deployment that a crash kept from being told", async () => {
    const ended = stopped();
    await store.insertDeployment(ended);
    const hook = { name: "hook", url: receiver.url, format: "generic", secret: SECRET };
    const notifications = notificationsSchema.parse({ webhooks: [hook] });
    const applications = [{ name: ended.application, notifications: notificationsSchema.parse({}) }];
    await newNotifier({ config: { notifications, applications } }).runOnce();
    expect(receiver.received.map((request) => JSON.parse(request.body).id)).toEqual([`${ended.id}:deployment.stopped`]);
    // A day later it is history, also for an endpoint that was not there then.
    clock += 24 * HOUR;
    const late = notificationsSchema.parse({ webhooks: [{ ...hook, name: "late" }] });
    await newNotifier({ config: { notifications: late, applications } }).runOnce();
    expect(receiver.received).toHaveLength(1);
  });

  test("is sent by one of two replicas that look at once", async () => {
    const replicas = [newNotifier(), newNotifier()];
    for (const replica of replicas) replica.deploymentChanged(stopped());
    await Promise.all(replicas.map((replica) => replica.recorded()));
    await Promise.all(replicas.map((replica) => replica.runOnce()));
    expect(receiver.received).toHaveLength(1);
  });

  test("keeps the order of what happened through an outage", async () => {
    receiver.answer((response) => response.writeHead(503).end());
    const notifier = newNotifier();
    const ids = ["one", "two", "three", "four"].map((word) => `${word}-${serial}`);
    for (const id of ids) notifier.deploymentChanged(stopped({ id }));
    await notifier.recorded();
    await notifier.runOnce();
    expect(receiver.received).toHaveLength(1);
    receiver.received.length = 0;
    receiver.answer((response) => response.writeHead(204).end());
    clock += 2000;
    await notifier.runOnce();
    expect(receiver.received.map((request) => JSON.parse(request.body).deployment)).toEqual(ids);
  });

  test("logs hosts, ids and codes, never an address or a secret", async () => {
    const notifier = newNotifier({ url: "http://127.0.0.1:1/hidden-path" });
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    expect(lines).toMatchObject([{ level: "warn", fields: { endpoint: "webhook:hook", host: "127.0.0.1:1" } }]);
    const shown = JSON.stringify([lines, await deliveries()]);
    expect(shown).not.toContain("hidden-path");
    expect(shown).not.toContain(SECRET);
  });

  test("never throws at the engine, however broken the database is, and goes on once it is back", async () => {
    let isBroken = true;
    const notifier = newNotifier({
      store: {
        ...store,
        enqueueNotification: (...args) =>
          isBroken ? Promise.reject(new Error("no database")) : store.enqueueNotification(...args),
      },
    });
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    expect(lines).toMatchObject([{ level: "warn", message: /written down/ }]);
    isBroken = false;
    notifier.deploymentChanged(stopped());
    await notifier.recorded();
    await notifier.runOnce();
    expect(receiver.received).toHaveLength(1);
  });

  test("goes to the endpoints of its application and of all, for the events they name", async () => {
    const hook = (name: string, events?: string[]) => ({
      webhooks: [{ name, url: receiver.url, format: "generic", secret: SECRET, events }],
    });
    const notifier = newNotifier({
      config: {
        notifications: notificationsSchema.parse(hook("all", ["deployment.stopped"])),
        applications: [
          { name: `app-${serial}`, notifications: notificationsSchema.parse(hook("mine")) },
          { name: "other", notifications: notificationsSchema.parse(hook("theirs")) },
        ],
      },
    });
    notifier.deploymentChanged(stopped());
    notifier.deploymentChanged(stopped({ id: `back-${serial}`, status: "ROLLBACK_SUCCESSFUL" }));
    await notifier.recorded();
    const sent = (await deliveries()).map((row) => `${row.endpoint} ${row.notification.kind}`).sort();
    expect(sent).toEqual([
      `app-${serial}/webhook:mine deployment.rolledBack`,
      `app-${serial}/webhook:mine deployment.stopped`,
      "webhook:all deployment.stopped",
    ]);
    await notifier.runOnce();
  });

  test("tells a drift once it has held, once for each spell, whichever replica sees it", async () => {
    const replicas = [newNotifier(), newNotifier()];
    const look = (drift: string | null) => {
      for (const replica of replicas) replica.snapshotChanged(drifted(drift));
      return Promise.all(replicas.map((replica) => replica.recorded()));
    };
    await look("also forwards to x");
    clock += 9_999;
    await look("also forwards to x");
    expect(await deliveries()).toEqual([]);
    for (let seconds = 10; seconds < 60; seconds += 5) {
      clock += 5_000;
      await look("also forwards to x");
    }
    expect(await deliveries()).toHaveLength(1);
    await look(null);
    clock += 11 * 60_000;
    for (const wait of [0, 10_000]) {
      clock += wait;
      await look("also forwards to x");
    }
    expect(await deliveries()).toHaveLength(2);
  });

  test.each<[string, (look: ReturnType<typeof drifted>) => ReturnType<typeof drifted>, string]>([
    [
      "a live side has no target",
      (look) => ({ ...look, slots: { ...look.slots, blue: { ...look.slots.blue, targets: [] } } }),
      "blue is live and has no target",
    ],
    [
      "neither side has weight",
      (look) => ({ ...look, traffic: { ...look.traffic, live: "unknown", weights: { blue: 0, green: 0 } } }),
      "sends its requests to no target group",
    ],
  ])("tells within seconds that %s", async (_what, change, words) => {
    const notifier = newNotifier();
    notifier.snapshotChanged(change(drifted(null)));
    clock += 3_000;
    notifier.snapshotChanged(change(drifted(null)));
    await notifier.recorded();
    const told = (await deliveries()).map(({ notification }) => notification);
    expect(told).toMatchObject([{ kind: "traffic.unserved", title: expect.stringContaining(words) }]);
  });

  test("started, delivers by itself, and stops", async () => {
    const notifier = newNotifier();
    notifier.start();
    notifier.start();
    notifier.deploymentChanged(stopped());
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(1);
    await notifier.stop();
    expect(await deliveries()).toMatchObject([{ state: "delivered" }]);
  });
});

/** A head that grows and never ends keeps the socket busy. */
function drip(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\n");
  const timer = setInterval(() => socket.write("x-more: 1\r\n"), 20);
  socket.on("close", () => clearInterval(timer));
}

function drifted(drift: string | null): ApplicationSnapshot {
  const { sources, traffic, slots } = observation({ at: clock, ...(drift === null ? {} : { drift }) });
  return {
    name: `app-${serial}`,
    region: "x",
    cluster: "main",
    controller: "paired-services",
    observedAt: clock,
    sources,
    traffic,
    slots,
    deployment: null,
    lastDeployment: null,
    window: null,
    rollbackTo: null,
    // Drift is told from traffic and the record alone.
    actions: {} as ApplicationSnapshot["actions"],
    alarms: [],
  };
}

test("what people decide by says which errors are only in the new side; a log that does not answer holds nothing up", async () => {
  const rolledBack = (id: string) => stopped({ id, status: "ROLLBACK_SUCCESSFUL" });
  const line = "3 error kinds only in green, first 12:02:14 UTC";
  const telling = newNotifier({ errorLine: async () => line });
  telling.deploymentChanged(rolledBack(`d-${serial}-a`));
  await telling.recorded();
  const failing = newNotifier({ errorLine: () => Promise.reject(new Error("throttled")) });
  failing.deploymentChanged(rolledBack(`d-${serial}-b`));
  failing.deploymentChanged(stopped({ id: `d-${serial}-c` }));
  await failing.recorded();
  const texts = new Map((await deliveries()).map(({ notification }) => [notification.deploymentId, notification.text]));
  expect(texts.get(`d-${serial}-a`)?.split("\n").at(-1)).toBe(line);
  expect(texts.get(`d-${serial}-b`)).not.toContain("error kind");
  expect(texts.size).toBe(3);
});
