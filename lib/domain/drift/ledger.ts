import { isInFlight } from "../deployment/deployment.ts";
import {
  type ConfigurationPart,
  type ConfigurationScope,
  configurationParts,
  configurationScope,
  isCount,
  isFewerStrangers,
  isRenamed,
  isSameScope,
} from "../observation/configuration-parts.ts";
import type { Observation } from "../observation/observation.ts";
import type { OutsideCaller } from "../observation/outside-caller.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { explains, type LedgerRecord, ownWrites } from "./own-writes.ts";

/** One change in AWS that Switchyard did not make, until a person has acknowledged it. Times are epoch ms. */
export interface Drift {
  id: string;
  part: ConfigurationPart;
  /** What Switchyard last wrote or read. */
  from: string;
  to: string;
  seenAt: number;
  /** Whether it blocks a switch until it is acknowledged; a changed count is only shown. */
  blocks: boolean;
  /** Who made it, as CloudTrail says; left out while it is not known yet. */
  by?: OutsideCaller;
}

/** What Switchyard last wrote or read of an application's configuration, and what differs from it now. */
export interface Ledger {
  parts: Readonly<Partial<Record<ConfigurationPart, string>>>;
  /** Whose configuration `parts` are; left out in records from before it was kept. */
  scope?: ConfigurationScope;
  /** Epoch ms of the look up to which everything Switchyard did is in `parts`. */
  at: number;
  drifts: readonly Drift[];
  /** Of the record; 0 before it was kept for the first time. */
  version: number;
}

/** AWS tells old readings for a moment after a write, so nothing is judged by them. */
const SETTLE_MS = 10_000;
/** A count is changed by autoscaling, too: it is shown for this long and then taken as it is. */
const COUNT_SHOWN_MS = 15 * 60_000;

/**
 * The ledger after one look at AWS: what is as expected or was done by Switchyard is taken over, anything else is drift.
 * Pure; the same ledger comes back while nothing is new. A look that lacks a source says nothing.
 */
export function judgeLook(known: Ledger | null, look: Observation, record: LedgerRecord): Ledger | null {
  if (!isComplete(look)) return known;
  const scope = configurationScope(look);
  if (!known) return { parts: configurationParts(look), scope, at: look.observedAt, drifts: [], version: 0 };
  if (look.observedAt < known.at) return known;
  const ledger = withinScope(known, scope);
  const current = configurationParts(look, ledger.parts);
  const own = ownWrites(record, ledger.at, SETTLE_MS);
  const parts: Partial<Record<ConfigurationPart, string>> = { ...ledger.parts };
  if (own.weights) parts.weights = own.weights;
  const drifts = ledger.drifts.filter(({ part }) => current[part] === undefined);
  for (const part of Object.keys(current) as ConfigurationPart[]) {
    const value = current[part];
    if (value === undefined) continue;
    const from = parts[part] ?? value;
    const seen = ledger.drifts.find((drift) => drift.part === part && drift.from === from && drift.to === value);
    const isExpected = value === from || isFewerStrangers(part, from, value) || isRenamed(part, from, value);
    const verdict = isExpected ? "expected" : explains(own, part, value, look);
    if (verdict === "unsettled") {
      if (seen) drifts.push(seen);
    } else if (verdict === "foreign" && !(seen && isCount(part) && look.observedAt - seen.seenAt > COUNT_SHOWN_MS))
      drifts.push(seen ?? newDrift(part, from, value, look.observedAt));
    else parts[part] = value;
  }
  const next = {
    parts,
    scope,
    at: isSettled(record, ledger.at, look) ? look.observedAt : ledger.at,
    drifts,
    version: ledger.version,
  };
  return isSameLedger(known, next) ? known : next;
}

/** Without what is about a listener, service or target group that switchyard.yaml does not name any more: that begins anew. */
function withinScope(ledger: Ledger, scope: ConfigurationScope): Ledger {
  const { scope: before } = ledger;
  if (!before) return ledger;
  const isSame = (part: ConfigurationPart) => isSameScope(part, before, scope);
  const parts = Object.entries(ledger.parts).filter(([part]) => isSame(part as ConfigurationPart));
  return { ...ledger, parts: Object.fromEntries(parts), drifts: ledger.drifts.filter(({ part }) => isSame(part)) };
}

/** The ledger once a person has taken note of a drift: what AWS holds is what is expected from now on. */
export function acknowledged(ledger: Ledger, id: string, now: number): Ledger {
  const drift = ledger.drifts.find((candidate) => candidate.id === id);
  if (!drift) return ledger;
  return {
    ...ledger,
    parts: { ...ledger.parts, [drift.part]: drift.to },
    at: Math.max(ledger.at, now),
    drifts: ledger.drifts.filter((candidate) => candidate !== drift),
  };
}

/** The ledger with who made the change; as it is where that is not in it any more. */
export function withDriftCaller(ledger: Ledger, id: string, by: OutsideCaller): Ledger {
  const known = ledger.drifts.find((drift) => drift.id === id);
  if (!known) return ledger;
  return { ...ledger, drifts: ledger.drifts.map((drift) => (drift === known ? { ...drift, by } : drift)) };
}

function isComplete({ sources }: Observation): boolean {
  return (["ecs", "elb"] as const).every((name) =>
    sources.some((source) => source.name === name && source.state === "ok"),
  );
}

/** Whether something ended since the ledger's time and AWS has surely settled after it. */
function isSettled({ deployment, history }: LedgerRecord, at: number, look: Observation): boolean {
  if (deployment && isInFlight(deployment)) return false;
  const ends = history.map(({ finishedAt, retired }) => Math.max(finishedAt ?? 0, retired?.at ?? 0) + SETTLE_MS);
  const last = Math.max(0, ...ends);
  return last > at && look.observedAt > last;
}

function newDrift(part: ConfigurationPart, from: string, to: string, seenAt: number): Drift {
  const id = `dr-${fingerprint([part, from, to, seenAt].join("|"))}`;
  return { id, part, from, to, seenAt, blocks: !isCount(part) };
}

function isSameLedger(a: Ledger, b: Ledger): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
