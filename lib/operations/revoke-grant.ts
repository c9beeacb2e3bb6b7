import { z } from "zod";
import { fix } from "../config/fix.ts";
import { type Grant, isLastingAdmin } from "../domain/access/grant.ts";
import type { Identity } from "../domain/access/role.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context, OperationRuntime } from "../request/context.ts";
import { membersOnly } from "../request/input.ts";
import type { Scope } from "../request/judge.ts";
import { type Refusal, refuse, withStore } from "../request/refusal.ts";

/** What the operation takes. */
const revokeGrantInput = membersOnly({
  grantId: z.string(fix(say("input.grant"))).regex(/^g-[0-9a-f]{12}$/, fix(say("input.grantForm"))),
});
type Input = z.infer<typeof revokeGrantInput>;

/**
 * Takes a role back; open pages and streams have it no longer within seconds. Safe to call twice. Roles of switchyard.yaml and
 * of the identity provider are not touched, and the last admin that nothing else makes one stays.
 */
export const revokeGrant = defineAdministration({
  action: "grant.revoked",
  permission: "access",
  schema: revokeGrantInput,
  scope: onGrant,
  run,
  describe,
});

async function onGrant({ grantId }: Input, { store }: OperationRuntime): Promise<Scope<Grant> | Refusal<never>> {
  const record = await withStore(() => store.findGrant(grantId));
  if (!record) return noGrant(grantId);
  const { application } = record;
  return { applications: application === null ? "all" : [application], record, told: () => noGrant(grantId) };
}

async function run(ctx: Context & { identity: Identity }, { grantId }: Input, known: Grant): Promise<Result<Grant>> {
  const { store, now, accessCache, hasConfiguredAdmin } = ctx.runtime;
  const mayGo = (standing: readonly Grant[]) =>
    hasConfiguredAdmin || !isLastingAdmin(known) || standing.some((one) => one.id !== grantId && isLastingAdmin(one));
  const revoked = await withStore(() => store.revokeGrant(grantId, ctx.identity.name, now(), mayGo));
  if (revoked === "must stay")
    return refuse("LAST_ADMIN", say("refusal.lastAdmin", { who: known.who }), say("refusal.grantFirst"));
  if (!revoked) return noGrant(grantId);
  await withStore(() => accessCache.refresh());
  return { ok: true, value: revoked };
}

/** Whoever may not grant there has not seen it either. */
function noGrant(id: string): Refusal<never> {
  return refuse("NOT_FOUND", say("refusal.noGrant", { id }));
}

function describe({ id, kind, who, role, application }: Grant): Sentence {
  return say("auditRow.grantTaken", { id, kind, who, role, where: application ?? say("auditRow.allApplications") });
}
