import { approvalCountSaid, canonicalSubject, standingApprovals, subjectOf } from "../deployment/approval.ts";
import { askForApproval, lapseApprovals, timeLimitEnded } from "../deployment/approval-transitions.ts";
import { withStage } from "../deployment/change-stage.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { pauseStage } from "../deployment/deployment.ts";
import { detailOf, stageRecord } from "../deployment/deployment-stage.ts";
import { requestAbort, requestSwitch } from "../deployment/deployment-transitions.ts";
import { LIMITS_MS } from "../deployment/stage-limit.ts";
import { subjectChanges } from "../deployment/subject-changes.ts";
import { driftOf } from "../observation/traffic.ts";
import { findDisagreement } from "../rules/driven-rules.ts";
import { findErrorKindBlocker } from "../rules/error-kind-rules.ts";
import { findClosedBlocker } from "../rules/maintenance-window.ts";
import { findUncovered } from "../rules/override-rules.ts";
import { findGateBlockers, findSideBlockers } from "../rules/switch-rules.ts";
import { listSaid } from "../sentence/list.ts";
import { say } from "../sentence/sentence.ts";
import { englishOf, type Told } from "../sentence/told.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { type Blocker, toldOf } from "../verb/blocker.ts";
import { change } from "./decide-change.ts";
import { type Decision, FRESH_MS, type World } from "./decision.ts";

/** Approvals lapse when what was approved is no longer what is there; null while it is. */
export function decideLapse(deployment: Deployment, world: World): Decision | null {
  const { approval, to } = deployment;
  if (!approval?.subject || approval.state === "continued" || !isTrusted(world)) return null;
  const subject = subjectOf(world.observation, to);
  if (canonicalSubject(approval.subject) === canonicalSubject(subject)) return null;
  const why = subjectChanges(approval.subject, subject);
  const count = standingApprovals(deployment).length;
  const note = count > 0 ? say("decision.approval.lapsed", { count, why }) : say("decision.approval.changed", { why });
  return change(lapseApprovals(deployment, subject, world.now), note);
}

/**
 * The next step of a deployment that waits for people to approve it; null for one that asks nobody. First the time limit
 * counts, then it goes on as soon as nothing is in the way.
 */
export function decideApproval(deployment: Deployment, world: World): Decision | null {
  const { approval } = deployment;
  if (!approval) return null;
  const { observation, now } = world;
  const record = stageRecord(deployment, pauseStage(deployment));
  const subject = subjectOf(observation, deployment.to);
  if (approval.expiresAt === null || !approval.subject) {
    const asked = askForApproval(deployment, subject, record.startedAt ?? now);
    return change(asked, say("decision.approval.asks", { count: approval.approvers }));
  }
  const late = decideLate(deployment, world, approval.expiresAt);
  if (late) return late;
  if (approval.state !== "approved" && approval.state !== "continued")
    return hold(deployment, say("decision.approval.waits", { count: approvalCountSaid(approval) }));
  return decideGoOn(deployment, world);
}

function decideLate(deployment: Deployment, { now }: World, expiresAt: number): Decision | null {
  const { approval } = deployment;
  if (!approval || now < expiresAt) return null;
  const { timeLimitMinutes, onTimeLimit } = approval;
  if (approval.state === "waiting") {
    // Where AWS drives, its gate may have set an earlier end than the time limit.
    const count = approvalCountSaid(approval);
    const why = deployment.aws
      ? say("decision.approval.by", { count, time: utcMinute(expiresAt) })
      : say("decision.approval.within", { count, minutes: timeLimitMinutes });
    const note = onTimeLimit === "CONTINUE" ? say("decision.approval.allTheSame", { why }) : why;
    return change(timeLimitEnded(deployment, why), note);
  }
  // Approved, but something kept it from going on: it does not wait for ever either.
  if (onTimeLimit === "CONTINUE" && now < expiresAt + LIMITS_MS.awaitSwitch) return null;
  const held = detailOf(stageRecord(deployment, pauseStage(deployment)));
  const why = held ? say("decision.approval.notInTimeWhy", { why: held }) : say("decision.approval.notInTime");
  return change(requestAbort(deployment, why), why);
}

function decideGoOn(deployment: Deployment, world: World): Decision {
  const { observation, settings, now } = world;
  const { approval } = deployment;
  const { traffic } = observation;
  const kind = approval?.state ?? "approved";
  if (world.held) return hold(deployment, say("decision.approval.notShifted", { kind, why: world.held }));
  const closed = findClosedBlocker(settings.maintenanceWindow?.(now));
  if (closed) return hold(deployment, say("decision.approval.closed", { kind, why: toldOf(closed) }));
  if (now - traffic.readAt > FRESH_MS || now - observation.observedAt > FRESH_MS)
    return { kind: "look", notBefore: now - FRESH_MS, reason: say("decision.freshLook") };
  if (!isTrusted(world)) return hold(deployment, say("decision.approval.noAws", { kind }));
  const blocker = findInTheWay(deployment, world);
  const inTheWay = driftOf(traffic) ?? (blocker && toldOf(blocker));
  if (inTheWay) return hold(deployment, say("decision.approval.notShifted", { kind, why: inTheWay }));
  const names = standingApprovals(deployment).map((each) => each.name ?? each.actor);
  const isLimit = approval?.state === "continued";
  const by = isLimit ? say("decision.approval.theLimit") : listSaid(names, "and");
  const next = withStage(requestSwitch(deployment, traffic.weights, now), pauseStage(deployment), {
    detail: isLimit ? say("decision.approval.limit") : say("decision.approval.approvedBy", { by }),
  });
  return change(next, say("decision.approval.goesOn", { by }));
}

/** What keeps the side from taking traffic; where AWS drives, what AWS would do first. */
function findInTheWay(deployment: Deployment, { observation, settings, now }: World): Blocker | null {
  const facts = { application: settings, observation };
  const { aws, id, to } = deployment;
  const errors = findErrorKindBlocker({ ...facts, now }, id, to);
  const own = errors ? findUncovered([errors], deployment, to)[0] : undefined;
  if (!aws) return findSideBlockers(facts, to)[0] ?? own ?? null;
  return findDisagreement(observation) ?? findGateBlockers(facts, to, aws.gate)[0] ?? own ?? null;
}

/** Whether the look says what is: a source that fails shows what was, and nothing lapses on that. */
function isTrusted({ observation }: World): boolean {
  const isOk = (name: "ecs" | "elb") =>
    observation.sources.every((source) => source.name !== name || source.state === "ok");
  return isOk("ecs") && isOk("elb") && observation.traffic.live !== "unknown";
}

/** Waits, and the stage says for what. */
function hold(deployment: Deployment, reason: Told): Decision {
  if (stageRecord(deployment, pauseStage(deployment)).detail === englishOf(reason)) return { kind: "wait", reason };
  return change(withStage(deployment, pauseStage(deployment), { detail: reason }), reason);
}
