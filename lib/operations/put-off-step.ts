import { z } from "zod";
import { fix } from "../config/fix.ts";
import type { Identity } from "../domain/access/role.ts";
import type { PutOff } from "../domain/readiness/readiness.ts";
import { STEP_IDS } from "../domain/readiness/readiness-report.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { fields, heldSaid, membersOnly } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { noApplication } from "../request/permission.ts";
import { refuse, withStore } from "../request/refusal.ts";

const LONGEST_MS = 366 * 24 * 60 * 60_000;
const UNTIL_SAID = say("input.endOrTakeUp");
const UNTIL = fix(UNTIL_SAID);
const REASON = fix(say("input.reason"));

/** What the operation takes. The date must be said; null takes the step up again. */
export const putOffInput = membersOnly({
  application: fields.application,
  step: z.enum(STEP_IDS, fix(say("input.chooseOneOf", { values: STEP_IDS.join(", ") }))),
  reason: z
    .string(REASON)
    .trim()
    .min(1, REASON)
    .max(500, fix(say("input.atMost", { count: 500 }))),
  until: z.union([z.int(UNTIL), z.string(UNTIL).max(40, UNTIL), z.null()], UNTIL),
});
type Input = z.infer<typeof putOffInput>;

/**
 * Says that a step of readiness waits, why and until when. Nothing in AWS changes, and the step is judged again once the date
 * has passed. The same word twice is one.
 */
export const putOffStep = defineAdministration({
  action: "readiness.put-off",
  permission: "acknowledge",
  schema: putOffInput,
  scope: onApplication,
  run,
  describe: ({ step, until, at }) =>
    until > at
      ? say("auditRow.waits", { step, until: new Date(until).toISOString() })
      : say("auditRow.takenUp", { step }),
  change: ({ step }) => ({ subject: step }),
});

async function run({ runtime, identity }: Context & { identity: Identity }, input: Input): Promise<Result<PutOff>> {
  const { application, step, reason } = input;
  const now = runtime.now();
  if (!runtime.readiness.subjects().some((subject) => subject.application === application))
    return noApplication(application);
  const until = typeof input.until === "string" ? Date.parse(input.until) : input.until;
  if (until !== null && !(until > now && until <= now + LONGEST_MS))
    return refuse(
      "INVALID_INPUT",
      heldSaid("until", input.until),
      say("input.fixOf", { field: "until", fix: say("input.fromNow", { fix: UNTIL_SAID }) }),
    );
  const putOff: PutOff = { application, step, reason, by: identity.name, at: now, until: until ?? now };
  await withStore(() => runtime.store.savePutOff(putOff));
  return { ok: true, value: putOff };
}
