import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import type { SandboxOptions } from "../../sandbox/sandbox-options.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import { BUDGET_LIMITS, type BudgetFamily, type BudgetLimit } from "../aws/budget-limits.ts";
import { type ApplicationConfig, applicationSchema } from "../config/application-config.ts";
import { notificationsSchema } from "../config/notifications-config.ts";
import type { Identity, Role } from "../domain/access/role.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { findUnstableTarget } from "../domain/observation/side-health.ts";
import type { Engine } from "../engine/engine-ports.ts";
import type { ObserverOptions } from "../observe/observer.ts";
import { wireRuntime } from "../process/wire-runtime.ts";
import type { WiredRuntime } from "../process/wiring.ts";
import type { Context, OperationRuntime } from "../request/context.ts";
import type { Store } from "../store/store.ts";
import { openWriteAheadLog } from "../store/write-ahead-log.ts";
import { LIBRARY_SETTINGS } from "./library-settings.ts";
import { createMemoryStore } from "./memory-store.ts";
import { noSettings } from "./no-settings.ts";
import { SHIPPED_POLICY, WITH_EVENTS_POLICY } from "./shipped-policy.ts";

/** A sandbox and everything above it but pages, in this process. For tests. */
export interface TestWorld {
  sandbox: Sandbox;
  aws: Aws;
  runtime: WiredRuntime & Pick<OperationRuntime, "reloaded" | "settings" | "hasConfiguredAdmin">;
  /** Asks as somebody with this role. */
  as(role: Role | null): Context;
  /** From now on the engine neither reads nor writes the record, as if its process had died; another takes over. */
  crashEngine(): void;
  /** While down, the database answers nobody; a function is asked before every call. */
  setStoreDown(isDown: boolean | (() => boolean)): void;
  /** ModifyListener and ModifyRule calls that took effect since the last reset of the sandbox's journal. */
  shifts(): number;
  /** Sends requests through the load balancer until stopped; answers how many came back with which status. */
  traffic(perSecond: number): { stop(): Promise<Record<string, number>> };
  close(): Promise<void>;
}

/** Longer than any test. */
const NEVER_MS = 3_600_000;

/** The one application of the sandbox's world with a service for each side. */
export const LIBRARY = applicationSchema.parse({
  ...LIBRARY_SETTINGS,
  logGroup: "/ecs/library-management-task",
  bakeMinutes: 1,
  windowMinutes: 0,
  requestLine: "\\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \\S+ (?<status>\\d{3}) \\d+ ms\\b",
});

