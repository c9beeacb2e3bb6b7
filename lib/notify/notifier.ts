import { within } from "../async/within.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import type { NotificationsConfig } from "../config/notifications-config.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { deploymentNotifications, isStillAsked } from "../domain/notification/deployment-notifications.ts";
import { driftNotification, findDrift } from "../domain/notification/drift-notification.ts";
import { freezeNotifications } from "../domain/notification/freeze-notifications.ts";
import { lifecycleNotifications } from "../domain/notification/lifecycle-notifications.ts";
import type { Notification, NotificationKind } from "../domain/notification/notification.ts";
import { findOutage, unservedNotification } from "../domain/notification/unserved-notification.ts";
import { englishOf, type Told } from "../domain/sentence/told.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import { fingerprint } from "../domain/text/fingerprint.ts";
import type { Store } from "../store/store.ts";
import { createDeliveryWorker } from "./delivery-worker.ts";
import { createLiveEndpoints, type EndpointFacts } from "./endpoint.ts";

/** Tells people what they must know or do: into the database first, then out from there until it has arrived. */
export interface Notifier {
  start(): void;
  /** Lets tries that are under way end; what is not delivered is after the next start. */
  stop(): Promise<void>;
  /** A deployment's record changed. Returns at once and never throws. */
  deploymentChanged(deployment: Deployment): void;
  /** A new look at an application. Returns at once and never throws. */
  snapshotChanged(snapshot: ApplicationSnapshot): void;
  /** Reads the records anew and sends all that is due now, to its end; what `start` does over and over. */
  runOnce(): Promise<void>;
  /** Every place that is told of something, by its name, with as much of its address as may be shown. */
  endpoints(): readonly EndpointFacts[];
  /** Resolves once all that was told so far is in the database. */
  recorded(): Promise<void>;
}

/** What the notifier leans on. */
export interface NotifierDeps {
  store: Pick<
    Store,
    | "enqueueNotification"
    | "claimDeliveries"
    | "finishDelivery"
    | "pruneOutbox"
    | "noteCondition"
    | "listDeploymentsInFlight"
    | "findLastFinished"
    | "listFreezes"
  >;
  config: {
    notifications: NotificationsConfig;
    applications: readonly Pick<ApplicationConfig, "name" | "notifications">[];
  };
  now: () => number;
  /** What the new side's errors say, in one line; null for nothing. Told with what people decide by. */
  errorLine?(deployment: Deployment): Promise<Told | null>;
  /** Where people reach the dashboard, for links. */
  baseUrl: string;
  log: (level: "info" | "warn" | "error", message: string, fields?: Record<string, unknown>) => void;
  fetch?: typeof fetch;
  random?: () => number;
  /** For one step of one try. */
  timeoutMs?: number;
}

const TICK_MS = 1_000;
const SWEEP_MS = 15_000;
/** What a crash at a deployment's end left untold, and windows that are about to close. */
const SWEEP_FINISHED_MS = 60_000;
const PRUNE_MS = 60 * 60_000;
/** Finished deliveries stay to be seen, and so that nothing is told again. */
const KEPT_MS = 7 * 24 * 60 * 60_000;
/** Older than this, what happened is history; what still waits for a person is told however old. */
const NEWS_MS = 24 * 60 * 60_000;
/** What was gone for less is still the same. */
const CONDITION_GAP_MS = 10 * 60_000;
/** How often something that holds is written down as seen. */
const CONDITION_NOTE_MS = 15_000;

const ERROR_LINE_WITHIN_MS = 5_000;
/** What people decide by, or look into. */
const WITH_ERRORS: ReadonlySet<NotificationKind> = new Set([
  "approval.wanted",
  "traffic.switched",
  "switch.notProven",
  "window.opened",
  "window.closing",
  "deployment.rolledBack",
]);

/** What is told once it has held for a while, and once for each spell: one odd reading is nothing. */
const CONDITIONS = [
  { kind: "traffic.drifted", key: "drift", afterMs: 10_000, find: findDrift, notification: driftNotification },
  { kind: "traffic.unserved", key: "unserved", afterMs: 3_000, find: findOutage, notification: unservedNotification },
] as const;

