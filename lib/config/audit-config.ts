import { hkdfSync } from "node:crypto";
import { z } from "zod";

/** The database itself keeps what is younger. */
const LEAST_DAYS = 30;
const FIX = `give ${LEAST_DAYS} to 36500 days, or null to keep everything`;

/** `audit:` of switchyard.yaml. */
export const auditSchema = z.strictObject(
  {
    /** Rows older than this go; null keeps all. Thirteen months, so that a yearly audit finds its whole year. */
    keepDays: z.int(FIX).min(LEAST_DAYS, FIX).max(36_500, FIX).nullable().default(400),
    /** Whether each hour's end of the chain goes to the log, for whoever keeps logs elsewhere. */
    tellHead: z.boolean("give true or false").default(false),
  },
  "give { keepDays: <days>, tellHead: true }",
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
