import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { somebodyOf } from "../domain/deployment/person.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { withoutOverridable } from "../domain/rules/override-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Blocker } from "../domain/verb/blocker.ts";
import { fields, membersOnly } from "../request/input.ts";
import type { Operating } from "../request/operate.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { type Refusal, refuse } from "../request/refusal.ts";
import { requireRecentSignIn } from "../request/require-recent-sign-in.ts";

/** An approver's word against refusals: the application's name typed out, and why. */
export const overrideField = membersOnly({
  application: fields.application,
  reason: z
    .string(fix(say("input.reason")))
    .trim()
    .min(1, fix(say("input.reason")))
    .max(500, fix(say("input.atMost", { count: 500 }))),
})
  .nullish()
  .describe("For approvers: overrides what is judged of health and drift; the application's name again, and a reason");

/** What is left in the way, and the override for the record; null when nothing had to be overridden. */
interface Taken {
  ok: true;
  blockers: Blocker[];
  override: NonNullable<Deployment["override"]> | null;
}

/** Weighs an override against what is in the way of sending traffic to a side. Without one everything stays in the way. */
export function takeOverride(
  { ctx, input }: Operating<{ application: string; override?: z.infer<typeof overrideField> }>,
  to: SlotColor,
  blockers: Blocker[],
): Taken | Refusal<never> {
  const { application, override } = input;
  if (!override) return { ok: true, blockers, override: null };
  const denied = findPermissionRefusal(ctx, "override", application);
  const unverified = denied ?? requireRecentSignIn(ctx);
  if (unverified) return unverified;
  if (override.application !== application)
    return refuse(
      "INVALID_INPUT",
      say("refusal.overrideElsewhere", { value: JSON.stringify(override.application), application }),
      say("refusal.typeOwnName"),
    );
  const left = withoutOverridable(blockers);
  const overridden = blockers.filter((blocker) => !left.includes(blocker));
  if (overridden.length === 0) return { ok: true, blockers: left, override: null };
  const { name, via } = ctx.identity;
  const actor = { ...somebodyOf(ctx.identity), name, via };
  return {
    ok: true,
    blockers: left,
    override: { to, actor, reason: override.reason, blockers: overridden, at: ctx.runtime.now() },
  };
}
