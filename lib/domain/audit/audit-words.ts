import type { Deployment } from "../deployment/deployment.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";

/** A side and what it runs, as the audit names it: "green 1.1.0". */
export function sideWords(color: SlotColor, revision: Revision | null): string {
  if (revision === null) return color;
  const { tag, taskDefinition } = revision;
  return `${color} ${tag ?? taskDefinition.slice(taskDefinition.lastIndexOf("/") + 1)}`;
}

/** Where a deployment stands, as the audit names it before and after somebody changes it. */
export function standWords({ status, stage, bakeUntil }: Pick<Deployment, "status" | "stage" | "bakeUntil">): string {
  return `${status} at ${stage}${bakeUntil === null ? "" : `, bakes until ${new Date(bakeUntil).toISOString()}`}`;
}
