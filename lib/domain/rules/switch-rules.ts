import type { Application } from "../application/application.ts";
import type { MaintenanceWindow } from "../application/maintenance-window.ts";
import type { Deployment, FollowedGate } from "../deployment/deployment.ts";
import { isAwaitingSwitch } from "../deployment/deployment.ts";
import { deploymentWords, doingWords } from "../deployment/deployment-words.ts";
import { lastWriteAt } from "../deployment/last-write.ts";
import { driftWords } from "../drift/drift-words.ts";
import type { Drift, Ledger } from "../drift/ledger.ts";
import type { Observation } from "../observation/observation.ts";
import {
  activeTargets,
  describeFlapping,
  describeTarget,
  findFlappingTarget,
  findUnhealthyTarget,
  findUnstableTarget,
  type HealthBounds,
  healthyForWords,
  minimumHealthyFor,
  stableSeconds,
  type UnstableTarget,
} from "../observation/side-health.ts";
import type { Slot, SlotColor } from "../observation/slot.ts";
import type { SourceName } from "../observation/source.ts";
import type { Blocker } from "../verb/blocker.ts";
import { findMissingApprovalBlocker } from "./approval-rules.ts";
import { findDisagreement, isDriven, nothingWaits } from "./driven-rules.ts";
import { type Freeze, freezeBlocker } from "./freeze.ts";
import { findClosedBlocker } from "./maintenance-window.ts";
import { findUnapprovedBlocker, type UnapprovedRevision } from "./unapproved-rules.ts";
import { findUnknownWaysBlocker } from "./way-rules.ts";

/** What every rule looks at. */
export interface RuleFacts {
  application: HealthBounds & Partial<Pick<Application, "controller" | "requestLine" | "approvals">>;
  observation: Observation;
  /** The one in flight. */
  deployment: Deployment | null;
  /** Finished ones, newest first. */
  history: readonly Deployment[];
  /** The quiet hours or freeze window of now; null or left out outside of all. */
  closed?: MaintenanceWindow | null;
  /** Judged with this look; its drifts are the changes that Switchyard did not make and nobody has acknowledged. */
  ledger?: Ledger | null;
  /** What stops the line; null, also when left out, while it runs. */
  freeze?: Freeze | null;
  /** Revisions whose newest release ended without its approval; none when left out. */
  unapproved?: readonly UnapprovedRevision[];
  now: number;
}

/** Older than this, an observation is no ground to act on. */
export const STALE_AFTER_MS = 30_000;
/** And what a source that fails said last is believed no longer than this before a side gets traffic. */
const FAILED_AFTER_MS = 10_000;

/** Every reason why traffic cannot be switched to `to` now; empty when it can. */
export function findSwitchBlockers(facts: RuleFacts, to: SlotColor): Blocker[] {
  const driven = isDriven(facts);
  const blockers = driven
    ? findDrivenBlockers(facts, FAILED_AFTER_MS)
    : [...findTrafficBlockers(facts, FAILED_AFTER_MS)];
  const { traffic } = facts.observation;
  if (traffic.live === to) {
    blockers.push({ code: "ALREADY_LIVE", message: `${to} is live already`, fix: "Nothing needs to be done" });
    return blockers;
  }
  const { deployment } = facts;
  if (facts.freeze) blockers.push(freezeBlocker(facts.freeze));
  blockers.push(...findDriftBlockers(facts.ledger?.drifts));
  if (deployment && !(isAwaitingSwitch(deployment) && deployment.to === to)) blockers.push(inFlightBlocker(deployment));
  else if (deployment) blockers.push(...present(findMissingApprovalBlocker(deployment)));
  else if (driven) blockers.push(nothingWaits(facts));
  // A release that waits is asked for anew: its own missing approval is what counts.
  const isReleased = deployment?.kind === "RELEASE" && deployment.to === to;
  const { revision } = facts.observation.slots[to];
  if (!isReleased) blockers.push(...present(findUnapprovedBlocker(facts.unapproved, to, revision)));
  blockers.push(...present(findClosedBlocker(facts.closed)));
  blockers.push(...present(findUnknownWaysBlocker(facts.observation, facts.now)));
  if (driven) return [...blockers, ...findGateBlockers(facts, to, deployment?.aws?.gate ?? null)];
  return [...blockers, ...findSideBlockers(facts, to, { writtenAt: lastWriteAt(facts, to) })];
}

