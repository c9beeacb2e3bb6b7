import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { Identity } from "../domain/access/role.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { membersOnly } from "../request/input.ts";
import { onAll } from "../request/judge.ts";
import { withStore } from "../request/refusal.ts";

/** What the operation takes. */
const endSessionsInput = membersOnly({
  personId: z
    .string(fix(say("input.whose")))
    .trim()
    .min(1, fix(say("input.whose")))
    .max(200, fix(say("input.atMost", { count: 200 }))),
});

/** Whose sessions were ended, and how many the record knew. */
export interface EndedSessions {
  personId: string;
  count: number;
}

/** Signs a person out everywhere: the next request is refused, open streams end within seconds. Roles stay. Safe to call twice. */
export const endSessions = defineAdministration({
  action: "session.revoked",
  permission: "access",
  schema: endSessionsInput,
  scope: onAll,
  run,
  describe,
});

async function run(
  { runtime, identity }: Context & { identity: Identity },
  { personId }: z.infer<typeof endSessionsInput>,
): Promise<Result<EndedSessions>> {
  const count = await withStore(() => runtime.store.endSessionsOf(personId, identity.name, runtime.now()));
  await withStore(() => runtime.accessCache.refresh());
  return { ok: true, value: { personId, count } };
}

function describe({ personId, count }: EndedSessions): Sentence {
  return say("auditRow.sessionsEnded", { person: personId, count });
}
