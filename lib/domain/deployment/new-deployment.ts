import type { ApprovalRule } from "../application/approval-policy.ts";
import type { StageTimeouts } from "../application/stage-timeouts.ts";
import type { Observation } from "../observation/observation.ts";
import { ALL_AT_ONCE, type Rollout } from "../observation/rollout.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";
import { otherColor, ranRevision } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { ApprovalSubject, DeploymentSource } from "./approval.ts";
import { subjectOf } from "./approval.ts";
import { askForApproval, newApprovalRequest } from "./approval-transitions.ts";
import { changedStage, withStage } from "./change-stage.ts";
import type { Actor, Deployment, DeploymentKind, Stage, StageRecord } from "./deployment.ts";
import { STAGES } from "./deployment.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import { plannedSteps } from "./shift-steps.ts";

/** What one begins with. */
export interface DeploymentStart {
  id: string;
  application: string;
  kind: DeploymentKind;
  to: SlotColor;
  /** The look at AWS that it was decided on. */
  observation: Observation;
  /** What `to` is to run; null when it is moved as it is. */
  requested: DeploymentPlan["requested"];
  /** What `requested` names, where it is registered already. */
  revision?: Revision | null;
  actor: Actor;
  reason: string | null;
  bakeMinutes: number;
  /** How traffic is moved; all at once when left out, and always for a rollback. */
  rollout?: Rollout;
  /** What a release tests before it waits for its switch; nothing when left out. */
  test?: { hasListener: boolean; hasSmokeCheck: boolean };
  /** Longest times of its stages; the defaults when left out. */
  timeouts?: StageTimeouts;
  /** Who has to approve it before production traffic moves; left out where nobody has to. */
  approval?: ApprovalRule | null;
  /** What a switch that needs approval asks about: what was on the receipt of its click. */
  subject?: ApprovalSubject;
  source?: DeploymentSource;
  /** AWS drives it: it begins at the first stage, and AWS says which it makes. */
  isDriven?: boolean;
  now: number;
}

const SCALE_UP_STAGES: readonly Stage[] = ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"];
const BAKE_STAGES: readonly Stage[] = ["BAKE_TIME", "CLEAN_UP"];

/**
 * The record a deployment begins as. A release starts with its revision; a switch and a warm rollback start at the
 * production shift, because whoever asked has seen both sides, or waits before it for those who have to approve it; a rollback
 * to a cold side starts by scaling it up.
 */
export function newDeployment(start: DeploymentStart): Deployment {
  const { observation, to, now, kind } = start;
  const side = observation.slots[to];
  const skipped = start.isDriven ? new Map<Stage, Sentence>() : skippedStages(start);
  const isAsked = start.requested === null;
  const rollout = kind === "ROLLBACK" ? ALL_AT_ONCE : (start.rollout ?? ALL_AT_ONCE);
  const isHeld = isAsked && kind === "SWITCH" && start.approval != null;
  const first: Stage = start.isDriven
    ? "PRE_SCALE_UP"
    : isHeld
      ? "PRE_PRODUCTION_TRAFFIC_SHIFT"
      : isAsked
        ? "PRODUCTION_TRAFFIC_SHIFT"
        : registers(start)
          ? "PRE_SCALE_UP"
          : ("SCALE_UP" as const);
  const deployment: Deployment = {
    id: start.id,
    application: start.application,
    kind,
    status: "IN_PROGRESS",
    stage: first,
    from: otherColor(to),
    to,
    fromRevision: ranRevision(observation.slots[otherColor(to)]),
    revision: isAsked ? side.revision : (start.revision ?? null),
    startedAt: now,
    finishedAt: null,
    actor: start.actor,
    reason: start.reason,
    statusReason: null,
    stages: STAGES.map((stage) => firstRecord(stage, first, skipped, isAsked && !isHeld, now)),
    approvals: [],
    rollout,
    steps: plannedSteps(rollout, to),
    proof: null,
    bakeUntil: null,
    evidence: null,
    ...(start.timeouts ? { timeouts: start.timeouts } : {}),
    ...(start.isDriven ? { aws: { id: null, sentAt: null, gate: null, answer: null, answered: [] } } : {}),
    plan: {
      requested: start.requested,
      desired: null,
      before: { revision: side.revision, desired: side.counts.desired },
      shift: isAsked && !isHeld ? { to, expected: observation.traffic.weights, sentAt: null, readBackMs: null } : null,
      provedAt: null,
      strayedAt: null,
      turnedAt: null,
      oldSideStarted: false,
      evidenceRead: false,
      restored: false,
    },
    ...(start.source ? { source: start.source } : {}),
  };
  if (!start.approval || kind === "ROLLBACK") return deployment;
  const asking = { ...deployment, approval: newApprovalRequest(start.approval) };
  if (!isHeld) return asking;
  const held = withStage(asking, first, { status: "AWAITING_ACTION" });
  return askForApproval(held, start.subject ?? subjectOf(observation, to), now);
}

/** A rollback registers what it brings back only where AWS starts nothing from that any more. */
function registers({ kind, requested }: DeploymentStart): boolean {
  return kind === "RELEASE" || (requested !== null && "image" in requested);
}

function skippedStages(start: DeploymentStart): Map<Stage, Sentence> {
  const skipped = new Map<Stage, Sentence>();
  const test = start.kind === "RELEASE" ? start.test : undefined;
  if (!test?.hasListener) skipped.set("TEST_TRAFFIC_SHIFT", say("decision.skipped.testListener"));
  if (!test?.hasListener || !test.hasSmokeCheck) skipped.set("POST_TEST_TRAFFIC_SHIFT", say("decision.skipped.smoke"));
  if (start.requested === null)
    for (const stage of SCALE_UP_STAGES) skipped.set(stage, say("decision.skipped.running"));
  else if (!registers(start)) skipped.set("PRE_SCALE_UP", say("decision.skipped.registered"));
  if (start.kind !== "RELEASE") for (const stage of BAKE_STAGES) skipped.set(stage, say("decision.skipped.watch"));
  else if (start.bakeMinutes === 0) skipped.set("BAKE_TIME", say("decision.skipped.bake"));
  return skipped;
}

function firstRecord(
  stage: Stage,
  first: Stage,
  skipped: ReadonlyMap<Stage, Sentence>,
  isAsked: boolean,
  now: number,
): StageRecord {
  const detail = skipped.get(stage);
  if (detail) return changedStage({ stage, status: "SKIPPED", startedAt: null, finishedAt: null }, { detail });
  if (stage === first) return { stage, status: "IN_PROGRESS", startedAt: now, finishedAt: null };
  if (isAsked && stage === "PRE_PRODUCTION_TRAFFIC_SHIFT")
    return { stage, status: "SUCCEEDED", startedAt: now, finishedAt: now };
  return { stage, status: "PENDING", startedAt: null, finishedAt: null };
}
