import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { createAws } from "../aws/aws.ts";
import { notificationsSchema } from "../config/notifications-config.ts";
import { createStore } from "../store/create-store.ts";
import type { Store } from "../store/store.ts";
import { openWriteAheadLog } from "../store/write-ahead-log.ts";
import { findPostgres, startPostgres } from "../testing/test-postgres.ts";
import { LIBRARY, until } from "../testing/test-world.ts";
import { wireRuntime } from "./wire-runtime.ts";
import type { WiredRuntime } from "./wiring.ts";

/* Two runtimes on one PostgreSQL: one of them alone reads ECS's events, and both show what they are about. */

const bin = findPostgres();
const LONG_MS = 60 * 60_000;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let sandbox: Sandbox;
const replicas: { store: Store; runtime: WiredRuntime }[] = [];

beforeAll(async () => {
  if (bin === null) return;
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  postgres = await startPostgres(bin);
  sandbox = await createSandbox({ seed: "paired", speed: 10, throttling: false, ecs: { virtual: true } });
  for (const holder of ["one", "two"]) replicas.push(await startReplica(holder));
  for (const { store } of replicas) await untilListening(store);
}, 60_000);
afterAll(async () => {
  for (const { store, runtime } of replicas) {
    await Promise.all(runtime.events.map((consumer) => consumer.stop()));
    await runtime.observer.stop();
    runtime.aws.destroy();
    await store.close();
  }
  await sandbox?.close();
  await postgres?.stop();
});

/** What is told before the server has taken note of who listens is lost. */
async function untilListening(store: Store): Promise<void> {
  let isHeard = false;
  const end = store.listenToReplicas(() => {
    isHeard = true;
  });
  await until(async () => {
    await store.tellReplicas("Is anybody there?");
    return isHeard;
  });
  end();
}

/** It looks once, and again only when it is told to. */
async function startReplica(holder: string) {
  const store = await createStore({ databaseUrl: postgres.url });
  const runtime = wireRuntime({
    store,
    aws: createAws({ region: sandbox.place.region, endpoint: sandbox.url }),
    accounts: [],
    events: [{ queueUrl: `${sandbox.url}/${sandbox.place.accountId}/library-events`, account: null, region: null }],
    configs: () => [LIBRARY],
    writeAheadLog: openWriteAheadLog(null),
    holder,
    notifications: { notifications: notificationsSchema.parse({}), applications: [] },
    baseUrl: "http://127.0.0.1:3000",
    github: null,
    standIn: null,
    now: Date.now,
    log: () => undefined,
    looks: { fastMs: LONG_MS, idleMs: LONG_MS },
    isDriftWatched: false,
  });
  runtime.observer.start();
  for (const consumer of runtime.events) consumer.start();
  return { store, runtime };
}

/** The one that reads the queue, and the other; both know the application. */
async function whoReads(): Promise<[reader: WiredRuntime, other: WiredRuntime]> {
  const runtimes = replicas.map(({ runtime }) => runtime);
  const isReading = ({ events }: WiredRuntime) => events[0]?.use().state === "reading";
  await until(() => runtimes.some(isReading) && runtimes.every(({ observer }) => observer.observation("library")));
  const [reader, other] = runtimes.toSorted((a, b) => Number(isReading(b)) - Number(isReading(a)));
  if (!reader || !other) throw new Error("Two replicas were started");
  return [reader, other];
}

async function scaleGreen({ observer, controllers }: WiredRuntime, count: number): Promise<void> {
  const application = observer.findApplication("library");
  if (!application) throw new Error("The application is not found");
  await controllers["paired-services"]?.scaleSide(application, "green", count);
}

const greenOf = ({ observer }: WiredRuntime) => observer.observation("library")?.slots.green.counts.desired;

test.skipIf(bin === null)("where nobody watches, what another replica read costs no look", async () => {
  const [reader, other] = await whoReads();
  const heard: string[] = [];
  // It is told after the reader of events, which listened before.
  const end = replicas.find(({ runtime }) => runtime === other)?.store.listenToReplicas((text) => heard.push(text));
  await scaleGreen(reader, 3);
  await until(() => heard.length > 0 && greenOf(reader) === 3);
  expect(greenOf(other)).toBe(2);
  expect(other.events[0]?.use()).toMatchObject({ state: "waiting", received: 0, looks: 0 });
  end?.();
});

test.skipIf(bin === null)(
  "what one replica reads of ECS's events is looked at in the other, where somebody watches",
  async () => {
    const [reader, other] = await whoReads();
    const end = other.observer.subscribe("library", () => undefined);
    await scaleGreen(reader, 1);
    await until(() => greenOf(other) === 1);
    expect(other.events[0]?.use()).toMatchObject({ state: "waiting", received: 0 });
    expect(other.events[0]?.use().looks).toBeGreaterThan(0);
    end();
  },
);
