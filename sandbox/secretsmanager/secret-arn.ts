import { createHash } from "node:crypto";
import type { Place } from "../service.ts";

/**
 * The ARN of a secret. Secrets Manager puts six characters after the name, others each time that a secret of the name is made;
 * `made` is how often that was, so that seeded ARNs are the same after a reset.
 */
export function secretArn({ region, accountId }: Place, name: string, made = 1): string {
  const suffix = createHash("sha256").update(`${name} ${made}`).digest("hex").slice(0, 6);
  return `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`;
}

/** A reference to a secret, as a task definition's `valueFrom` has it: its ARN, and what is wanted of it. Null for anything else. */
export function readSecretReference(from: string): { id: string; stage: string; versionId: string } | null {
  const [, id, , stage = "", versionId = ""] =
    /^(arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[^:]+)(?::([^:]*):([^:]*):([^:]*))?$/.exec(from) ?? [];
  return id === undefined ? null : { id, stage, versionId };
}
