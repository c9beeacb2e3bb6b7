import { reasonMembers, withStage } from "../deployment/change-stage.ts";
import type { Actor, Deployment, JournalEntry } from "../deployment/deployment.ts";
import { isInFlight } from "../deployment/deployment.ts";
import { reasonOf } from "../deployment/deployment-stage.ts";
import {
  beginRollback,
  proofSeen,
  requestAbort,
  shifted,
  shiftSent,
  stopped,
  withPlan,
} from "../deployment/deployment-transitions.ts";
import { newDeployment } from "../deployment/new-deployment.ts";
import { unverified } from "../deployment/proof.ts";
import { otherColor, type SlotColor } from "../observation/slot.ts";
import type { Weights } from "../observation/traffic.ts";
import { driftOf, weightsFor, weightsWords } from "../observation/traffic.ts";
import { isDriven } from "../rules/driven-rules.ts";
import { findRollbackBlockers, findRollbackTarget, isInstant, type RollbackTarget } from "../rules/rollback-rules.ts";
import type { RuleFacts } from "../rules/rule-facts.ts";
import { findStaleBlocker, findSwitchBlockers } from "../rules/switch-rules.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { lineMembers, type Told } from "../sentence/told.ts";
import { type Blocker, toldOf } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import { coldRollbackBlocker, drivenRollbackBlocker } from "./without-store.ts";

/** What came of a rollback that was made while the database was away. */
export interface LateOutcome {
  /** Epoch ms. */
  at: number;
  phase: "done" | "failed";
  message: string;
  /** `message` in no language yet. */
  said?: Sentence;
  awsRequestId: string | null;
  /** From the write until the rule read back as asked. */
  readBackMs: number;
}

/** A rollback that was made in AWS while the database was away, and is recorded later. */
export interface LateRollback {
  id: string;
  application: string;
  /** A record of kind ROLLBACK as it stands before the write; `startedAt` is when it was asked for. */
  deployment: Deployment;
  /** The deployment in flight that it rolled back; null when none was. */
  turns: string | null;
  expected: Weights;
  weights: Weights;
  /** Said of the intent in the journal, in English. */
  intent: string;
  intentSaid?: Sentence;
  /** The figure that Switchyard turned it round for; left out where a person asked. */
  breach?: NonNullable<Deployment["breach"]>;
  /** Null until it is known. */
  outcome: LateOutcome | null;
}

/** Said on the stage until the engine goes on with it. */
const WAITS = say("decision.late");

/**
 * The rollback as a deployment of its own, from `deployment` as it stands in the record or, before that, as it was asked for.
 * One that was written goes on to its verification; one that AWS refused has ended.
 */
export function lateRecord(rollback: LateRollback, deployment = rollback.deployment): Deployment {
  const { outcome } = rollback;
  const known: Deployment = withPlan({ ...deployment, late: true }, { lateId: rollback.id });
  if (!outcome)
    return withStage(shiftSent(known, rollback.expected, rollback.deployment.startedAt), known.stage, {
      detail: WAITS,
    });
  if (!isInFlight(known)) return known;
  if (outcome.phase === "failed") {
    const failed = withStage(known, known.stage, { status: "FAILED", finishedAt: outcome.at, detail: toldOf(outcome) });
    return stopped(failed, outcome.at, say("decision.notRolledBack", { why: toldOf(outcome) }));
  }
  const done = known.plan?.shift?.readBackMs === null ? written(known, rollback, outcome) : known;
  return withStage(done, done.stage, { detail: WAITS });
}

/** The same, ended: for a record that finds another deployment in flight, or a later state of the world, in its place. */
export function endedLateRecord(rollback: LateRollback): Deployment {
  const record = lateRecord(rollback);
  const at = rollback.outcome?.at ?? rollback.deployment.startedAt;
  if (!isInFlight(record)) return record;
  const note = say("proof.nobodyLooked");
  const proof = unverified(record.proof ?? { ruleReadBackMs: 0, proven: false }, note);
  return proofSeen(record, { proof, isSettled: true }, 0, at);
}

/** The deployment in flight as the rollback turned it round; null when it cannot be, or nothing was written. */
export function turnedLate(rollback: LateRollback, deployment: Deployment): Deployment | null {
  const { outcome, expected } = rollback;
  if (deployment.id !== rollback.turns || outcome?.phase !== "done") return null;
  if (deployment.kind === "ROLLBACK") return findUnfinished(deployment) ? lateRecord(rollback, deployment) : null;
  const why = reasonOf(rollback.deployment) ?? say("decision.rolledBack");
  const asked = requestAbort(deployment, why);
  const turning = asked.status === "ROLLBACK_REQUESTED" ? beginRollback(asked, expected, outcome.at) : asked;
  if (turning.status !== "ROLLBACK_IN_PROGRESS") return null;
  const { breach } = rollback;
  const known = withPlan({ ...turning, late: true, ...(breach ? { breach } : {}) }, { lateId: rollback.id });
  return known.plan?.shift?.readBackMs === null ? written(known, rollback, outcome) : known;
}

