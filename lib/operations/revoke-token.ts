import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { ApiToken } from "../domain/access/api-token.ts";
import type { Identity } from "../domain/access/role.ts";
import { changeMembers } from "../domain/audit/audit-words.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context, OperationRuntime } from "../request/context.ts";
import { membersOnly } from "../request/input.ts";
import { onTokenOf, type Scope } from "../request/judge.ts";
import { type Refusal, refuse, withStore } from "../request/refusal.ts";

/** What the operation takes. */
const revokeTokenInput = membersOnly({
  tokenId: z.string(fix(say("input.token"))).regex(/^t-[0-9a-f]{12}$/, fix(say("input.tokenForm"))),
});
type Input = z.infer<typeof revokeTokenInput>;

/** Ends a token at once: its next request is refused, and its open streams end within seconds. Safe to call twice. */
export const revokeToken = defineAdministration({
  action: "token.revoked",
  schema: revokeTokenInput,
  scope: onToken,
  run,
  describe,
  change,
});

/** About every application that the token is for. */
async function onToken({ tokenId }: Input, { store }: OperationRuntime): Promise<Scope<ApiToken> | Refusal<never>> {
  const record = await withStore(() => store.findApiToken({ id: tokenId }));
  if (!record) return noToken(tokenId);
  return { ...onTokenOf(record), record, told: () => noToken(tokenId) };
}

async function run(
  { runtime, identity }: Context & { identity: Identity },
  { tokenId }: Input,
): Promise<Result<ApiToken>> {
  const token = await withStore(() => runtime.store.revokeApiToken(tokenId, identity.name, runtime.now()));
  runtime.tokens.forget(tokenId);
  return token ? { ok: true, value: token } : noToken(tokenId);
}

/** Whoever may not make a token like it has not seen it either. */
function noToken(id: string): Refusal<never> {
  return refuse("NOT_FOUND", say("refusal.noToken", { id }));
}

function change({ id }: ApiToken) {
  return { subject: `token ${id}`, ...changeMembers(say("auditRow.valid"), say("auditRow.revoked")) };
}

function describe({ id, name }: ApiToken): Sentence {
  return say("auditRow.tokenRevoked", { name, id });
}
