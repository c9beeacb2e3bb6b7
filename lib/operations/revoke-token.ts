import { z } from "zod";
import type { ApiToken } from "../domain/access/api-token.ts";
import type { Identity } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { administer } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { refuse, withStore } from "../request/refusal.ts";

/** What the operation takes. */
const revokeTokenInput = z.object({
  tokenId: z.string("give the token's id").regex(/^t-[0-9a-f]{12}$/, "give the token's id as the list shows it"),
});

/** Ends a token at once: its next request is refused, and its open streams end within seconds. Safe to call twice. */
export function revokeToken(ctx: Context, input: unknown): Promise<Result<ApiToken>> {
  return administer(ctx, input, { action: "token.revoked", schema: revokeTokenInput, run, describe, change });
}

async function run(
  { runtime, identity }: Context & { identity: Identity },
  { tokenId }: z.infer<typeof revokeTokenInput>,
): Promise<Result<ApiToken>> {
  const token = await withStore(() => runtime.store.revokeApiToken(tokenId, identity.name, runtime.now()));
  return token ? { ok: true, value: token } : refuse("NOT_FOUND", `There is no token ${tokenId}`);
}

function change({ id }: ApiToken) {
  return { subject: `token ${id}`, before: "valid", after: "revoked" };
}

function describe({ id, name }: ApiToken): string {
  return `Token ${name} (${id}) revoked`;
}
