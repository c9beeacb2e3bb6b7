import { createHmac, timingSafeEqual } from "node:crypto";

/** Up to where the audit was pruned: the chain goes on from here. */
export interface AuditCheckpoint {
  /** Of the newest row that is gone. */
  sequence: number;
  /** Its hash, which the oldest row that is left follows. */
  hash: string;
  /** How many rows were pruned since the beginning. */
  rows: number;
  /** Epoch ms. */
  prunedAt: number;
}

/** HMAC-SHA-256 of all of it: who can write into the database still cannot make one. */
export function signCheckpoint({ sequence, hash, rows, prunedAt }: AuditCheckpoint, key: string): string {
  const text = ["switchyard audit checkpoint 1", sequence, hash, rows, prunedAt].join("\n");
  return createHmac("sha256", key).update(text).digest("hex");
}

/** Whether one of these keys made the signature. */
export function isCheckpointSigned(checkpoint: AuditCheckpoint, signature: string, keys: readonly string[]): boolean {
  const given = Buffer.from(signature, "hex");
  return keys.some((key) => {
    const right = Buffer.from(signCheckpoint(checkpoint, key), "hex");
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
