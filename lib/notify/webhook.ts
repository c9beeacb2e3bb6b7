import type { WebhookConfig } from "../config/notifications-config.ts";
import type { Delivery } from "../domain/notification/notification.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { retryAfterMs } from "./back-off.ts";
import type { Outcome } from "./outcome.ts";
import { genericPayload, slackPayload } from "./payload.ts";
import { signatureOf } from "./signature.ts";

/** What sending leans on. */
export interface WebhookDeps {
  fetch: typeof fetch;
  baseUrl: string;
  timeoutMs: number;
  now: () => number;
}

/** The body itself is at fault, or the address is gone for good; anything else may be put right by its owner. */
const REFUSALS: ReadonlySet<number> = new Set([400, 410, 413, 422]);
/** As Slack says that its address is revoked, its channel archived or its app not allowed: none of these comes back by itself. */
const SLACK_REFUSALS: ReadonlySet<number> = new Set([403, 404]);

/** Sends one notification once. A redirect is not followed: it could lead anywhere, and the body is not for anyone. */
export async function sendWebhook(deps: WebhookDeps, webhook: WebhookConfig, delivery: Delivery): Promise<Outcome> {
  const { notification, attempts } = delivery;
  const body =
    webhook.format === "slack"
      ? slackPayload(notification, deps.baseUrl, webhook.language)
      : genericPayload(notification, deps.baseUrl);
  const headers: Record<string, string> = {
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Switchyard",
    "x-switchyard-id": notification.id,
    "x-switchyard-event": notification.kind,
    "x-switchyard-attempt": String(attempts),
  };
  if (webhook.secret !== null) headers["x-switchyard-signature"] = signatureOf(webhook.secret, body, deps.now());
  let response: Response;
  try {
    response = await deps.fetch(webhook.url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(deps.timeoutMs),
    });
  } catch (error) {
    return { kind: "retry", error: failureSaid(error, deps.timeoutMs) };
  }
  // Nothing an endpoint writes is read; letting go also ends a body that never ends.
  response.body?.cancel().catch(() => undefined);
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status >= 300 && status < 400) return { kind: "retry", error: say("delivery.redirects", { status }) };
  if (REFUSALS.has(status) || (webhook.format === "slack" && SLACK_REFUSALS.has(status)))
    return { kind: "refused", error: `HTTP ${status}` };
  const waitMs = retryAfterMs(response.headers.get("retry-after"), deps.now());
  return { kind: "retry", error: `HTTP ${status}`, ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}) };
}

/** Codes alone: messages of the network stack may carry the address. */
function failureSaid(error: unknown, timeoutMs: number): Sentence {
  if (error instanceof Error && error.name === "TimeoutError")
    return say("delivery.noAnswerWithin", { seconds: timeoutMs / 1000 });
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ("code" in cause && typeof cause.code === "string") return say("delivery.noAnswerCode", { code: cause.code });
  return say("delivery.noAnswer");
}
