import { approvalDue, withApprovalEnd } from "../deployment/approval-transitions.ts";
import { withStage } from "../deployment/change-stage.ts";
import type { Deployment, FollowedDeployment } from "../deployment/deployment.ts";
import { isAwaitingSwitch, isInFlight } from "../deployment/deployment.ts";
import { hasShifted, stageRecord } from "../deployment/deployment-stage.ts";
import { requestAbort, stopped } from "../deployment/deployment-transitions.ts";
import { awsStage, followStage, followStatus } from "../deployment/follow-transitions.ts";
import { isLaterGate } from "../deployment/same-gate.ts";
import { LIMITS_MS } from "../deployment/stage-limit.ts";
import type { AwsDeployment } from "../observation/aws-deployment.ts";
import { failedFunctions, findOpenGate, functionName, openGates } from "../observation/aws-deployment.ts";
import { pausesBeforeShift } from "../rules/approvable-rules.ts";
import { findDisagreement, isLiveUnread } from "../rules/driven-rules.ts";
import { failureEvidence } from "../rules/scale-up-rules.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { toldOf } from "../verb/blocker.ts";
import { decideApproval, decideLapse } from "./decide-approval.ts";
import { decideBreach } from "./decide-breach.ts";
import { change } from "./decide-change.ts";
import { decideUnclearEnd } from "./decide-unclear-end.ts";
import { type Decision, PROVE_EVERY_MS, type World } from "./decision.ts";

/** ECS's lists show a new deployment up to 9 s late; after a start without an answer it is looked for this long before it is sent again. */
const FIND_FOR_MS = 45_000;
/** How long before its stage was first seen a hook may have been called. */
const HOOK_CALLED_MS = 60_000;
/** AWS shows within seconds that it rolls back; where it does not, it is told once more after this. */
const ROLL_BACK_AGAIN_MS = 10_000;
/** A deployment that AWS no longer shows is given up after this. */
const LOST_AFTER_MS = 5 * 60_000;

/**
 * The next step of a deployment that AWS drives: start it, then take over what AWS says, and tell AWS what people answered. It
 * never writes a rule. Pure and total, as `decide`.
 */
export function follow(deployment: Deployment, aws: FollowedDeployment, world: World): Decision {
  if (!isInFlight(deployment)) return { kind: "end" };
  if (deployment.status === "PENDING") return change({ ...deployment, status: "IN_PROGRESS" }, say("decision.begun"));
  if (aws.id === null) return decideStart(deployment, aws, world);
  const seen = world.observation.awsDeployments?.find(({ id }) => id === aws.id);
  if (!seen) return decideUnseen(deployment, aws, world);
  const unclear = decideUnclearEnd(deployment, aws, seen, world);
  if (unclear) return unclear;
  const newest = world.observation.awsDeployments?.[0];
  const status = followStatus(deployment, seen, newest ?? seen, world.observation, world.now);
  if (status)
    return change(
      withEvidence(status, deployment, seen, world),
      seen.reason
        ? say("decision.awsSaysWhy", { status: seen.status, why: seen.reasonSaid ?? seen.reason })
        : say("decision.awsSays", { status: seen.status }),
    );
  const stage = followStage(deployment, seen, world.observation, world.now);
  if (stage)
    return change(stage, seen.stage ? say("decision.awsAt", { stage: seen.stage }) : say("decision.awsAtStart"));
  if (aws.unseenSince !== undefined) return change(seenAgain(deployment, aws), say("decision.awsTellsAgain"));
  return (
    decideEnd(deployment, aws, seen, world) ??
    decideUnheld(deployment, aws, seen) ??
    decideEvidence(deployment, seen) ??
    decideAnswer(deployment, aws, seen, world) ??
    decideGate(deployment, seen, world) ??
    decideWatch(deployment, world) ?? { kind: "wait", reason: waitsFor(seen) }
  );
}

/** Where AWS turned it round by itself, what is left of its tasks is kept, and so is room for what its hook wrote. */
function withEvidence(next: Deployment, before: Deployment, seen: AwsDeployment, world: World): Deployment {
  if (next.status !== "ROLLBACK_IN_PROGRESS" || before.status !== "IN_PROGRESS" || next.evidence) return next;
  const evidence = failureEvidence(world.observation, next);
  const isEmpty = evidence.tasks.length === 0 && evidence.targets.length === 0 && failedFunctions(seen).length === 0;
  return isEmpty ? next : { ...next, evidence };
}

