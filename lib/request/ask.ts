import type { Result } from "../domain/verb/blocker.ts";
import type { Context } from "./context.ts";
import { findPermissionRefusal } from "./permission.ts";
import { refusalOf } from "./refusal.ts";

/**
 * The order of every query: permission to view the application that it is about, then its own part. One about none (null)
 * leaves out what the asker may not see. Nothing expected is thrown.
 */
export async function ask<T>(
  ctx: Context,
  application: string | null,
  answer: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const denied = findPermissionRefusal(ctx, "view", application);
  if (denied) return denied;
  try {
    return await answer();
  } catch (error) {
    return refusalOf(error);
  }
}
