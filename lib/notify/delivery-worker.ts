import type { Delivery } from "../domain/notification/notification.ts";
import { say } from "../domain/sentence/sentence.ts";
import { englishOf } from "../domain/sentence/told.ts";
import type { Store } from "../store/store.ts";
import { nextTryAt } from "./back-off.ts";
import { sendEmail } from "./email.ts";
import type { Endpoint, Endpoints } from "./endpoint.ts";
import { notificationIn } from "./notification-in.ts";
import type { Outcome } from "./outcome.ts";
import { sendWebhook } from "./webhook.ts";

/** Takes what is due from the outbox and sends it, each endpoint for itself. */
export interface DeliveryWorker {
  /** Takes what is due and begins to send it; what waits behind it follows by itself. Never rejects. */
  pump(): Promise<void>;
  /** Resolves when nothing is being sent. */
  settled(): Promise<void>;
  /** Takes nothing more. */
  stop(): void;
}

const AT_ONCE = 20;
const TIMEOUT_MS = 5_000;

/** What delivering leans on. */
export interface WorkerDeps {
  store: Pick<Store, "claimDeliveries" | "finishDelivery">;
  endpoints: Endpoints;
  now: () => number;
  baseUrl: string;
  log: (level: "info" | "warn" | "error", message: string, fields?: Record<string, unknown>) => void;
  fetch?: typeof fetch;
  random?: () => number;
  timeoutMs?: number;
}

/** One for each notifier. */
export function createDeliveryWorker(deps: WorkerDeps): DeliveryWorker {
  const { store, endpoints, now, baseUrl, log, timeoutMs = TIMEOUT_MS } = deps;
  const random = deps.random ?? Math.random;
  /** Longer than any try takes, so that no other replica sends the same meanwhile. */
  const leaseMs = timeoutMs * 6;
  const busy = new Set<Promise<void>>();
  let isStopped = false;
  let claiming: Promise<void> = Promise.resolve();

  function send(endpoint: Endpoint, told: Delivery): Promise<Outcome> {
    const { language } = endpoint.type === "email" ? endpoint.email : endpoint.webhook;
    const delivery = { ...told, notification: notificationIn(told.notification, language) };
    return endpoint.type === "email"
      ? sendEmail({ baseUrl, timeoutMs }, endpoint.email, endpoint.to, delivery)
      : sendWebhook({ fetch: deps.fetch ?? fetch, baseUrl, timeoutMs, now }, endpoint.webhook, delivery);
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const endpoint = endpoints.find(delivery.endpoint);
    const outcome: Outcome = endpoint
      ? await send(endpoint, delivery)
      : { kind: "refused", error: say("delivery.gone") };
    const result = resultOf(outcome, delivery);
    await store.finishDelivery(delivery, result, now());
    if (outcome.kind === "delivered" || (result.state === "pending" && delivery.attempts > 1)) return;
    const fields = {
      id: delivery.notification.id,
      endpoint: delivery.endpoint,
      host: endpoint?.host,
      attempts: delivery.attempts,
      error: englishOf(outcome.error),
    };
    if (result.state === "failed") log("error", "A notification was given up", fields);
    else log("warn", "A notification did not arrive; it is tried again", fields);
  }

  function resultOf(outcome: Outcome, delivery: Delivery) {
    const at = now();
    if (outcome.kind === "delivered") return { state: "delivered" as const, nextAt: at, error: null };
    const { error } = outcome;
    if (outcome.kind === "refused") return { state: "failed" as const, nextAt: at, error };
    const nextAt = nextTryAt(delivery, at, random(), outcome.retryAfterMs);
    return nextAt === null
      ? { state: "failed" as const, nextAt: at, error }
      : { state: "pending" as const, nextAt, error };
  }

  function begin(delivery: Delivery): void {
    const work: Promise<void> = attempt(delivery)
      .catch((error: unknown) => {
        log("warn", "How a notification went could not be written down; it may be sent again", {
          id: delivery.notification.id,
          endpoint: delivery.endpoint,
          error,
        });
      })
      .finally(() => {
        busy.delete(work);
        // The next one for this endpoint has waited for this one.
        return pump();
      });
    busy.add(work);
  }

  async function claim(): Promise<void> {
    const room = AT_ONCE - busy.size;
    if (isStopped || room <= 0) return;
    for (const delivery of await store.claimDeliveries(now(), leaseMs, room)) begin(delivery);
  }

  /** Never waits for an endpoint, so that one that hangs holds up no other. Looks run one after another. */
  function pump(): Promise<void> {
    claiming = claiming.then(claim).catch((error: unknown) => {
      log("warn", "Notifications could not be read from the database; it is tried again", { error });
    });
    return claiming;
  }

  return {
    pump,
    async settled() {
      for (let seen = null; busy.size > 0 || seen !== claiming; ) {
        seen = claiming;
        await seen;
        await Promise.all(busy);
      }
    },
    stop() {
      isStopped = true;
    },
  };
}
