import type { Deployment, FollowedGate } from "../deployment/deployment.ts";
import { isAwaitingSwitch } from "../deployment/deployment.ts";
import { doingSaid } from "../deployment/deployment-words.ts";
import { lastWriteAt } from "../deployment/last-write.ts";
import { driftSaid } from "../drift/drift-words.ts";
import type { Drift } from "../drift/ledger.ts";
import type { Observation } from "../observation/observation.ts";
import {
  activeTargets,
  findFlappingTarget,
  findUnhealthyTarget,
  findUnstableTarget,
  flappingSaid,
  healthyForSaid,
  minimumHealthyFor,
  stableSeconds,
  targetSaid,
  type UnstableTarget,
} from "../observation/side-health.ts";
import type { Slot, SlotColor } from "../observation/slot.ts";
import type { SourceName } from "../observation/source.ts";
import { driftOf } from "../observation/traffic.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import { findMissingApprovalBlocker } from "./approve-blockers.ts";
import { findDisagreement, isDriven, nothingWaits } from "./driven-rules.ts";
import { findErrorKindBlocker } from "./error-kind-rules.ts";
import { freezeBlocker } from "./freeze.ts";
import { findClosedBlocker } from "./maintenance-window.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { findUnapprovedBlocker } from "./unapproved-rules.ts";
import { findUnknownWaysBlocker } from "./way-rules.ts";

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
    blockers.push(blocker("ALREADY_LIVE", say("blocker.alreadyLive", { to }), say("blocker.nothingToDo")));
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
  const about = (deployment ?? facts.history[0])?.id ?? null;
  blockers.push(...present(findErrorKindBlocker(facts, about, to)));
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
  facts: Pick<RuleFacts, "observation" | "now" | "deployment">,
  failedAfterMs = STALE_AFTER_MS,
): Blocker[] {
  const found = findTrafficBlockers(facts, failedAfterMs).filter(
    ({ code }) => code !== "TRAFFIC_SPLIT" && code !== "LISTENER_UNKNOWN",
  );
  return [...found, ...present(findDisagreement(facts.observation, facts.deployment?.kind))];
}

/** A refusal to shift while a source that health is read from fails: what it said last may no longer be so. */
export function findFailingBlocker(facts: Pick<RuleFacts, "observation" | "now">): Blocker | null {
  return findStaleBlocker(facts, ["elb", "ecs"], FAILED_AFTER_MS);
}

/** What somebody else changed is looked at by a person before anything rests on it. */
export function findDriftBlockers(drifts: readonly Drift[] = []): Blocker[] {
  return drifts
    .filter((drift) => drift.blocks)
    .map((drift) => blocker("DRIFT_NOT_ACKNOWLEDGED", driftSaid(drift), say("blocker.acknowledgeDrift")));
}

