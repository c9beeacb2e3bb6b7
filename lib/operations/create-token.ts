import { randomUUID } from "node:crypto";
import { z } from "zod";
import { hashOfSecret, newTokenSecret } from "../auth/api-token.ts";
import { fix } from "../config/fix.ts";
import { type ApiToken, EVERY_APPLICATION } from "../domain/access/api-token.ts";
import type { Identity } from "../domain/access/role.ts";
import { changeMembers } from "../domain/audit/audit-words.ts";
import { namesOf } from "../domain/deployment/person.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { VERBS } from "../domain/verb/verb.ts";
import { defineAdministration } from "../request/administer.ts";
import type { Context } from "../request/context.ts";
import { heldSaid, membersOnly } from "../request/input.ts";
import { onTokenOf, type Scope } from "../request/judge.ts";
import { findApplication } from "../request/load-facts.ts";
import { noApplication } from "../request/permission.ts";
import { refuse, withStore } from "../request/refusal.ts";

const LONGEST_MS = 366 * 24 * 60 * 60_000;
const END_SAID = say("input.endWithinYear");
const END = fix(END_SAID);

/** What the operation takes; without verbs the token only looks. */
export const createTokenInput = membersOnly({
  name: z
    .string(fix(say("input.name")))
    .trim()
    .min(1, fix(say("input.name")))
    .max(80, fix(say("input.atMost", { count: 80 }))),
  verbs: z
    .array(
      z.enum(VERBS, fix(say("input.verbsOf", { values: VERBS.join(", ") }))),
      fix(say("input.listOf", { what: say("input.noun.verbs") })),
    )
    .max(VERBS.length),
  applications: z
    .array(z.string().min(1).max(64), fix(say("input.listOf", { what: say("input.noun.applications") })))
    .min(1, fix(say("input.listOrAll", { all: EVERY_APPLICATION })))
    .max(100, fix(say("input.atMostOf", { count: 100, what: say("input.noun.applications") }))),
  expiresAt: z.union([z.int(END), z.string(END).max(40, END)], END),
});
type Input = z.infer<typeof createTokenInput>;

/** A new token and its secret, which nobody can read again. */
export interface CreatedToken {
  token: ApiToken;
  secret: string;
}

/** Makes a token for a pipeline. Calling twice makes two: the first one's secret is gone, so revoke it. */
export const createToken = defineAdministration({
  action: "token.created",
  schema: createTokenInput,
  scope: onEach,
  run,
  describe,
  change,
});

/** About every application that the token will be for. */
function onEach(input: Input): Scope<null> {
  return { ...onTokenOf(input), record: null };
}

async function run(ctx: Context & { identity: Identity }, input: Input): Promise<Result<CreatedToken>> {
  const { runtime, identity } = ctx;
  const now = runtime.now();
  const expiresAt = typeof input.expiresAt === "number" ? input.expiresAt : Date.parse(input.expiresAt);
  if (!(expiresAt > now && expiresAt <= now + LONGEST_MS))
    return refuse(
      "INVALID_INPUT",
      heldSaid("expiresAt", input.expiresAt),
      say("input.fixOf", { field: "expiresAt", fix: say("input.fromNow", { fix: END_SAID }) }),
    );
  const applications = [...new Set(input.applications)];
  if (applications.includes(EVERY_APPLICATION)) applications.splice(0, applications.length, EVERY_APPLICATION);
  else
    for (const name of applications) {
      const found = findApplication(runtime, name);
      if (!found.ok && found.code === "NOT_FOUND") return noApplication(name);
    }
  const secret = newTokenSecret();
  const token: ApiToken = {
    id: `t-${randomUUID().replaceAll("-", "").slice(0, 12)}`,
    name: input.name,
    verbs: VERBS.filter((verb) => input.verbs.includes(verb)),
    applications,
    createdBy: identity.name,
    ...(identity.via === "session" ? { madeBy: namesOf(identity) } : {}),
    createdAt: now,
    expiresAt,
    lastUsedAt: null,
    revokedAt: null,
    revokedBy: null,
  };
  await withStore(() => runtime.store.insertApiToken(token, hashOfSecret(secret)));
  return { ok: true, value: { token, secret } };
}

function change({ token: { id } }: CreatedToken) {
  return { subject: `token ${id}`, ...changeMembers(null, say("auditRow.valid")) };
}

function describe({ token }: CreatedToken): Sentence {
  const { id, name, verbs, applications, expiresAt } = token;
  return say("auditRow.tokenMade", {
    name,
    id,
    verbs: ["view", ...verbs].join(", "),
    applications: applications.join(", "),
    until: new Date(expiresAt).toISOString(),
  });
}
