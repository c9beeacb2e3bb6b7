import { isSameAccess } from "../domain/access/role.ts";
import type { MayGoOn } from "../streams/event-stream.ts";
import type { Context } from "./context.ts";

/**
 * Looks again whether what stays open may: over once the token or session is, changed once its roles are others than when it
 * was opened, so that it is opened anew with what may be seen then. Undefined for whoever cannot be asked again.
 */
export function mayGoOn({ identity, again }: Context): MayGoOn | undefined {
  if (!again) return undefined;
  return async () => {
    const now = await again();
    if (now === null) return "over";
    return isSameAccess(identity, now) ? "yes" : "changed";
  };
}