/** Why the listener cannot be trusted as a starting point: stale, unknown, drifted or split. */
export function findTrafficBlockers(
  facts: Pick<RuleFacts, "observation" | "now">,
  failedAfterMs = STALE_AFTER_MS,
): Blocker[] {
  const { traffic } = facts.observation;
  const stale = findStaleBlocker(facts, ["elb", "ecs"], failedAfterMs);
  const blockers: Blocker[] = stale ? [stale] : [];
  const drift = driftOf(traffic);
  if (drift)
    blockers.push(
      blocker(
        "LISTENER_DRIFT",
        say("blocker.listenerDrift", { name: traffic.name, drift }),
        say("blocker.putBackOrConfig"),
      ),
    );
  if (traffic.live === "unknown")
    blockers.push(
      blocker("LISTENER_UNKNOWN", say("blocker.noWeight", { name: traffic.name }), say("blocker.giveWeight")),
    );
  if (traffic.live === "split")
    blockers.push(blocker("TRAFFIC_SPLIT", say("blocker.split", weightsOf(traffic)), say("blocker.endSplit")));
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
  if (bad) {
    const old = { source: bad.name, seconds: seconds(bad.ageMs + ageMs) };
    const said = bad.message
      ? say("blocker.staleSourceWhy", { ...old, why: bad.message })
      : say("blocker.staleSource", old);
    return blocker("OBSERVATION_STALE", said, say("blocker.waitForSource"));
  }
  if (ageMs <= STALE_AFTER_MS) return null;
  const said = say("blocker.staleLook", { seconds: seconds(ageMs) });
  return blocker("OBSERVATION_STALE", said, say("blocker.waitForLook"));
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
    blockers.push(blocker("STANDBY_ROLLING_OUT", rollingOut(slot), say("blocker.waitForRollout")));
  const unhealthy = findUnhealthyTarget(slot);
  const { healthy } = slot.counts;
  if (healthy === 0 || unhealthy) {
    const counted = { to, healthy, targets: targets.length };
    const said = unhealthy
      ? say("blocker.healthyOfWhy", { ...counted, why: targetSaid(unhealthy) })
      : say("blocker.healthyOf", counted);
    const isUnused = unhealthy?.reason === "Target.NotInUse";
    const fix = isUnused
      ? say("blocker.nameInForward", { group: slot.targetGroupName })
      : say("blocker.readLogsOfUnhealthy", { to });
    blockers.push(blocker("STANDBY_NOT_HEALTHY", said, fix));
  }
  if (healthy < minimum) {
    const said = say("blocker.tooSmall", { to, healthy, minimum });
    blockers.push(blocker("STANDBY_TOO_SMALL", said, say("blocker.scaleUpTo", { to, minimum })));
  }
  const { stableChecks } = facts.application;
  const unstable = findUnstableTarget(slot, stableChecks, facts.observation.observedAt, { writtenAt, isWayBack });
  if (unstable) blockers.push(unstableBlocker(slot, unstable, stableChecks));
  const flapping = findFlappingTarget(slot);
  if (flapping) {
    const said = say("blocker.onSide", { side: to, what: flappingSaid(flapping) });
    blockers.push(blocker("STANDBY_FLAPPING", said, say("blocker.readLogsOfFlapping", { to })));
  }
  return blockers;
}

function rollingOut({ color, counts }: Slot): Sentence {
  return say("blocker.rollingOut", { to: color, running: counts.running, desired: counts.desired });
}

function unstableBlocker(slot: Slot, { target, lacks, healthyForMs }: UnstableTarget, checks: number): Blocker {
  const which = { target: `${target.id}:${target.port}`, side: slot.color };
  const needed = stableSeconds(slot, checks);
  const said = {
    time: say("blocker.notStableTime", { ...which, healthyFor: healthyForSaid(healthyForMs, needed) }),
    looks: say("blocker.notStableLooks", { ...which, seen: target.consecutive, checks }),
    looksSinceWrite: say("blocker.notStableSinceWrite", { ...which, checks }),
  };
  const fix =
    lacks === "time"
      ? say("blocker.waitStable", { checks, group: slot.targetGroupName, every: needed / checks })
      : say("blocker.waitForLooks");
  return blocker("STANDBY_NOT_STABLE", said[lacks], fix);
}

/** The one refusal while something is in flight. */
export function inFlightBlocker(deployment: Deployment): Blocker {
  const { kind, to } = deployment;
  const said = say("blocker.inFlight", { kind, to, doing: doingSaid(deployment) });
  return blocker("DEPLOYMENT_IN_FLIGHT", said, say("blocker.waitRollBackAbort"));
}

/** What AWS does with a side without targets cannot be overridden: it answers 503 to everybody. */
function emptyBlocker(slot: Slot): Blocker {
  const { color, counts, targetGroupName } = slot;
  if (!slot.revision || counts.desired === 0) {
    const said = counts.running > 0 ? "blocker.askedForNothing" : "blocker.runsNothing";
    return blocker("STANDBY_EMPTY", say(said, { side: color }), say("blocker.deployFirst", { to: color }));
  }
  const said = say("blocker.noTarget", { group: targetGroupName, to: color });
  return blocker("STANDBY_EMPTY", said, say("blocker.waitRegisteredOrEvents", { to: color }));
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

function weightsOf({ weights }: Observation["traffic"]) {
  return { blue: weights.blue, green: weights.green };
}

function present(found: Blocker | null): Blocker[] {
  return found ? [found] : [];
}
