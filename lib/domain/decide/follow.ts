import { approvalDue, withApprovalEnd } from "../deployment/approval-transitions.ts";
import type { Deployment, FollowedDeployment } from "../deployment/deployment.ts";
import { isAwaitingSwitch, isInFlight } from "../deployment/deployment.ts";
import { hasShifted, stageRecord, withStage } from "../deployment/deployment-stage.ts";
import { requestAbort, stopped } from "../deployment/deployment-transitions.ts";
import { awsStage, followStage, followStatus } from "../deployment/follow-transitions.ts";
import { LIMITS_MS } from "../deployment/stage-limit.ts";
import type { AwsDeployment } from "../observation/aws-deployment.ts";
import { failedFunctions, findOpenGate, functionName, openGates } from "../observation/aws-deployment.ts";
import { pausesBeforeShift } from "../rules/approvable-rules.ts";
import { findDisagreement } from "../rules/driven-rules.ts";
import { failureEvidence } from "../rules/scale-up-rules.ts";
import { decideApproval, decideLapse } from "./decide-approval.ts";
import { decideBreach } from "./decide-breach.ts";
import { change } from "./decide-change.ts";
import { type Decision, PROVE_EVERY_MS, type World } from "./decision.ts";

/** ECS's lists show a new deployment up to 9 s late; after a start without an answer it is looked for this long before it is sent again. */
const FIND_FOR_MS = 45_000;
/** How long before its stage was first seen a hook may have been called. */
const HOOK_CALLED_MS = 60_000;
/** A deployment that AWS no longer shows is given up after this. */
const LOST_AFTER_MS = 5 * 60_000;

/**
 * The next step of a deployment that AWS drives: start it, then take over what AWS says, and tell AWS what people answered. It
 * never writes a rule. Pure and total, as `decide`.
 */
export function follow(deployment: Deployment, aws: FollowedDeployment, world: World): Decision {
  if (!isInFlight(deployment)) return { kind: "end" };
  if (deployment.status === "PENDING") return change({ ...deployment, status: "IN_PROGRESS" }, "Begun");
  if (aws.id === null) return decideStart(deployment, aws, world);
  const seen = world.observation.awsDeployments?.find(({ id }) => id === aws.id);
  if (!seen) return decideUnseen(deployment, aws, world);
  const newest = world.observation.awsDeployments?.[0];
  const status = followStatus(deployment, seen, newest ?? seen, world.observation, world.now);
  if (status)
    return change(
      withEvidence(status, deployment, seen, world),
      `AWS says ${seen.status}${seen.reason ? `: ${seen.reason}` : ""}`,
    );
  const stage = followStage(deployment, seen, world.observation, world.now);
  if (stage) return change(stage, `AWS is at ${seen.stage ?? "its start"}`);
  if (aws.unseenSince !== undefined) return change(seenAgain(deployment, aws), "AWS tells of the deployment again");
  return (
    decideEnd(deployment, aws, seen) ??
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
    if (isEnding) return change(stopped(deployment, now), "Stopped before AWS was asked");
    if (!plan?.requested) return change(stopped(deployment, now, "Its record cannot be continued"), "Given up");
    if (!revision)
      return { kind: "step", step: { type: "registerRevision", slot: deployment.to, request: plan.requested } };
    const disagreement = findDisagreement(observation);
    if (disagreement) return change(stopped(deployment, now, disagreement.message), disagreement.message);
    return { kind: "step", step: { type: "startAws", revision } };
  }
  const { sentAt } = aws;
  const found = observation.awsDeployments?.find(
    (one) =>
      one.createdAt >= sentAt - LIMITS_MS.prove &&
      (one.finishedAt === null || one.finishedAt > sentAt) &&
      one.revision?.taskDefinition === revision?.taskDefinition,
  );
  if (found) return change({ ...deployment, aws: { ...aws, id: found.id } }, `AWS deploys it as ${found.id}`);
  if (now - sentAt < FIND_FOR_MS)
    return { kind: "look", notBefore: now, reason: "Waits until AWS shows the deployment that was started" };
  if (isEnding) return change(stopped(deployment, now), "AWS shows no deployment");
  return change({ ...deployment, aws: { ...aws, sentAt: null } }, "AWS shows no deployment: it is started again");
}

/** One that was told of before is missed for a while before it is given up: a look that lacks it may only be a poor one. */
function decideUnseen(deployment: Deployment, aws: FollowedDeployment, { now, observation }: World): Decision {
  const look: Decision = { kind: "look", notBefore: now, reason: "Waits until AWS tells of the deployment" };
  if (observation.sources.some(({ name, state }) => name === "ecs" && state !== "ok")) return look;
  if (aws.unseenSince === undefined)
    return change({ ...deployment, aws: { ...aws, unseenSince: now } }, "AWS does not tell of the deployment");
  if (now - aws.unseenSince < LOST_AFTER_MS) return look;
  return change(stopped(deployment, now, "AWS no longer tells of this deployment"), "Given up");
}

function seenAgain(deployment: Deployment, { unseenSince: _unseen, ...aws }: FollowedDeployment): Deployment {
  return { ...deployment, aws };
}

/** A deployment of ours that has to be approved, and which AWS would not hold back: its pause was taken away after we looked. */
function decideUnheld(deployment: Deployment, aws: FollowedDeployment, seen: AwsDeployment): Decision | null {
  if (aws.isForeign || deployment.status !== "IN_PROGRESS" || deployment.approval?.state !== "waiting") return null;
  if (!seen.pauses || pausesBeforeShift(seen.pauses).length > 0) return null;
  const why = "It has to be approved, and AWS would shift without waiting: the service's PAUSE hook was taken away";
  return change(requestAbort(deployment, why), why);
}

/** A person, or a bound that broke, wants it to end: AWS rolls it back, and until AWS says so it is asked again. */
function decideEnd(deployment: Deployment, aws: FollowedDeployment, seen: AwsDeployment): Decision | null {
  if (deployment.status === "IN_PROGRESS" || aws.id === null) return null;
  if (seen.status !== "IN_PROGRESS" && seen.status !== "PENDING") return null;
  return { kind: "step", step: { type: "rollBackAws", id: aws.id } };
}

/** What is left to read of one that AWS turned round by itself: the last lines of its tasks and of the hook that failed. */
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
  if (!openGates(seen).some(({ id }) => id === answer.gate)) {
    const why = "The gate was answered elsewhere or has ended";
    return change({ ...deployment, aws: { ...aws, answer: null } }, why);
  }
  if (answer.action === "CONTINUE" && isAwaitingSwitch(deployment)) {
    if (deployment.approval?.state === "waiting")
      return change({ ...deployment, aws: { ...aws, answer: null } }, "Not continued: approvals are missing");
    const disagreement = findDisagreement(world.observation);
    if (disagreement) {
      const why = `Not continued: ${disagreement.message}`;
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
  if (due !== null)
    return change(withApprovalEnd(deployment, due), "It has to be approved before AWS goes on by itself");
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

function waitsFor(seen: AwsDeployment): string {
  const gate = findOpenGate(seen);
  if (gate && awsStage(seen.stage) === "BAKE_TIME")
    return "AWS keeps the old side until its wait is over or somebody closes the window";
  if (gate) return "Waits for a person: the gate is open";
  if (seen.reason) return seen.reason;
  const hook = seen.gates.find(({ state, isForPeople }) => state === "IN_PROGRESS" && !isForPeople);
  if (hook) return `Waits for ${hook.target ? functionName(hook.target) : "a function"}`;
  return `AWS is at ${awsStage(seen.stage) ?? seen.stage ?? "its start"}`;
}
