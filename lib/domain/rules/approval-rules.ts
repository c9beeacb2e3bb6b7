import { type Identity, ROLES, type Role, roleOn } from "../access/role.ts";
import type { ApprovalRule } from "../application/approval-policy.ts";
import type { ApprovalRequest } from "../deployment/approval.ts";
import { approvalCount, standingApprovals } from "../deployment/approval.ts";
import { type Deployment, isAwaitingSwitch, isInFlight, pauseStage } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { deploymentWords } from "../deployment/deployment-words.ts";
import { isSamePerson, type Somebody, somebodyOf } from "../deployment/person.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { Blocker } from "../verb/blocker.ts";

/** Whoever would approve: by what they hold in the deployment's application. */
export interface Approver extends Somebody {
  name: string;
  role: Role | null;
  via: "session" | "token";
  /** Values of the provider's claim. */
  groups?: readonly string[];
}

/** Somebody as the rules of approval look at them, by what they hold on this application. */
export function approverOf(identity: Identity, application: string): Approver {
  const { name, via, groups } = identity;
  const role = roleOn(identity, application);
  return { ...somebodyOf(identity), name, via, role, ...(groups ? { groups } : {}) };
}

/** Since when people are asked, in epoch ms; null while nobody is. */
export function approvalAskedAt(deployment: Deployment): number | null {
  if (!isAwaitingSwitch(deployment) || deployment.approval?.state !== "waiting") return null;
  return stageRecord(deployment, pauseStage(deployment)).startedAt ?? deployment.startedAt;
}

/** Why traffic cannot be moved by a click while approvals are missing; null when none are. */
export function findMissingApprovalBlocker(deployment: Deployment): Blocker | null {
  const { approval } = deployment;
  if (approval?.state !== "waiting") return null;
  return {
    code: "APPROVAL_REQUIRED",
    message: `The ${deploymentWords(deployment)} waits for people: ${approvalCount(approval)}`,
    fix: "It goes on by itself with the last approval",
  };
}

/** Whether the rule counts the approver's word: by role, by address, or by a group. People only: a token is nobody. */
export function isCounted({ from }: Pick<ApprovalRule, "from">, approver: Approver): boolean {
  if (approver.via !== "session") return false;
  const { role, groups = [] } = approver;
  const least = from.roles.map((each) => ROLES.indexOf(each));
  if (role !== null && least.some((index) => ROLES.indexOf(role) >= index)) return true;
  const id = approver.id.toLowerCase();
  if (from.addresses.some((each) => (each.startsWith("*@") ? id.endsWith(each.slice(1)) : id === each))) return true;
  return groups.some((group) => from.claims.includes(group));
}

/** Every reason why this person's approval would not be taken now; empty when it would. */
export function findApproveBlockers(deployment: Deployment, approver: Approver, now: number): Blocker[] {
  const { approval } = deployment;
  if (!approval) return isAwaitingSwitch(deployment) ? [] : [notWaiting()];
  const late = findLateBlocker(deployment, approval, now);
  if (late) return [late];
  const blockers: Blocker[] = [];
  if (!approval.requesterMayApprove && isSamePerson(approver, deployment.actor))
    blockers.push({
      code: "OWN_DEPLOYMENT",
      message: `${ownWords(deployment, approver)}, so somebody else has to approve it`,
      fix: "Send the link to another approver",
    });
  if (!isCounted(approval, approver))
    blockers.push({
      code: "APPROVER_NOT_COUNTED",
      message:
        approver.via === "token"
          ? `Only people approve; ${approver.name} is a token`
          : `${approver.name} is none of those whose approval counts here: ${whoCounts(approval)}`,
      fix: "Send the link to one of them",
    });
  return blockers;
}

function ownWords(deployment: Deployment, approver: Approver): string {
  const { name, via } = deployment.actor;
  return via === "token"
    ? `${name} asked for this ${deploymentWords(deployment)}, and ${approver.name} is behind it`
    : `${approver.name} asked for this ${deploymentWords(deployment)}`;
}

/** Whose approval counts, in words: "approvers and admins, members of release-managers, kim@example.com". */
export function whoCounts({ from }: Pick<ApprovalRule, "from">): string {
  const least = from.roles.length > 0 ? Math.min(...from.roles.map((role) => ROLES.indexOf(role))) : ROLES.length;
  const roles = ROLES.slice(least).map((role) => `${role}s`);
  const groups = from.claims.length > 0 ? [`members of ${from.claims.join(", ")}`] : [];
  return [...(roles.length > 0 ? [roles.join(" and ")] : []), ...groups, ...from.addresses].join(", ");
}

/** What happens if nobody acts, in words that follow a time: "this rolls back". */
export function timeLimitWords(deployment: Deployment): string {
  if (deployment.approval?.onTimeLimit === "CONTINUE") return `this goes on to ${deployment.to} without an approval`;
  return `this rolls back: ${deployment.from} stays live`;
}

/** What came before this approval, so that it has nothing to say any more. */
function findLateBlocker(deployment: Deployment, approval: ApprovalRequest, now: number): Blocker | null {
  if (approval.state === "rejected") {
    const by = deployment.approvals.findLast((each) => each.decision === "rejected");
    return {
      code: "APPROVAL_REJECTED",
      message: `${by ? (by.name ?? by.actor) : "Somebody"} rejected it${by ? ` at ${utcMinute(by.at)}` : ""}; ${deployment.from} stays live`,
      fix: "Deploy anew once the reason is gone",
    };
  }
  const isOver = approval.expiresAt !== null && now >= approval.expiresAt;
  if (approval.state === "expired" || approval.state === "continued" || (approval.state === "waiting" && isOver))
    return {
      code: "APPROVAL_EXPIRED",
      message: `Its time limit ended at ${utcMinute(approval.expiresAt ?? now)}${approval.onTimeLimit === "CONTINUE" ? "; it goes on without an approval" : `; ${deployment.from} stays live`}`,
      ...(approval.onTimeLimit === "CONTINUE" ? {} : { fix: "Deploy anew" }),
    };
  if (approval.state === "approved") {
    const names = standingApprovals(deployment).map((each) => each.name ?? each.actor);
    return {
      code: "APPROVAL_NOT_NEEDED",
      message: `${names.join(" and ")} approved it already: ${approvalCount(approval)}${isInFlight(deployment) ? ", it goes on" : ""}`,
    };
  }
  return isAwaitingSwitch(deployment) ? null : notWaiting();
}

function notWaiting(): Blocker {
  return { code: "NOT_WAITING_FOR_APPROVAL", message: "No deployment waits before its production shift" };
}
