import { isSameAccess } from "../domain/role.ts";
import type { Context } from "./context.ts";

/**
 * Looks again whether what stays open may: false once the token or session is over, and once its roles are others than when it
 * was opened, so that it is opened anew with what may be seen then. Undefined for whoever cannot be asked again.
 */
export function mayGoOn({ identity, again }: Context): (() => Promise<boolean>) | undefined {
  if (!again) return undefined;
  return async () => isSameAccess(identity, await again());
}
