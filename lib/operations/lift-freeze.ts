import { z } from "zod";
import type { Identity } from "../domain/access/role.ts";
import type { Freeze } from "../domain/rules/freeze.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { administer } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { refuse, withStore } from "../request/refusal.ts";

const ID = "give the freeze's id";

/** What the operation takes. */
const liftFreezeInput = z.object({ freezeId: z.string(ID).regex(/^[A-Za-z0-9_-]{1,64}$/, ID) });

/** Lets the line run again before the freeze's end; one that has ended stays as it is. */
export function liftFreeze(ctx: Context, input: unknown): Promise<Result<Freeze>> {
  return administer(ctx, input, {
    action: "line.lifted",
    permission: "freeze",
    schema: liftFreezeInput,
    run,
    describe: ({ application, reason }) =>
      `The line of ${application ?? "every application"} runs again; it was stopped for: ${reason}`,
    applicationOf: (freeze) => freeze.application,
  });
}

async function run(
  ctx: Context & { identity: Identity },
  { freezeId }: z.infer<typeof liftFreezeInput>,
): Promise<Result<Freeze>> {
  const { runtime, identity } = ctx;
  const none = refuse("NOT_FOUND", `There is no freeze ${freezeId}`);
  const known = await withStore(() => runtime.store.findFreeze(freezeId));
  if (!known) return none;
  const denied = findPermissionRefusal(ctx, "freeze", known.application);
  if (denied) return denied.code === "NOT_FOUND" ? none : denied;
  const lifted = await withStore(() => runtime.store.liftFreeze(freezeId, identity.name, runtime.now()));
  runtime.hub.recordChanged(known.application);
  return lifted ? { ok: true, value: lifted } : none;
}
