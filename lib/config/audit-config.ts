import { hkdfSync } from "node:crypto";
import { z } from "zod";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";

/** The database itself keeps what is younger. */
const LEAST_DAYS = 30;
const FIX = fix(say("config.keepDays", { least: LEAST_DAYS }));

const URL_FIX = fix(say("input.httpsAddress"));
const headWebhook = z.strictObject(
  {
    url: z.url({ protocol: /^https?$/, error: URL_FIX }),
    /** Signs each request. */
    secret: z.string(fix(say("config.signingSecret"))).min(16, fix(say("input.atLeast", { count: 16 }))),
  },
  fix(say("input.shape", { shape: "{ url, secret }" })),
);

const BUCKET_FIX = fix(say("config.bucket"));
const LOCK_FIX = fix(say("input.betweenUnit", { least: 1, most: 36_500, unit: "days" }));
const headBucket = z.strictObject(
  {
    name: z.string(BUCKET_FIX).regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, BUCKET_FIX),
    prefix: z
      .string(fix(say("config.prefix")))
      .regex(/^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/, fix(say("config.prefixForm")))
      .max(200, fix(say("input.atMost", { count: 200 })))
      .default("switchyard-audit/"),
    lockDays: z.int(LOCK_FIX).min(1, LOCK_FIX).max(36_500, LOCK_FIX),
    mode: z.enum(["COMPLIANCE", "GOVERNANCE"], fix(say("config.lockMode"))).default("COMPLIANCE"),
  },
  fix(say("input.shape", { shape: "{ name, prefix, lockDays, mode }" })),
);

/** `audit:` of switchyard.yaml. */
export const auditSchema = z.strictObject(
  {
    /** Rows older than this go; null keeps all. Thirteen months, so that a yearly audit finds its whole year. */
    keepDays: z.int(FIX).min(LEAST_DAYS, FIX).max(36_500, FIX).nullable().default(400),
    /** Whether each hour's end of the chain goes to the log, for whoever keeps logs elsewhere. */
    tellHead: z.boolean(fix(say("input.trueOrFalse"))).default(false),
    /** Where each hour's end is posted. */
    headWebhook: headWebhook.optional(),
    /** Where each hour's end is an object that nobody may change, in the Region of the applications. */
    headBucket: headBucket.optional(),
  },
  fix(
    say("input.shape", {
      shape: "{ keepDays: <days>, tellHead: true, headWebhook: { url, secret }, headBucket: { name, lockDays } }",
    }),
  ),
);
export type AuditConfig = z.infer<typeof auditSchema>;

/** What is said when nothing is. */
export const DEFAULT_AUDIT: AuditConfig = auditSchema.parse({});

/**
 * The keys that sign and check where the audit was pruned: the first signs, each of them checks, so that a new one can be put
 * before the old. Without any, one follows from the secret of sessions.
 */
export function auditKeysOf(signingKey: string | null, secret: string): string[] {
  if (signingKey !== null) return signingKey.split(",").map((key) => key.trim());
  if (secret === "") return [];
  return [Buffer.from(hkdfSync("sha256", secret, "", "switchyard audit checkpoint", 32)).toString("hex")];
}