/**
 * Why AWS's gate must not be answered with CONTINUE yet, by the side's own state. Before it scales up there is no task to be
 * judged; how long targets have to be healthy before they count is AWS's business.
 */
export function findGateBlockers(
  facts: Pick<RuleFacts, "application" | "observation">,
  to: SlotColor,
  gate: Pick<FollowedGate, "stage"> | null,
): Blocker[] {
  if (gate?.stage === "PRE_SCALE_UP") return [];
  return findSideBlockers(facts, to).filter(({ code }) => code !== "STANDBY_NOT_STABLE");
}

/** The same where AWS drives: what it would do on this rule and these targets. Between its own steps both sides hold weight. */
export function findDrivenBlockers(
  facts: Pick<RuleFacts, "observation" | "now">,
  failedAfterMs = STALE_AFTER_MS,
): Blocker[] {
  const found = findTrafficBlockers(facts, failedAfterMs).filter(
    ({ code }) => code !== "TRAFFIC_SPLIT" && code !== "LISTENER_UNKNOWN",
  );
  return [...found, ...present(findDisagreement(facts.observation))];
}

/** A refusal to shift while a source that health is read from fails: what it said last may no longer be so. */
export function findFailingBlocker(facts: Pick<RuleFacts, "observation" | "now">): Blocker | null {
  return findStaleBlocker(facts, ["elb", "ecs"], FAILED_AFTER_MS);
}

/** What somebody else changed is looked at by a person before anything rests on it. */
export function findDriftBlockers(drifts: readonly Drift[] = []): Blocker[] {
  return drifts
    .filter((drift) => drift.blocks)
    .map((drift) => ({
      code: "DRIFT_NOT_ACKNOWLEDGED",
      message: driftWords(drift),
      fix: "Look at it, then acknowledge it; Switchyard goes on from what AWS holds",
    }));
}

/** Why the listener cannot be trusted as a starting point: stale, unknown, drifted or split. */
export function findTrafficBlockers(
  facts: Pick<RuleFacts, "observation" | "now">,
  failedAfterMs = STALE_AFTER_MS,
): Blocker[] {
  const { traffic } = facts.observation;
  const stale = findStaleBlocker(facts, ["elb", "ecs"], failedAfterMs);
  const blockers: Blocker[] = stale ? [stale] : [];
  if (traffic.drift)
    blockers.push({
      code: "LISTENER_DRIFT",
      message: `${traffic.name} is not as expected: ${traffic.drift}`,
      fix: "Put the listener's forward action back to the two target groups, or correct switchyard.yaml",
    });
  if (traffic.live === "unknown")
    blockers.push({
      code: "LISTENER_UNKNOWN",
      message: `No side of ${traffic.name} has a weight above 0, so neither is live`,
      fix: "Give one side its weight in AWS first",
    });
  if (traffic.live === "split")
    blockers.push({
      code: "TRAFFIC_SPLIT",
      message: `Traffic is split: blue has weight ${traffic.weights.blue}, green ${traffic.weights.green}`,
      fix: "Bring one side to weight 0, or roll back the deployment that split it",
    });
  return blockers;
}

/** A refusal while the newest look at AWS is too old, or one of the named sources has given none for `failedAfterMs`. */
export function findStaleBlocker(
  facts: Pick<RuleFacts, "observation" | "now">,
  sources: readonly SourceName[],
  failedAfterMs = STALE_AFTER_MS,
): Blocker | null {
  const ageMs = Math.max(0, facts.now - facts.observation.observedAt);
  const bad = facts.observation.sources.find(
    (source) => sources.includes(source.name) && source.state !== "ok" && source.ageMs + ageMs > failedAfterMs,
  );
  if (bad)
    return {
      code: "OBSERVATION_STALE",
      message: `What AWS says of ${bad.name} is ${seconds(bad.ageMs + ageMs)} old${bad.message ? `: ${bad.message}` : ""}`,
      fix: "Wait until the source answers again",
    };
  if (ageMs <= STALE_AFTER_MS) return null;
  return {
    code: "OBSERVATION_STALE",
    message: `The newest look at AWS is ${seconds(ageMs)} old`,
    fix: "Wait for the next observation",
  };
}

/** What else a side is judged by. */
interface SideDemand {
  /** Epoch ms of the last write to listener or service; older looks count for nothing. */
  writtenAt?: number | null;
  /** True for what was live before: it is brought back once it is healthy, and need not have been so for long. */
  isWayBack?: boolean;
}

