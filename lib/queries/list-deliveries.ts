import { seenApplications } from "../domain/access/role.ts";
import { DELIVERY_STATES, type Delivery } from "../domain/notification/notification.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { heldSaid } from "../request/input.ts";
import { type PageRequest, pageOf } from "../request/page-request.ts";
import { refuse, withStore } from "../request/refusal.ts";
import type { Page } from "../store/store.ts";

/** Which deliveries; all applications and states unless named. */
export interface DeliveryFilter extends PageRequest {
  application?: string | null;
  state?: string | null;
}

/** Who was told of what and whether it arrived, newest first. Endpoints have names here, never addresses or secrets. */
export function listDeliveries(ctx: Context, filter: DeliveryFilter): Promise<Result<Page<Delivery>>> {
  return ask(ctx, null, async () => {
    const page = pageOf(filter);
    if (!page.ok) return page;
    const state = DELIVERY_STATES.find((candidate) => candidate === filter.state);
    if (filter.state && !state)
      return refuse(
        "INVALID_INPUT",
        heldSaid("state", filter.state),
        say("input.fixOf", { field: "state", fix: say("input.give", { what: DELIVERY_STATES.join(", ") }) }),
      );
    const applications = seenApplications(ctx.identity);
    const wanted = {
      ...(applications === null ? {} : { applications }),
      ...(filter.application ? { application: filter.application } : {}),
      ...(state ? { state } : {}),
    };
    return { ok: true, value: await withStore(() => ctx.runtime.store.listDeliveries(wanted, page.value)) };
  });
}
