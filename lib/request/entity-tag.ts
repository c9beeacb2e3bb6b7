import { createHash } from "node:crypto";

/** When something was looked at, and how old that is: new with every answer, though nothing else is. */
const VOLATILE = /"(?:answeredAt|observedAt|readAt|ageMs)":-?[\d.e+]+/g;

/** The weak entity tag of a JSON text: the same while nothing but ages and times of looking differ. */
export function entityTagOf(json: string): string {
  return `W/"${createHash("sha256").update(json.replaceAll(VOLATILE, "")).digest("hex").slice(0, 32)}"`;
}

/** Whether an If-None-Match header names the tag, compared weakly (RFC 9110, section 13.1.2). */
export function namesTag(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = tag.replace(/^W\//, "");
  return [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([each]) => each === opaque);
}