/** Registers the revision, then starts the deployment; a start whose answer was lost is looked for before it is sent again. */
function decideStart(deployment: Deployment, aws: FollowedDeployment, world: World): Decision {
  const { now, observation } = world;
  const { plan, revision } = deployment;
  const isEnding = deployment.status !== "IN_PROGRESS";
  if (aws.sentAt === null) {
    if (isEnding) return change(stopped(deployment, now), say("decision.stoppedBeforeAws"));
    if (!plan?.requested)
      return change(stopped(deployment, now, say("decision.notContinuable")), say("decision.givenUp"));
    if (!revision)
      return { kind: "step", step: { type: "registerRevision", slot: deployment.to, request: plan.requested } };
    if (deployment.kind !== "ROLLBACK" && isLiveUnread(observation))
      return { kind: "wait", reason: say("decision.waitsHealthRead") };
    const disagreement = findDisagreement(observation, deployment.kind);
    if (disagreement) return change(stopped(deployment, now, toldOf(disagreement)), toldOf(disagreement));
    return { kind: "step", step: { type: "startAws", revision } };
  }
  const { sentAt } = aws;
  const found = observation.awsDeployments?.find(
    (one) =>
      one.createdAt >= sentAt - LIMITS_MS.prove &&
      (one.finishedAt === null || one.finishedAt > sentAt) &&
      one.revision?.taskDefinition === revision?.taskDefinition,
  );
  if (found)
    return change({ ...deployment, aws: { ...aws, id: found.id } }, say("decision.awsDeploysAs", { id: found.id }));
  if (now - sentAt < FIND_FOR_MS) return { kind: "look", notBefore: now, reason: say("decision.waitsAwsShows") };
  if (isEnding) return change(stopped(deployment, now), say("decision.awsShowsNone"));
  return change({ ...deployment, aws: { ...aws, sentAt: null } }, say("decision.awsShowsNoneAgain"));
}

/** One that was told of before is missed for a while before it is given up: a look that lacks it may only be a poor one. */
function decideUnseen(deployment: Deployment, aws: FollowedDeployment, { now, observation }: World): Decision {
  const look: Decision = { kind: "look", notBefore: now, reason: say("decision.waitsAwsTells") };
  if (observation.sources.some(({ name, state }) => name === "ecs" && state !== "ok")) return look;
  if (aws.unseenSince === undefined)
    return change({ ...deployment, aws: { ...aws, unseenSince: now } }, say("decision.awsTellsNot"));
  if (now - aws.unseenSince < LOST_AFTER_MS) return look;
  return change(stopped(deployment, now, say("decision.awsNoLonger")), say("decision.givenUp"));
}

function seenAgain(deployment: Deployment, { unseenSince: _unseen, ...aws }: FollowedDeployment): Deployment {
  return { ...deployment, aws };
}

/** A deployment of ours that has to be approved, and which AWS would not hold back: its pause was taken away after we looked. */
function decideUnheld(deployment: Deployment, aws: FollowedDeployment, seen: AwsDeployment): Decision | null {
  if (aws.isForeign || deployment.status !== "IN_PROGRESS" || deployment.approval?.state !== "waiting") return null;
  if (!seen.pauses || pausesBeforeShift(seen.pauses).length > 0) return null;
  const why = say("decision.unheld");
  return change(requestAbort(deployment, why), why);
}

/** A person, or a bound that broke, wants it to end: AWS rolls it back, and is told again where it does not say so. */
function decideEnd(
  deployment: Deployment,
  aws: FollowedDeployment,
  seen: AwsDeployment,
  { now }: World,
): Decision | null {
  if (deployment.status === "IN_PROGRESS" || aws.id === null) return null;
  if (seen.status !== "IN_PROGRESS" && seen.status !== "PENDING") return null;
  const { rollbackAskedAt } = aws;
  if (rollbackAskedAt !== undefined && now - rollbackAskedAt < ROLL_BACK_AGAIN_MS)
    return { kind: "look", notBefore: rollbackAskedAt, reason: say("decision.awsTurnsSoon") };
  return { kind: "step", step: { type: "rollBackAws", id: aws.id } };
}

