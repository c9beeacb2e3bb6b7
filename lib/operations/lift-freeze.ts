import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { Identity } from "../domain/access/role.ts";
import type { Freeze } from "../domain/rules/freeze.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context, OperationRuntime } from "../request/context.ts";
import { membersOnly } from "../request/input.ts";
import type { Scope } from "../request/judge.ts";
import { type Refusal, refuse, withStore } from "../request/refusal.ts";

const ID = fix(say("input.freeze"));

/** What the operation takes. */
const liftFreezeInput = membersOnly({ freezeId: z.string(ID).regex(/^[A-Za-z0-9_-]{1,64}$/, ID) });
type Input = z.infer<typeof liftFreezeInput>;

/** Lifts a freeze before its end; one that has ended stays as it is. */
export const liftFreeze = defineAdministration({
  action: "line.lifted",
  permission: "freeze",
  schema: liftFreezeInput,
  scope: onFreeze,
  run,
  describe: ({ application, reason }) =>
    application === null ? say("auditRow.liftedAll", { reason }) : say("auditRow.lifted", { application, reason }),
});

async function onFreeze({ freezeId }: Input, { store }: OperationRuntime): Promise<Scope<Freeze> | Refusal<never>> {
  const record = await withStore(() => store.findFreeze(freezeId));
  if (!record) return noFreeze(freezeId);
  const { application } = record;
  return {
    applications: application === null ? "all" : [application],
    record,
    told: (denied) => (denied.code === "NOT_FOUND" ? noFreeze(freezeId) : denied),
  };
}

async function run(
  { runtime, identity }: Context & { identity: Identity },
  { freezeId }: Input,
  known: Freeze,
): Promise<Result<Freeze>> {
  const lifted = await withStore(() => runtime.store.liftFreeze(freezeId, identity.name, runtime.now()));
  runtime.hub.recordChanged(known.application);
  return lifted ? { ok: true, value: lifted } : noFreeze(freezeId);
}

function noFreeze(id: string): Refusal<never> {
  return refuse("NOT_FOUND", say("refusal.noFreeze", { id }));
}