/** A rollback in flight whose write is still to be made: asked for in time, but the database went away before it was done. */
export function findUnfinished(deployment: Deployment): RollbackTarget | null {
  const { kind, status, stage, plan, to, from, revision, fromRevision } = deployment;
  const isForward = kind === "ROLLBACK" && status === "IN_PROGRESS";
  if (isForward && stage === "PRODUCTION_TRAFFIC_SHIFT" && plan?.shift?.readBackMs === null)
    return { to, revision, turns: deployment };
  const isTurning = status === "ROLLBACK_REQUESTED" || status === "ROLLBACK_IN_PROGRESS";
  const isWritten = plan?.shift?.to === from && plan.shift.readBackMs !== null;
  return isTurning && !isWritten ? { to: from, revision: fromRevision, turns: deployment } : null;
}

/**
 * What to write, by the listener as it is and the record as it was last read (null when it never was); or why nothing is. A
 * side that is not warm by this look gets no traffic: what it needs takes more than one write, and those need the record.
 */
export function planLateRollback(
  facts: RuleFacts,
  record: { deployment: Deployment | null } | null,
  asked: { id: string; application: string; actor: Actor; reason: string | null; words: Told },
): { ok: true; rollback: LateRollback } | { ok: false; blockers: Blocker[] } {
  const { observation, now } = facts;
  if (isDriven(facts)) return { ok: false, blockers: [drivenRollbackBlocker()] };
  const unfinished = record?.deployment ? findUnfinished(record.deployment) : null;
  const target = unfinished ?? (record ? findRollbackTarget(facts) : otherSide(facts));
  const blockers = unfinished
    ? findUnsafeListener(facts)
    : record || !target
      ? findRollbackBlockers(facts)
      : [
          // New kinds of error keep no side from taking its traffic back.
          ...findSwitchBlockers(facts, target.to).filter(({ code }) => code !== "NEW_ERROR_KINDS"),
          ...findUnknownApproval(facts, target.to),
        ];
  const isCold = target !== null && !isInstant(facts, target);
  if (!target || isCold || blockers.length > 0)
    return { ok: false, blockers: isCold ? [...blockers, coldRollbackBlocker(target.to)] : blockers };
  const { id, application, actor, reason } = asked;
  const expected = observation.traffic.weights;
  const weights = weightsFor(target.to);
  const intentSaid = say("step.setWeights", { from: weightsWords(expected), to: weightsWords(weights) });
  const start = { id, application, kind: "ROLLBACK", to: target.to, observation, requested: null } as const;
  const deployment = newDeployment({ ...start, actor, reason, bakeMinutes: 0, now });
  return {
    ok: true,
    rollback: {
      id,
      application,
      deployment: { ...deployment, ...reasonMembers(asked.words) },
      turns: target.turns?.id ?? null,
      expected,
      weights,
      intent: inEnglish(intentSaid),
      intentSaid,
      outcome: null,
    },
  };
}

function findUnsafeListener(facts: RuleFacts): Blocker[] {
  const { traffic } = facts.observation;
  const stale = findStaleBlocker(facts, ["elb", "ecs"]);
  const drift = driftOf(traffic);
  const said = drift && say("blocker.listenerDrift", { name: traffic.name, drift });
  return [...(stale ? [stale] : []), ...(said ? [blocker("LISTENER_DRIFT", said)] : [])];
}

/** Where releases need approval, a side that no record tells of may run what was refused it. */
function findUnknownApproval({ application }: RuleFacts, to: SlotColor): Blocker[] {
  if (!application.approvals?.release) return [];
  return [blocker("STORE_UNAVAILABLE", say("decision.approvalUnknown", { to }), say("decision.databaseOrAws"))];
}

/** Where no record was ever read, the listener alone says what is live, and the other side is all there is to go back to. */
function otherSide({ observation }: RuleFacts): RollbackTarget | null {
  const { live } = observation.traffic;
  if (live !== "blue" && live !== "green") return null;
  return { to: otherColor(live), revision: null, turns: null };
}

/** Its lines in the journal, with the times at which they happened. */
export function lateJournal(rollback: LateRollback): Omit<JournalEntry, "sequence">[] {
  const { outcome, intent, intentSaid, deployment } = rollback;
  const step = "shift";
  const lines: Omit<JournalEntry, "sequence">[] = [
    {
      at: deployment.startedAt,
      step,
      phase: "intent",
      ...lineMembers(say("step.whileAway", { what: intentSaid ?? intent })),
    },
  ];
  if (outcome)
    lines.push({
      at: outcome.at,
      step,
      phase: outcome.phase,
      ...lineMembers(toldOf(outcome)),
      ...(outcome.awsRequestId === null ? {} : { awsRequestId: outcome.awsRequestId }),
    });
  return lines;
}

function written(deployment: Deployment, rollback: LateRollback, { at, readBackMs }: LateOutcome): Deployment {
  const attemptAt = at - readBackMs;
  const sent = shiftSent(deployment, rollback.expected, attemptAt);
  return shifted(sent, { attemptAt, alreadyThere: false, readBackMs }, at);
}
