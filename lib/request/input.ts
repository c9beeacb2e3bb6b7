import { z } from "zod";
import { rolloutSchema } from "../config/rollout-config.ts";
import { cutText } from "../domain/text/cut-text.ts";

const sentence = z.string().trim().max(500, "use 500 characters or fewer");

/** Fields that several operations take; each refusal says what to give instead. */
export const fields = {
  application: z
    .string("give the application's name")
    .min(1, "give the application's name")
    .max(64, "use 64 characters or fewer"),
  color: z.enum(["blue", "green"], 'give "blue" or "green"'),
  reason: sentence.nullish().transform((text) => text || null),
  comment: sentence.nullish().transform((text) => text || null),
  deploymentId: z
    .string("give the deployment's id")
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "give the id as the deployment's address shows it"),
  /** How traffic is moved; what is configured holds when left out. */
  rollout: rolloutSchema.optional(),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, "use 1 to 200 printable ASCII characters without spaces")
    .nullish(),
};

/** An object of these members alone: any other is refused by its name, together with those that there are. */
export function membersOnly<S extends z.ZodRawShape>(shape: S) {
  const fix = `leave it out; known here: ${Object.keys(shape).join(", ")}`;
  return z.strictObject(shape, { error: ({ code }) => (code === "unrecognized_keys" ? fix : undefined) });
}

const HTTPS_FIX = "give an https:// address of 500 characters or fewer";
const httpsUrl = z.url({ protocol: /^https$/, error: HTTPS_FIX }).max(500, HTTPS_FIX);

/** Where a revision comes from, in the words of whoever deploys it: shown as text and links, checked by nobody. */
export const sourceField = z
  .strictObject(
    {
      commit: z
        .string("give the commit's id")
        .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, "give the commit's id of letters, digits, . _ / -")
        .optional(),
      url: httpsUrl.optional(),
      pipeline: httpsUrl.optional(),
    },
    "give { commit, url, pipeline }, each of which may be left out",
  )
  .optional();

/** Of members that there are not. */
const MOST_NAMED = 5;
const MOST_OF_A_NAME = 120;

/** Names each field, what it held and what to give: message and fix of one refusal. */
export function describeIssues(error: z.ZodError, raw: unknown): [message: string, fix: string] {
  const issues = error.issues.flatMap((issue) => {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, MOST_NAMED) : [];
    const paths = unknown.length > 0 ? unknown.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => ({
      field: cutText(path.join("."), MOST_OF_A_NAME) || "the body",
      value: show(valueAt(raw, path)),
      fix: issue.message,
    }));
  });
  return [
    `Not understood: ${issues.map(({ field, value }) => `${field} is ${value}`).join("; ")}`,
    issues.map(({ field, fix }) => `${field}: ${fix}`).join("; "),
  ];
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    raw,
  );
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${cutText(text, 80)}…` : text;
}