/** One a process. Several replicas may each have one: ids and leases keep what they do apart. */
export function createNotifier(deps: NotifierDeps): Notifier {
  const { store, now } = deps;
  const endpoints = createLiveEndpoints(deps.config);
  const worker = createDeliveryWorker({ ...deps, endpoints });
  /** Ids that are surely in the outbox, with when they were put there. */
  const told = new Map<string, number>();
  const conditions = new Map<string, { words: Told; readAt: number; notedAt: number | null }>();
  let recording: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let state: "new" | "running" | "stopped" = "new";
  let sweptAt = Number.NEGATIVE_INFINITY;
  let finishedSweptAt = Number.NEGATIVE_INFINITY;
  let prunedAt = Number.NEGATIVE_INFINITY;

  /** One after another, so that what happened first is told first; what fails is found again by the next sweep. */
  function record(work: () => Promise<void>): Promise<void> {
    recording = recording.then(work).catch((error: unknown) => {
      deps.log("warn", "A notification could not be written down; it is tried again", { error });
    });
    return recording;
  }

  async function tell(notification: Notification, withErrorsOf: Deployment | null = null): Promise<void> {
    if (told.has(notification.id)) return;
    const ids = endpoints.idsFor(notification.application, notification.kind);
    if (ids.length > 0) {
      const line = withErrorsOf && (await errorLineOf(withErrorsOf));
      const whole = line ? withLine(notification, line) : notification;
      await store.enqueueNotification(whole, ids, now());
    }
    told.set(notification.id, now());
  }

  /** A log that does not answer in time holds up no notification. */
  async function errorLineOf(deployment: Deployment): Promise<Told | null> {
    const line = deps.errorLine?.(deployment) ?? Promise.resolve(null);
    return within(ERROR_LINE_WITHIN_MS, line).catch(() => null);
  }

  async function tellDeployment(deployment: Deployment): Promise<void> {
    const at = now();
    const lifecycle = lifecycleNotifications(deployment);
    for (const notification of [...lifecycle, ...deploymentNotifications(deployment, at)].sort((a, b) => a.at - b.at))
      if (isStillAsked(notification.kind) || at - notification.at < NEWS_MS)
        await tell(notification, WITH_ERRORS.has(notification.kind) ? deployment : null);
  }

  /** A freeze of every application is told once to each endpoint, whichever applications it is for. */
  async function tellFreezes(): Promise<void> {
    const names = deps.config.applications.map(({ name }) => name);
    for (const freeze of await store.listFreezes(null))
      for (const notification of freezeNotifications(freeze, now())) {
        if (told.has(notification.id) || now() - notification.at >= NEWS_MS) continue;
        const about = freeze.application === null ? ["*", ...names] : [freeze.application];
        const ids = new Set(about.flatMap((name) => endpoints.idsFor(name, notification.kind)));
        await store.enqueueNotification(notification, [...ids], now());
        told.set(notification.id, now());
      }
  }

  function watchCondition(snapshot: ApplicationSnapshot, condition: (typeof CONDITIONS)[number]): void {
    const { name, traffic } = snapshot;
    if (endpoints.idsFor(name, condition.kind).length === 0) return;
    const key = `${name} ${condition.key}`;
    const words = condition.find(snapshot);
    const known = conditions.get(key);
    if (words === null) conditions.delete(key);
    else if (!known || englishOf(known.words) !== englishOf(words))
      conditions.set(key, { words, readAt: traffic.readAt, notedAt: null });
    else if (traffic.readAt - known.readAt >= condition.afterMs && now() - (known.notedAt ?? 0) >= CONDITION_NOTE_MS) {
      known.notedAt = now();
      void record(async () => {
        const seen = `${condition.key}:${fingerprint(englishOf(words))}`;
        const since = await store.noteCondition(name, seen, now(), CONDITION_GAP_MS);
        await tell(condition.notification(snapshot, words, since));
      });
    }
  }

  async function sweep(): Promise<void> {
    if (now() - sweptAt < SWEEP_MS) return;
    sweptAt = now();
    for (const deployment of await store.listDeploymentsInFlight()) await tellDeployment(deployment);
    await tellFreezes();
    if (now() - finishedSweptAt >= SWEEP_FINISHED_MS) await sweepFinished();
    for (const [id, at] of told) if (now() - at > KEPT_MS) told.delete(id);
    if (now() - prunedAt < PRUNE_MS) return;
    prunedAt = now();
    await store.pruneOutbox(now() - KEPT_MS);
  }

  async function sweepFinished(): Promise<void> {
    for (const { name } of deps.config.applications) {
      const last = await store.findLastFinished(name);
      if (last) await tellDeployment(last);
    }
    finishedSweptAt = now();
  }

  async function round(): Promise<void> {
    await record(sweep);
    await worker.pump();
  }

  function schedule(): void {
    if (state !== "running" || endpoints.isEmpty) return;
    timer = setTimeout(() => {
      running = round().finally(schedule);
    }, TICK_MS);
    timer.unref();
  }

  return {
    start() {
      if (state !== "new") return;
      state = "running";
      running = round().finally(schedule);
    },
    async stop() {
      state = "stopped";
      if (timer) clearTimeout(timer);
      worker.stop();
      await running;
      await recording;
      await worker.settled();
    },
    deploymentChanged(deployment) {
      void record(() => tellDeployment(deployment));
    },
    snapshotChanged(snapshot) {
      for (const condition of CONDITIONS) watchCondition(snapshot, condition);
    },
    async runOnce() {
      sweptAt = Number.NEGATIVE_INFINITY;
      await round();
      await worker.settled();
    },
    endpoints: () => endpoints.list,
    recorded: () => recording,
  };
}

/** With one more line at its end. */
function withLine(notification: Notification, line: Told): Notification {
  const { text, lines } = notification;
  return { ...notification, text: `${text}\n${englishOf(line)}`, ...(lines ? { lines: [...lines, line] } : {}) };
}
