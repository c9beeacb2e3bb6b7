import type { Revision } from "../observation/slot.ts";
import { oneLine } from "../text/one-line.ts";

/** "1.4.0", else the digest's or the task definition's short form. */
export function revisionName(revision: Revision | null): string {
  if (!revision) return "its revision";
  return revision.tag ?? revision.digest?.slice(0, 19) ?? revision.taskDefinition.replace(/^.*\//, "");
}

/** One sentence a line; each ends in a full stop. */
export function sentences(...parts: readonly (string | null | undefined)[]): string {
  const lines = parts.flatMap((part) => (part ? [oneLine(part)] : []));
  return lines.map((line) => (/[.!?…]$/.test(line) ? line : `${line}.`)).join("\n");
}