/** What is left to read of one that AWS rolled back by itself: the last lines of its tasks and of the hook that failed. */
function decideEvidence(deployment: Deployment, seen: AwsDeployment): Decision | null {
  const { plan, evidence, to, stage } = deployment;
  if (deployment.status !== "ROLLBACK_IN_PROGRESS" || !evidence || !plan || plan.evidenceRead) return null;
  const arns = failedFunctions(seen);
  // The hook was called before the look at which its stage was first seen.
  const since = (stageRecord(deployment, stage).startedAt ?? deployment.startedAt) - HOOK_CALLED_MS;
  return {
    kind: "step",
    step: { type: "readEvidence", slot: to, ...(arns.length > 0 ? { functions: { arns, since } } : {}) },
  };
}

/** What a person said is told to the very gate that they saw; one that is gone was answered elsewhere or has ended. */
function decideAnswer(
  deployment: Deployment,
  aws: FollowedDeployment,
  seen: AwsDeployment,
  world: World,
): Decision | null {
  const { answer } = aws;
  if (!answer) return null;
  if (!openGates(seen).some((gate) => gate.id === answer.gate && !isLaterGate(gate, answer))) {
    const why = say("decision.gateElsewhere");
    return change({ ...deployment, aws: { ...aws, answer: null } }, why);
  }
  if (answer.action === "CONTINUE" && isAwaitingSwitch(deployment)) {
    if (deployment.approval?.state === "waiting")
      return change({ ...deployment, aws: { ...aws, answer: null } }, say("decision.approvalsMissing"));
    const disagreement = findDisagreement(world.observation, deployment.kind);
    if (disagreement) {
      const why = say("decision.notContinued", { why: toldOf(disagreement) });
      const told = withStage(deployment, deployment.stage, { detail: why });
      return change({ ...told, aws: { ...aws, answer: null } }, why);
    }
  }
  return { kind: "step", step: { type: "answerGate", gate: answer.gate, action: answer.action } };
}

/** Before production, the gate is answered by itself once those who have to approve have done so. */
function decideGate(deployment: Deployment, seen: AwsDeployment, world: World): Decision | null {
  if (!findOpenGate(seen) || !isAwaitingSwitch(deployment)) return null;
  const due = approvalDue(deployment);
  if (due !== null) return change(withApprovalEnd(deployment, due), say("decision.approvedFirst"));
  // What AWS moved within this very deployment is no change of what was approved.
  const isOnItsWay = hasShifted(deployment) && deployment.approval?.state !== "waiting";
  return (isOnItsWay ? null : decideLapse(deployment, world)) ?? decideApproval(deployment, world);
}

/** Once traffic has moved: the bounds that turn it round, and the requests that prove it. */
function decideWatch(deployment: Deployment, world: World): Decision | null {
  const { plan, proof, to } = deployment;
  const sentAt = plan?.shift?.sentAt ?? null;
  if (deployment.status !== "IN_PROGRESS" || sentAt === null) return null;
  const breach = decideBreach(deployment, world);
  if (breach) return breach;
  if (!proof || proof.proven || world.settings.requestLine === null) return null;
  if (world.now - sentAt > LIMITS_MS.prove) return null;
  if (plan?.provedAt != null && world.now - plan.provedAt < PROVE_EVERY_MS) return null;
  return { kind: "step", step: { type: "prove", to, sentAt } };
}

function waitsFor(seen: AwsDeployment): Told {
  const gate = findOpenGate(seen);
  if (gate && awsStage(seen.stage) === "BAKE_TIME") return say("decision.awsKeeps");
  if (gate) return say("decision.gateOpen");
  if (seen.reason) return seen.reasonSaid ?? seen.reason;
  const hook = seen.gates.find(({ state, isForPeople }) => state === "IN_PROGRESS" && !isForPeople);
  if (hook)
    return hook.target
      ? say("decision.waitsFor", { what: functionName(hook.target) })
      : say("decision.waitsForFunction");
  const stage = awsStage(seen.stage) ?? seen.stage;
  return stage ? say("decision.awsAt", { stage }) : say("decision.awsAtStart");
}
