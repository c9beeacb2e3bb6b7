import { isTokenValid } from "../domain/api-token.ts";
import type { Context } from "./context.ts";

/** Looks again whether the token behind an open stream still holds; undefined for whoever has none. */
export function mayGoOn({ identity, runtime }: Context): (() => Promise<boolean>) | undefined {
  const scope = identity?.scope;
  if (!scope) return undefined;
  return async () => {
    const token = await runtime.store.findApiToken({ id: scope.tokenId });
    return token !== null && isTokenValid(token, runtime.now());
  };
}
