import type { Result } from "../domain/blocker.ts";
import type { Context } from "../operations/context.ts";
import { findPermissionRefusal } from "../operations/permission.ts";
import { refusalOf } from "../operations/refusal.ts";

/** The order of every query: permission to view, then its own part. Nothing expected is thrown. */
export async function ask<T>(ctx: Context, answer: () => Promise<Result<T>>): Promise<Result<T>> {
  const denied = findPermissionRefusal(ctx, "view");
  if (denied) return denied;
  try {
    return await answer();
  } catch (error) {
    return refusalOf(error);
  }
}
