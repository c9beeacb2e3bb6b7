import { createHash, timingSafeEqual } from "node:crypto";

/** Compares secrets in a time that tells nothing about either, their lengths included. */
export function equalsInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
