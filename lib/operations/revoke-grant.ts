import { z } from "zod";
import { type Grant, isLastingAdmin } from "../domain/access/grant.ts";
import type { Identity } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { administer } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { refuse, withStore } from "../request/refusal.ts";

/** What the operation takes. */
const revokeGrantInput = z.object({
  grantId: z.string("give the grant's id").regex(/^g-[0-9a-f]{12}$/, "give the grant's id as the list shows it"),
});

/**
 * Takes a role back; open pages and streams have it no longer within seconds. Safe to call twice. Roles of switchyard.yaml and
 * of the identity provider are not touched, and the last admin that nothing else makes one stays.
 */
export function revokeGrant(ctx: Context, input: unknown): Promise<Result<Grant>> {
  return administer(ctx, input, {
    action: "grant.revoked",
    permission: "access",
    schema: revokeGrantInput,
    run,
    describe,
    applicationOf: ({ application }) => application,
  });
}

async function run(
  ctx: Context & { identity: Identity },
  { grantId }: z.infer<typeof revokeGrantInput>,
): Promise<Result<Grant>> {
  const { store, now, accessBook, hasConfiguredAdmin } = ctx.runtime;
  const none = refuse("NOT_FOUND", `There is no grant ${grantId}`);
  const known = await withStore(() => store.findGrant(grantId));
  if (!known) return none;
  const denied = findPermissionRefusal(ctx, "access", known.application);
  // Whoever may not grant there has not seen it either.
  if (denied) return none;
  const mayGo = (standing: readonly Grant[]) =>
    hasConfiguredAdmin || !isLastingAdmin(known) || standing.some((one) => one.id !== grantId && isLastingAdmin(one));
  const revoked = await withStore(() => store.revokeGrant(grantId, ctx.identity.name, now(), mayGo));
  if (revoked === "must stay")
    return refuse(
      "LAST_ADMIN",
      `Without this grant nobody would be an admin: ${known.who} is the last one`,
      "Grant admin on all applications, without an end, to somebody else first, or name one in switchyard.yaml",
    );
  if (!revoked) return none;
  await withStore(() => accessBook.refresh());
  return { ok: true, value: revoked };
}

function describe({ id, kind, who, role, application }: Grant): string {
  return `${role} on ${application ?? "all applications"} taken from ${kind} ${who} (${id})`;
}
