import {
  approvalCountSaid,
  canonicalSubject,
  standingApprovals,
  subjectChanges,
  subjectOf,
} from "../deployment/approval.ts";
import { askForApproval, lapseApprovals, timeLimitEnded } from "../deployment/approval-transitions.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { pauseStage } from "../deployment/deployment.ts";
import { stageRecord, withStage } from "../deployment/deployment-stage.ts";
import { requestAbort, requestSwitch } from "../deployment/deployment-transitions.ts";
import { LIMITS_MS } from "../deployment/stage-limit.ts";
import { findDisagreement } from "../rules/driven-rules.ts";
import { findClosedBlocker } from "../rules/maintenance-window.ts";
import { findGateBlockers, findSideBlockers } from "../rules/switch-rules.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { Blocker } from "../verb/blocker.ts";
import { change } from "./decide-change.ts";
import { type Decision, FRESH_MS, type World } from "./decision.ts";

/** Approvals lapse when what was approved is no longer what is there; null while it is. */
export function decideLapse(deployment: Deployment, world: World): Decision | null {
  const { approval, to } = deployment;
  if (!approval?.subject || approval.state === "continued" || !isTrusted(world)) return null;
  const subject = subjectOf(world.observation, to);
  if (canonicalSubject(approval.subject) === canonicalSubject(subject)) return null;
  const why = subjectChanges(approval.subject, subject).join("; ");
  const count = standingApprovals(deployment).length;
  const note =
    count > 0 ? `${count} approval${count === 1 ? "" : "s"} lapsed: ${why}` : `What is to be approved changed: ${why}`;
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
    return change(asked, `Asks for ${approval.approvers} approval${approval.approvers === 1 ? "" : "s"}`);
  }
  const late = decideLate(deployment, world, approval.expiresAt);
  if (late) return late;
  if (approval.state !== "approved" && approval.state !== "continued")
    return hold(deployment, `Waits for people: ${inEnglish(approvalCountSaid(approval))}`);
  return decideGoOn(deployment, world);
}

function decideLate(deployment: Deployment, { now }: World, expiresAt: number): Decision | null {
  const { approval } = deployment;
  if (!approval || now < expiresAt) return null;
  const { timeLimitMinutes, onTimeLimit } = approval;
  if (approval.state === "waiting") {
    // Where AWS drives, its gate may have set an earlier end than the time limit.
    const why = `${inEnglish(approvalCountSaid(approval))} ${deployment.aws ? `by ${utcMinute(expiresAt)}` : `within ${timeLimitMinutes} min`}`;
    return change(timeLimitEnded(deployment, why), onTimeLimit === "CONTINUE" ? `${why}: goes on all the same` : why);
  }
  // Approved, but something kept it from going on: it does not wait for ever either.
  if (onTimeLimit === "CONTINUE" && now < expiresAt + LIMITS_MS.awaitSwitch) return null;
  const held = stageRecord(deployment, pauseStage(deployment)).detail;
  const why = `It could not go on in time${held ? `: ${held}` : ""}`;
  return change(requestAbort(deployment, why), why);
}

function decideGoOn(deployment: Deployment, world: World): Decision {
  const { observation, settings, now } = world;
  const { approval } = deployment;
  const { traffic } = observation;
  const word = approval?.state === "continued" ? "The time limit ended" : "Approved";
  if (world.held) return hold(deployment, `${word}; not shifted yet: ${world.held}`);
  const closed = findClosedBlocker(settings.maintenanceWindow?.(now));
  if (closed) return hold(deployment, `${word}; waits for the end of it: ${closed.message}`);
  if (now - traffic.readAt > FRESH_MS || now - observation.observedAt > FRESH_MS)
    return { kind: "look", notBefore: now - FRESH_MS, reason: "Waits for a fresh look at AWS" };
  if (!isTrusted(world)) return hold(deployment, `${word}; waits until AWS answers`);
  const inTheWay = traffic.drift ?? findInTheWay(deployment, world)?.message;
  if (inTheWay) return hold(deployment, `${word}; not shifted yet: ${inTheWay}`);
  const names = standingApprovals(deployment).map((each) => each.name ?? each.actor);
  const by = approval?.state === "continued" ? "the time limit" : names.join(" and ");
  const next = withStage(requestSwitch(deployment, traffic.weights, now), pauseStage(deployment), {
    detail: approval?.state === "continued" ? "Went on at the time limit" : `Approved by ${by}`,
  });
  return change(next, `Goes on to the shift, by ${by}`);
}

/** What keeps the side from taking traffic; where AWS drives, what AWS would do first. */
function findInTheWay({ aws, to }: Deployment, { observation, settings }: World): Blocker | null {
  const facts = { application: settings, observation };
  if (!aws) return findSideBlockers(facts, to)[0] ?? null;
  return findDisagreement(observation) ?? findGateBlockers(facts, to, aws.gate)[0] ?? null;
}

/** Whether the look says what is: a source that fails shows what was, and nothing lapses on that. */
function isTrusted({ observation }: World): boolean {
  const isOk = (name: "ecs" | "elb") =>
    observation.sources.every((source) => source.name !== name || source.state === "ok");
  return isOk("ecs") && isOk("elb") && observation.traffic.live !== "unknown";
}

/** Waits, and the stage says for what. */
function hold(deployment: Deployment, reason: string): Decision {
  if (stageRecord(deployment, pauseStage(deployment)).detail === reason) return { kind: "wait", reason };
  return change(withStage(deployment, pauseStage(deployment), { detail: reason }), reason);
}
