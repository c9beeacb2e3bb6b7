import { hkdfSync } from "node:crypto";
import { z } from "zod";

/** The database itself keeps what is younger. */
const LEAST_DAYS = 30;
const FIX = `give ${LEAST_DAYS} to 36500 days, or null to keep everything`;

const URL_FIX = "give an https:// address";
const headWebhook = z.strictObject(
  {
    url: z.url({ protocol: /^https?$/, error: URL_FIX }),
    /** Signs each request. */
    secret: z.string("give the signing secret from the environment").min(16, "use 16 characters or more"),
  },
  "give { url, secret }",
);

const BUCKET_FIX = "give the name of a bucket that has Object Lock";
const LOCK_FIX = "give 1 to 36500 days";
const headBucket = z.strictObject(
  {
    name: z.string(BUCKET_FIX).regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, BUCKET_FIX),
    prefix: z
      .string("give a prefix")
      .regex(/^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/, "use letters, digits, . _ - and a / at the end of each part")
      .max(200, "use 200 characters or fewer")
      .default("switchyard-audit/"),
    lockDays: z.int(LOCK_FIX).min(1, LOCK_FIX).max(36_500, LOCK_FIX),
    mode: z.enum(["COMPLIANCE", "GOVERNANCE"], "choose COMPLIANCE or GOVERNANCE").default("COMPLIANCE"),
  },
  "give { name, prefix, lockDays, mode }",
);

/** `audit:` of switchyard.yaml. */
export const auditSchema = z.strictObject(
  {
    /** Rows older than this go; null keeps all. Thirteen months, so that a yearly audit finds its whole year. */
    keepDays: z.int(FIX).min(LEAST_DAYS, FIX).max(36_500, FIX).nullable().default(400),
    /** Whether each hour's end of the chain goes to the log, for whoever keeps logs elsewhere. */
    tellHead: z.boolean("give true or false").default(false),
    /** Where each hour's end is posted. */
    headWebhook: headWebhook.optional(),
    /** Where each hour's end is an object that nobody may change, in the Region of the applications. */
    headBucket: headBucket.optional(),
  },
  "give { keepDays: <days>, tellHead: true, headWebhook: { url, secret }, headBucket: { name, lockDays } }",
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
