import { randomUUID } from "node:crypto";
import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { Identity } from "../domain/access/role.ts";
import { type Freeze, freezeSaid } from "../domain/rules/freeze.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { fields, heldSaid, membersOnly } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { findApplication } from "../request/load-facts.ts";
import { noApplication } from "../request/permission.ts";
import { refuse, withStore } from "../request/refusal.ts";

const LONGEST_MS = 366 * 24 * 60 * 60_000;
const END_SAID = say("input.endOrLifted");
const END = fix(END_SAID);

/** What the operation takes. The end must be said: null is "until somebody lifts it". */
export const freezeInput = membersOnly({
  application: fields.application.nullish().transform((name) => name ?? null),
  reason: z
    .string(fix(say("input.reason")))
    .trim()
    .min(1, fix(say("input.reason")))
    .max(500, fix(say("input.atMost", { count: 500 }))),
  until: z.union([z.int(END), z.string(END).max(40, END), z.null()], END),
});
type Input = z.infer<typeof freezeInput>;

/**
 * Stops the line for one application or all: deploy, switch and approve are refused until the end, rollback and abort stay
 * possible. The same freeze asked for twice while it holds is one.
 */
export const freezeLine = defineAdministration({
  action: "line.frozen",
  permission: "freeze",
  schema: freezeInput,
  scope: onApplication,
  run,
  describe: freezeSaid,
});

async function run(ctx: Context & { identity: Identity }, input: Input): Promise<Result<Freeze>> {
  const { runtime, identity } = ctx;
  const now = runtime.now();
  const { application, reason } = input;
  if (application !== null) {
    const found = findApplication(runtime, application);
    if (!found.ok && found.code === "NOT_FOUND") return noApplication(application);
  }
  const until = typeof input.until === "string" ? Date.parse(input.until) : input.until;
  if (until !== null && !(until > now && until <= now + LONGEST_MS))
    return refuse(
      "INVALID_INPUT",
      heldSaid("until", input.until),
      say("input.fixOf", { field: "until", fix: say("input.fromNow", { fix: END_SAID }) }),
    );
  const open = await withStore(() => runtime.store.listFreezes(now));
  const same = open.find(
    (known) =>
      known.application === application &&
      known.reason === reason &&
      known.until === until &&
      known.startedBy === identity.name,
  );
  if (same) return { ok: true, value: same };
  const freeze: Freeze = {
    id: `f-${randomUUID().replaceAll("-", "").slice(0, 12)}`,
    application,
    reason,
    startedBy: identity.name,
    startedAt: now,
    until,
    liftedAt: null,
    liftedBy: null,
  };
  await withStore(() => runtime.store.insertFreeze(freeze));
  runtime.hub.recordChanged(application);
  return { ok: true, value: freeze };
}
