import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { Delivery } from "../domain/notification/notification.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { refuse, withStore } from "../request/refusal.ts";

/** What the operation takes. */
const retryDeliveryInput = membersOnly({
  application: fields.application,
  deliveryId: z.int(fix(say("input.delivery"))).positive(fix(say("input.delivery"))),
});

/** Has a notification that has not arrived tried at once, a given-up one too. Safe to call twice. */
export const retryDelivery = defineAdministration({
  action: "delivery.retried",
  permission: "deliveries",
  schema: retryDeliveryInput,
  scope: onApplication,
  run,
  describe,
});

async function run(
  { runtime }: Context,
  { application, deliveryId }: z.infer<typeof retryDeliveryInput>,
): Promise<Result<Delivery>> {
  const { store, notifier, now } = runtime;
  const found = await withStore(() => store.findDelivery(deliveryId));
  if (found?.notification.application !== application)
    return refuse(
      "NOT_FOUND",
      say("refusal.noDelivery", { id: deliveryId, application }),
      say("refusal.reloadDeliveries"),
    );
  if (found.state === "delivered") return refuse("ALREADY_DELIVERED", say("refusal.delivered"));
  if (!notifier.endpoints().some(({ id }) => id === found.endpoint))
    return refuse(
      "ENDPOINT_GONE",
      say("refusal.endpointGone", { endpoint: found.endpoint }),
      say("refusal.endpointBack"),
    );
  const due = await withStore(() => store.retryDelivery(deliveryId, now()));
  return due ? { ok: true, value: due } : refuse("BEING_DELIVERED", say("refusal.beingDelivered"));
}

function describe({ notification: { kind, id }, endpoint }: Delivery): Sentence {
  return say("auditRow.retried", { kind, id, endpoint });
}