/** Why the side may not get traffic: empty, rolling out, unhealthy, unstable or too small. */
export function findSideBlockers(
  facts: Pick<RuleFacts, "application" | "observation">,
  to: SlotColor,
  { writtenAt = null, isWayBack = false }: SideDemand = {},
): Blocker[] {
  const minimum = minimumHealthyFor(facts.application, facts.observation, to);
  const slot = facts.observation.slots[to];
  const targets = activeTargets(slot);
  if (!slot.revision || slot.counts.desired === 0 || targets.length === 0) return [emptyBlocker(slot)];
  const blockers: Blocker[] = [];
  if (slot.rollout?.state === "IN_PROGRESS")
    blockers.push({
      code: "STANDBY_ROLLING_OUT",
      message: `ECS is still rolling out ${to} (${slot.counts.running} of ${slot.counts.desired} tasks run)`,
      fix: "Wait until the rollout has completed",
    });
  const unhealthy = findUnhealthyTarget(slot);
  if (slot.counts.healthy === 0 || unhealthy)
    blockers.push({
      code: "STANDBY_NOT_HEALTHY",
      message: `${to} has ${slot.counts.healthy} of ${targets.length} targets healthy${unhealthy ? `: ${describeTarget(unhealthy)}` : ""}`,
      fix:
        unhealthy?.reason === "Target.NotInUse"
          ? `No rule names ${slot.targetGroupName}, so its targets are never checked: put it into the forward action with weight 0`
          : `Read ${to}'s logs; the side may switch once every target is healthy`,
    });
  if (slot.counts.healthy < minimum)
    blockers.push({
      code: "STANDBY_TOO_SMALL",
      message: `${to} has ${slot.counts.healthy} healthy ${slot.counts.healthy === 1 ? "target" : "targets"}, ${minimum} needed`,
      fix: `Scale ${to} up to ${minimum}`,
    });
  const { stableChecks } = facts.application;
  const unstable = findUnstableTarget(slot, stableChecks, facts.observation.observedAt, { writtenAt, isWayBack });
  if (unstable) blockers.push(unstableBlocker(slot, unstable, stableChecks));
  const flapping = findFlappingTarget(slot);
  if (flapping)
    blockers.push({
      code: "STANDBY_FLAPPING",
      message: `On ${to}, ${describeFlapping(flapping)}`,
      fix: `Read ${to}'s logs; it may switch once its targets have stayed healthy`,
    });
  return blockers;
}

function unstableBlocker(slot: Slot, { target, lacks, healthyForMs }: UnstableTarget, checks: number): Blocker {
  const name = `${target.id}:${target.port} on ${slot.color}`;
  const needed = stableSeconds(slot, checks);
  const words = {
    time: `${name} is ${healthyForWords(healthyForMs, needed)}`,
    looks: `${name} was seen healthy in ${target.consecutive} of ${checks} looks`,
    looksSinceWrite: `${name} was not seen healthy ${checks} times since listener or service was last written`,
  };
  return {
    code: "STANDBY_NOT_STABLE",
    message: words[lacks],
    fix:
      lacks === "time"
        ? `Wait: it has to be healthy over ${checks} of ${slot.targetGroupName}'s health checks, one every ${needed / checks} s`
        : "Wait for the next looks",
  };
}

/** The one refusal while something is in flight. */
export function inFlightBlocker(deployment: Deployment): Blocker {
  return {
    code: "DEPLOYMENT_IN_FLIGHT",
    message: `A ${deploymentWords(deployment)} is in flight (${doingWords(deployment)})`,
    fix: "Wait until it has ended, roll it back or abort it",
  };
}

/** What AWS does with a side without targets cannot be overridden: it answers 503 to everybody. */
function emptyBlocker(slot: Slot): Blocker {
  const { color, counts, targetGroupName } = slot;
  if (!slot.revision || counts.desired === 0) {
    const message = `${color} ${counts.running > 0 ? "is asked to run" : "runs"} nothing`;
    return { code: "STANDBY_EMPTY", message, fix: `Deploy to ${color} first` };
  }
  return {
    code: "STANDBY_EMPTY",
    message: `${targetGroupName} has no registered target: with weight on ${color}, every request would be answered 503`,
    fix: `Wait until ${color}'s tasks are registered, or read its service events`,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function present(blocker: Blocker | null): Blocker[] {
  return blocker ? [blocker] : [];
}
