import { randomUUID } from "node:crypto";
import { z } from "zod";
import { fix } from "../config/fix.ts";
import { foldAddress } from "../domain/access/address.ts";
import { type Grant, isGrantValid } from "../domain/access/grant.ts";
import { type Identity, ROLES } from "../domain/access/role.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { fields, heldSaid, membersOnly } from "../request/input.ts";
import { onApplication } from "../request/judge.ts";
import { findApplication } from "../request/load-facts.ts";
import { noApplication } from "../request/permission.ts";
import { refuse, withStore } from "../request/refusal.ts";

const LONGEST_MS = 366 * 24 * 60 * 60_000;
const END_SAID = say("input.endOrNone");
const END = fix(END_SAID);
const ADDRESS = fix(say("input.email"));

/** What the operation takes; without an application the role holds on all of them, those of later as well. */
const grantRoleInput = membersOnly({
  kind: z.enum(["address", "group"], fix(say("input.either", { one: "address", other: "group" }))),
  who: z
    .string(fix(say("input.who")))
    .trim()
    .min(1, fix(say("input.who")))
    .max(200, fix(say("input.atMost", { count: 200 }))),
  role: z.enum(ROLES, fix(say("input.oneOf", { values: ROLES.join(", ") }))),
  application: fields.application.nullish().transform((name) => name ?? null),
  expiresAt: z
    .union([z.int(END), z.string(END).max(40, END)], END)
    .nullish()
    .transform((end) => end ?? null),
  reason: fields.reason,
}).refine(({ kind, who }) => kind === "group" || /^(\*|[^@\s*]+)@[^@\s*]+$/.test(who), {
  path: ["who"],
  message: ADDRESS,
});
type Input = z.infer<typeof grantRoleInput>;

/** Gives a role to an address or a group, on one application or on all. A grant that stands already is answered with. */
export const grantRole = defineAdministration({
  action: "grant.made",
  permission: "access",
  schema: grantRoleInput,
  scope: onApplication,
  run,
  describe,
});

async function run(ctx: Context & { identity: Identity }, input: Input): Promise<Result<Grant>> {
  const { runtime, identity } = ctx;
  const now = runtime.now();
  const { expiresAt: end, application } = input;
  const expiresAt = typeof end === "string" ? Date.parse(end) : end;
  if (expiresAt !== null && !(expiresAt > now && expiresAt <= now + LONGEST_MS))
    return refuse(
      "INVALID_INPUT",
      heldSaid("expiresAt", end),
      say("input.fixOf", { field: "expiresAt", fix: say("input.fromNow", { fix: END_SAID }) }),
    );
  if (application !== null) {
    const found = findApplication(runtime, application);
    if (!found.ok && found.code === "NOT_FOUND") return noApplication(application);
  }
  const grant: Grant = {
    id: `g-${randomUUID().replaceAll("-", "").slice(0, 12)}`,
    kind: input.kind,
    who: input.kind === "address" ? foldAddress(input.who) : input.who,
    role: input.role,
    application,
    reason: input.reason,
    createdBy: identity.name,
    createdAt: now,
    expiresAt,
    revokedAt: null,
    revokedBy: null,
  };
  const same = (await withStore(() => runtime.store.listGrants("standing", now))).find((one) =>
    isSame(one, grant, now),
  );
  if (same) return { ok: true, value: same };
  await withStore(() => runtime.store.insertGrant(grant));
  await withStore(() => runtime.accessCache.refresh());
  return { ok: true, value: grant };
}

function isSame(one: Grant, other: Grant, now: number): boolean {
  const keys = ["kind", "who", "role", "application", "expiresAt"] as const;
  return isGrantValid(one, now) && keys.every((key) => one[key] === other[key]);
}

function describe({ id, kind, who, role, application, expiresAt }: Grant): Sentence {
  const values = { id, kind, who, role, where: application ?? say("auditRow.allApplications") };
  if (expiresAt === null) return say("auditRow.granted", values);
  return say("auditRow.grantedUntil", { ...values, until: new Date(expiresAt).toISOString() });
}
