import { z } from "zod";
import { fix, fixOf } from "../config/fix.ts";
import { rolloutSchema } from "../config/rollout-config.ts";
import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";

const sentence = z
  .string()
  .trim()
  .max(500, fix(say("input.atMost", { count: 500 })));

/** Fields that several operations take; each refusal says what to give instead. */
export const fields = {
  application: z
    .string(fix(say("input.application")))
    .min(1, fix(say("input.application")))
    .max(64, fix(say("input.atMost", { count: 64 }))),
  color: z.enum(["blue", "green"], fix(say("input.either", { one: "blue", other: "green" }))),
  reason: sentence.nullish().transform((text) => text || null),
  comment: sentence.nullish().transform((text) => text || null),
  deploymentId: z.string(fix(say("input.deployment"))).regex(/^[A-Za-z0-9_-]{1,64}$/, fix(say("input.deploymentForm"))),
  /** How traffic is moved; what is configured holds when left out. */
  rollout: rolloutSchema.optional(),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, fix(say("input.idempotencyKey")))
    .nullish(),
};

/** An object of these members alone: any other is refused by its name, together with those that there are. */
export function membersOnly<S extends z.ZodRawShape>(shape: S) {
  const known = fix(say("input.leaveOutKnown", { names: Object.keys(shape).join(", ") }));
  return z.strictObject(shape, { error: ({ code }) => (code === "unrecognized_keys" ? known : undefined) });
}

const HTTPS_FIX = fix(say("input.httpsAtMost", { count: 500 }));
/** An address is shown to everybody who sees the deployment: one with a user or password in it is refused. */
const httpsUrl = z
  .url({ protocol: /^https$/, error: HTTPS_FIX })
  .max(500, HTTPS_FIX)
  .refine((url) => {
    const parsed = URL.parse(url);
    return !parsed?.username && !parsed?.password;
  }, HTTPS_FIX);

/** Where a revision comes from, in the words of whoever deploys it: shown as text and links, checked by nobody. */
export const sourceField = z
  .strictObject(
    {
      commit: z
        .string(fix(say("input.commit")))
        .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, fix(say("input.commitForm")))
        .optional(),
      url: httpsUrl.optional(),
      pipeline: httpsUrl.optional(),
    },
    fix(say("input.shapeOptional", { shape: "{ commit, url, pipeline }" })),
  )
  .optional();

/** Of members that there are not. */
const MOST_NAMED = 5;
const MOST_OF_A_NAME = 120;

/** Names each field, what it held and what to give: message and fix of one refusal. */
export function describeIssues(error: z.ZodError, raw: unknown): [message: Sentence, fix: Sentence] {
  const issues = error.issues.flatMap((issue) => {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, MOST_NAMED) : [];
    const paths = unknown.length > 0 ? unknown.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => ({
      field: cutText(path.join("."), MOST_OF_A_NAME) || say("input.theBody"),
      value: valueAt(raw, path),
      fix: fixOf(issue),
    }));
  });
  const held = issues.map(({ field, value }) => heldSaid(field, value));
  const fixes = issues.map(({ field, fix }) => say("input.fixOf", { field, fix }));
  return [say("input.notUnderstood", { what: listSaid(held, "semicolon") }), listSaid(fixes, "semicolon")];
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    raw,
  );
}

/** What a field holds: "limit is 1000". */
export function heldSaid(field: string | Sentence, value: unknown): Sentence {
  if (value === undefined) return say("input.isMissing", { field });
  const text = JSON.stringify(value) ?? String(value);
  return say("input.is", { field, value: text.length > 80 ? `${cutText(text, 80)}…` : text });
}
