import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";

/** Whether a row is shown for what was typed: every word must be found in its name, cluster, region, side or version. */
export function matchesFilter(snapshot: ApplicationSnapshot, filter: string): boolean {
  const { slots, traffic } = snapshot;
  const text = [
    snapshot.name,
    snapshot.cluster,
    snapshot.region,
    snapshot.controller,
    traffic.live,
    slots.blue.revision?.tag,
    slots.green.revision?.tag,
    snapshot.alarms.length > 0 ? "alarm" : "",
    snapshot.deployment ? "in flight deploying" : "",
  ]
    .join(" ")
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What Switchyard rolled back and nobody acknowledged first, then faults, then warnings, then what is in flight, then by name. */
export function worstFirst(snapshots: readonly ApplicationSnapshot[]): ApplicationSnapshot[] {
  return snapshots.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en"));
}

function rank(snapshot: ApplicationSnapshot): number {
  if (snapshot.automaticRollback) return -1;
  if (snapshot.alarms.some((alarm) => alarm.severity === "fault")) return 0;
  if (snapshot.alarms.length > 0 || (snapshot.traffic.drift && !snapshot.isUnread)) return 1;
  return snapshot.deployment ? 2 : 3;
}
