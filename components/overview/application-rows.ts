import { isAwaitingSwitch } from "@/lib/domain/deployment/deployment.ts";
import { isHeldOpen } from "@/lib/domain/deployment/gate-words.ts";
import { foldText } from "@/lib/domain/log/plain-text.ts";
import type { ApplicationSummary, DeploymentSummary } from "@/lib/domain/snapshot/summary.ts";

export const GROUPINGS = ["none", "account", "region", "cluster", "team"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Rows under one heading; `name` is null without a heading, and empty for those that have no such thing. */
export interface RowGroup {
  name: string | null;
  rows: readonly ApplicationSummary[];
}

/** Whether a row is shown for what was typed: every word must be found in its name, place, team, side or version. */
export function matchesFilter(summary: ApplicationSummary, filter: string): boolean {
  const { slots, traffic } = summary;
  const text = [
    summary.name,
    summary.cluster,
    summary.region,
    summary.account,
    summary.team,
    summary.controller,
    traffic.live,
    slots.blue.revision?.tag,
    slots.green.revision?.tag,
    summary.alarms.length > 0 ? "alarm" : "",
    summary.deployment ? "in flight deploying" : "",
  ]
    .map((part) => foldText(part ?? ""))
    .join(" ");
  return foldText(filter)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What needs a person first: rolled back by itself, then faults, warnings, and what waits; then what is in flight, then by name. */
export function worstFirst(summaries: readonly ApplicationSummary[]): ApplicationSummary[] {
  const ranks = new Map(summaries.map((summary) => [summary, rank(summary)]));
  const rankOf = (summary: ApplicationSummary) => ranks.get(summary) ?? 0;
  return summaries.toSorted((a, b) => rankOf(a) - rankOf(b) || compareNames(a.name, b.name));
}

/** Rows by what they have in common, in their order within; the group with the row to look at first is the first. */
export function groupRows(rows: readonly ApplicationSummary[], grouping: Grouping): RowGroup[] {
  if (grouping === "none") return [{ name: null, rows }];
  const groups = Map.groupBy(rows, (row) => row[grouping] ?? "");
  const firstRank = ([first]: readonly ApplicationSummary[]) => (first ? rank(first) : IDLE);
  return [...groups]
    .map(([name, members]) => ({ name, rows: members }))
    .toSorted((a, b) => firstRank(a.rows) - firstRank(b.rows) || compareNames(a.name, b.name));
}

/** Whether a person is waited for, or something is wrong that a person should look at. */
export function needsPerson(summary: ApplicationSummary): boolean {
  return rank(summary) <= WAITING;
}

/** Whether it goes on only when somebody says so. */
export function isWaitingForPeople(deployment: DeploymentSummary): boolean {
  return isAwaitingSwitch(deployment) || isHeldOpen(deployment);
}

const WAITING = 2;
const IDLE = 4;

function rank(summary: ApplicationSummary): number {
  if (summary.automaticRollback) return -1;
  if (summary.alarms.some((alarm) => alarm.severity === "fault")) return 0;
  if (summary.alarms.length > 0 || (summary.traffic.drift && !summary.isUnread)) return 1;
  if (!summary.deployment) return IDLE;
  return isWaitingForPeople(summary.deployment) ? WAITING : 3;
}

const collator = new Intl.Collator("en");
const compareNames = (a: string, b: string) => collator.compare(a, b);