/** Starts all of it; resolves once both sides have been seen. */
export async function createTestWorld(
  options: {
    sandbox?: SandboxOptions;
    /** A sandbox that is there already, as it is. */
    existing?: Sandbox;
    /** What differs from LIBRARY, where it must be from what the sandbox chose, such as its ports. */
    application?: Partial<typeof LIBRARY> | ((sandbox: Sandbox) => Partial<typeof LIBRARY>);
    /** Another application of the sandbox's world instead, as it is configured; the world is ready once `isReady`. */
    instead?: { config: ApplicationConfig; isReady(look: Observation): boolean; entrance: string };
    /** Other names under which the same is configured once more. */
    alsoAs?: readonly string[];
    store?: Store;
    writeAheadLogPath?: string;
    /** Whether changes that Switchyard did not make hold switches up, as in production: many stories here make such changes. */
    watchDrift?: boolean;
    /** How often it is checked whether what the sides run could still be started; as in production when left out. */
    revisionsMs?: number;
    /** How long looks wait for AWS; as in production when left out. */
    patienceMs?: ObserverOptions["patienceMs"];
    /** How often it is looked what scales the sides; as in production when left out. */
    scalingMs?: number;
    /** Nothing is looked at or moved by time any more, but for what events have looked at; `isReady` may ask for looks until then. */
    byEventsAlone?: boolean;
  } = {},
): Promise<TestWorld> {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const sandbox =
    options.existing ??
    (await createSandbox({
      seed: "paired",
      speed: 4,
      throttling: false,
      policy: options.byEventsAlone ? WITH_EVENTS_POLICY : SHIPPED_POLICY,
      randomSeed: 7,
      ...options.sandbox,
    }));
  // Nothing of the configuration names it, so it would be a way in that keeps one side from ever being replaced.
  const own = typeof options.application === "function" ? options.application(sandbox) : options.application;
  const isTogether = (own?.listeners?.length ?? 0) > 1;
  if (!own?.testListener && !options.instead)
    sandbox.elb.controls.setWeights("library-alb:81", {
      "library-blue-tg": isTogether ? 100 : 0,
      "library-green-tg": 0,
    });
  const store = options.store ?? (await createMemoryStore());
  const limits = manyCalls();
  const aws = createAws({ region: sandbox.place.region, endpoint: sandbox.url, limits });
  // Log lines and tasks carry the sandbox's time, so everything else must live in it as well.
  const now = () => sandbox.clock.now();
  const { instead } = options;
  const configs = instead
    ? [instead.config]
    : [LIBRARY.name, ...(options.alsoAs ?? [])].map((name) => ({ ...LIBRARY, ...own, name }));
  let isDown = () => false;
  const sharedStore = failing(store, () => isDown());
  const wired = wireRuntime({
    store: sharedStore,
    aws,
    accounts: [],
    configs: () => configs,
    writeAheadLog: openWriteAheadLog(options.writeAheadLogPath ?? null),
    holder: "test-0",
    notifications: { notifications: notificationsSchema.parse({}), applications: [] },
    baseUrl: "http://127.0.0.1:3000",
    github: null,
    standIn: null,
    now,
    log: () => undefined,
    ...(options.byEventsAlone
      ? {
          events: [
            { queueUrl: `${sandbox.url}/${sandbox.place.accountId}/library-events`, account: null, region: null },
          ],
        }
      : {}),
    looks: {
      ...(options.byEventsAlone
        ? { fastMs: NEVER_MS, idleMs: NEVER_MS, metricsMs: NEVER_MS, revisionsMs: NEVER_MS, scalingMs: NEVER_MS }
        : { fastMs: 250, idleMs: 500 }),
      ...(options.revisionsMs === undefined ? {} : { revisionsMs: options.revisionsMs }),
      ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
      ...(options.scalingMs === undefined ? {} : { scalingMs: options.scalingMs }),
    },
    ticks: options.byEventsAlone ? { tickMs: NEVER_MS, idleMs: NEVER_MS } : { tickMs: 200, idleMs: 1_000 },
    settleMs: 300,
    isDriftWatched: options.watchDrift ?? false,
    callersEveryMs: 250,
    limits,
  });
  const runtime = Object.assign(wired, {
    reloaded: () => null,
    settings: noSettings(configs),
    hasConfiguredAdmin: false,
  });
  const { observer } = runtime;
  /** Each may die: from then on it neither reads nor writes the record. */
  const engines: { engine: Engine; die(): void }[] = [];
  const startEngine = () => {
    let isDead = false;
    const engine = wired.newEngine(
      `test-${engines.length}`,
      failing(sharedStore, () => isDead),
    );
    engines.push({
      engine,
      die() {
        isDead = true;
        // Nor does it act any more: for a living one a record that refuses everything would be a database that is away.
        void engine.stop().catch(() => undefined);
      },
    });
    runtime.engine = engine;
    engine.start();
  };
  await runtime.accessCache.refresh();
  observer.start();
  startEngine();
  for (const consumer of wired.events) consumer.start();
  await until(async () => {
    const name = instead?.config.name ?? "library";
    const seen = options.byEventsAlone ? await observer.refreshNow(name).catch(() => null) : observer.observation(name);
    if (!seen || instead) return seen !== null && instead?.isReady(seen);
    return [seen.slots.blue, seen.slots.green].every(
      (slot) => slot.counts.healthy === 2 && findUnstableTarget(slot, LIBRARY.stableChecks, seen.observedAt) === null,
    );
  }, 200_000);

  return {
    sandbox,
    aws,
    runtime,
    as: (role) => ({ runtime, identity: role && identityOf(role, now()), address: "127.0.0.1" }),
    crashEngine() {
      engines.at(-1)?.die();
      startEngine();
    },
    setStoreDown(down) {
      isDown = typeof down === "function" ? down : () => down;
    },
    shifts: () =>
      sandbox.calls.journal().filter((call) => /^Modify(Listener|Rule)$/.test(call.operation) && call.error === null)
        .length,
    traffic: (perSecond) => sendTraffic(sandbox.listenerUrl(instead?.entrance ?? "library-alb:80"), perSecond),
    async close() {
      await Promise.all(engines.map(({ engine }) => engine.stop()));
      await Promise.all(runtime.events.map((consumer) => consumer.stop()));
      await runtime.callers.stop();
      await observer.stop();
      aws.destroy();
      await store.close();
      await sandbox.close();
    },
  };
}

/** Waits for a condition, looking often; rejects with its last value when it never holds. */
export async function until<T>(look: () => T | Promise<T>, withinMs = 60_000): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (value) return value as NonNullable<T>;
    if (Date.now() > end) throw new Error(`It did not come true within ${withinMs} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the deployment is as wished; the failure names where it stands instead. */
export async function untilDeployment(
  world: TestWorld,
  id: string,
  isAsWished: (deployment: Deployment) => boolean,
  withinMs = 90_000,
): Promise<Deployment> {
  let last: Deployment | null = null;
  try {
    return await until(async () => {
      last = await world.runtime.store.findDeployment(id);
      return last && isAsWished(last) ? last : null;
    }, withinMs);
  } catch {
    throw new Error(`The deployment stands at ${JSON.stringify(last, null, 1)}`);
  }
}

/** The same store, but whose calls fail while `isFailing`. */
function failing(store: Store, isFailing: () => boolean): Store {
  return new Proxy(store, {
    get(target, key, receiver) {
      if (key === "awaySince") return () => (isFailing() ? 0 : target.awaySince());
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => (isFailing() ? Promise.reject(refused()) : Reflect.apply(value, target, args));
    },
  });
}

/** As Node.js says it. */
function refused(): Error {
  return Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
}

/** Time runs fast here and budgets do not. */
/** As many calls as a test likes. */
export function manyCalls(): Partial<Record<BudgetFamily, BudgetLimit>> {
  const limit = { burst: 1_000, perSecond: 500, share: 1 };
  return Object.fromEntries(Object.keys(BUDGET_LIMITS).map((family) => [family, limit]));
}

function identityOf(role: Role, authenticatedAt: number): Identity {
  return { id: `${role}@sandbox.local`, name: role, role, via: "session", authenticatedAt };
}

function sendTraffic(url: string, perSecond: number): { stop(): Promise<Record<string, number>> } {
  const counts: Record<string, number> = {};
  const open = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const request = fetch(url)
      .then(async (response) => {
        await response.arrayBuffer();
        counts[response.status] = (counts[response.status] ?? 0) + 1;
      })
      .catch(() => {
        counts.error = (counts.error ?? 0) + 1;
      })
      .finally(() => open.delete(request));
    open.add(request);
  }, 1000 / perSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      return counts;
    },
  };
}
