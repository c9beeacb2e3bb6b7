import { inTime } from "../async/within.ts";
import { asQuestion } from "../aws/question.ts";
import type { Permission } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import type { Context } from "./context.ts";
import { findPermissionRefusal } from "./permission.ts";
import { findRateRefusal } from "./rate-limit.ts";
import { notInTime, refusalOf } from "./refusal.ts";

/** What a question that asks AWS counts for beside one that is answered from what is known here. */
export const ASKS_AWS = 6;

/** How long one that asks AWS takes at most, in ms, unless its own part says how far it has come. */
const PATIENCE_MS = 12_000;

/**
 * The order of every query: permission on the application that it is about ("view" when left out), not too often, then its own
 * part, which asks AWS for nothing that actions need. One about none (null) leaves out what the asker may not see. Nothing
 * expected is thrown. `cost` is what it counts for beside a question that is answered from what is known here; one that asks AWS is
 * refused after `patienceMs`, and what it asked is left to itself.
 */
export async function ask<T>(
  ctx: Context,
  application: string | null,
  answer: () => Promise<Result<T>>,
  {
    permission = "view",
    cost = 1,
    patienceMs = PATIENCE_MS,
  }: { permission?: Permission; cost?: number; patienceMs?: number } = {},
): Promise<Result<T>> {
  const denied = findPermissionRefusal(ctx, permission, application);
  if (denied) return denied;
  const tooMany = ctx.identity && findRateRefusal(ctx.runtime, ctx.identity, "questions", cost);
  if (tooMany) return tooMany;
  try {
    const answered = asQuestion(answer);
    if (cost < ASKS_AWS) return await answered;
    const done = await inTime(patienceMs, answered);
    return done ? done.value : notInTime(patienceMs);
  } catch (error) {
    return refusalOf(error);
  }
}
