import type { Permission } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import type { Context } from "./context.ts";
import { findPermissionRefusal } from "./permission.ts";
import { refusalOf } from "./refusal.ts";

/**
 * The order of every query: permission on the application that it is about ("view" when left out), then its own part. One about none (null)
 * leaves out what the asker may not see. Nothing expected is thrown.
 */
export async function ask<T>(
  ctx: Context,
  application: string | null,
  answer: () => Promise<Result<T>>,
  permission: Permission = "view",
): Promise<Result<T>> {
  const denied = findPermissionRefusal(ctx, permission, application);
  if (denied) return denied;
  try {
    return await answer();
  } catch (error) {
    return refusalOf(error);
  }
}
