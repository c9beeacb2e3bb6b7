import { foldAddress, matchesAddress } from "../access/address.ts";
import { type Identity, ROLES, type Role, roleOn } from "../access/role.ts";
import type { ApprovalRule } from "../application/approval-policy.ts";
import type { ApprovalRequest } from "../deployment/approval.ts";
import { approvalCountSaid, standingApprovals } from "../deployment/approval.ts";
import { type Deployment, isAwaitingSwitch, isInFlight, pauseStage } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { approvalLapseEnd } from "../deployment/gate-words.ts";
import { isSamePerson, type Somebody, somebodyOf } from "../deployment/person.ts";
import { listSaid } from "../sentence/list.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { BlockerCode } from "../verb/blocker.ts";

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

/** A blocker in no language yet: these rules are asked in the browser as well. `approve-blockers.ts` gives it its English. */
export interface Refusal {
  code: BlockerCode;
  said: Sentence;
  fixSaid?: Sentence;
}

/** Since when people are asked, in epoch ms; null while nobody is. */
export function approvalAskedAt(deployment: Deployment): number | null {
  if (!isAwaitingSwitch(deployment) || deployment.approval?.state !== "waiting") return null;
  return stageRecord(deployment, pauseStage(deployment)).startedAt ?? deployment.startedAt;
}

/** Why traffic cannot be moved by a click while approvals are missing; null when none are. */
export function findMissingApproval(deployment: Deployment): Refusal | null {
  const { approval } = deployment;
  if (approval?.state !== "waiting") return null;
  const { kind, to } = deployment;
  const said = say("approval.waitsForPeople", { kind, to, count: approvalCountSaid(approval) });
  return { code: "APPROVAL_REQUIRED", said, fixSaid: say("approval.goesOnWithLast") };
}

/** Whether the rule counts the approver's word: by role, by address, or by a group. People only: a token is nobody. */
export function isCounted({ from }: Pick<ApprovalRule, "from">, approver: Approver): boolean {
  if (approver.via !== "session") return false;
  const { role, groups = [] } = approver;
  const least = from.roles.map((each) => ROLES.indexOf(each));
  if (role !== null && least.some((index) => ROLES.indexOf(role) >= index)) return true;
  const address = foldAddress(approver.id);
  if (from.addresses.some((pattern) => matchesAddress(address, pattern))) return true;
  return groups.some((group) => from.claims.includes(group));
}

/** Every reason why this person's approval would not be taken now; empty when it would. */
export function findApproveRefusals(deployment: Deployment, approver: Approver, now: number): Refusal[] {
  const { approval } = deployment;
  if (!approval) return isAwaitingSwitch(deployment) ? [] : [notWaiting()];
  const late = findLateBlocker(deployment, approval, now);
  if (late) return [late];
  const blockers: Refusal[] = [];
  if (!approval.requesterMayApprove && isSamePerson(approver, deployment.actor))
    blockers.push({
      code: "OWN_DEPLOYMENT",
      said: ownSaid(deployment, approver),
      fixSaid: say("approval.sendToAnother"),
    });
  const { name, via } = approver;
  if (!isCounted(approval, approver))
    blockers.push({
      code: "APPROVER_NOT_COUNTED",
      said:
        via === "token"
          ? say("approval.onlyPeople", { name })
          : say("approval.notCounted", { name, who: whoCountsSaid(approval) }),
      fixSaid: say("approval.sendToOne"),
    });
  return blockers;
}

function ownSaid({ actor, kind, to }: Deployment, { name }: Approver): Sentence {
  return actor.via === "token"
    ? say("approval.ownToken", { token: actor.name, kind, to, name })
    : say("approval.own", { name, kind, to });
}

/** Whose approval counts, in words: "approvers and admins, members of release-managers, kim@example.com". */
export function whoCountsSaid({ from }: Pick<ApprovalRule, "from">): Sentence {
  const least = from.roles.length > 0 ? Math.min(...from.roles.map((role) => ROLES.indexOf(role))) : ROLES.length;
  const roles = ROLES.slice(least).map((role) => say(`approval.role.${role}`));
  const groups = from.claims.length > 0 ? [say("approval.membersOf", { groups: from.claims.join(", ") })] : [];
  return listSaid([...(roles.length > 0 ? [listSaid(roles, "and")] : []), ...groups, ...from.addresses], "comma");
}

/** What happens if nobody acts, in words that follow a time: "this stops: blue stays live". */
export function timeLimitSaid(deployment: Deployment): Sentence {
  const { approval, from, to } = deployment;
  return approval?.onTimeLimit === "CONTINUE"
    ? say("approval.goesOnWithout", { to })
    : say(`wait.${approvalLapseEnd(deployment)}`, { from });
}

/** What came before this approval, so that it has nothing to say any more. */
function findLateBlocker(deployment: Deployment, approval: ApprovalRequest, now: number): Refusal | null {
  const { from } = deployment;
  if (approval.state === "rejected") {
    const word = deployment.approvals.findLast((each) => each.decision === "rejected");
    const said = word
      ? say("approval.rejected", { by: word.name ?? word.actor, at: utcMinute(word.at), from })
      : say("approval.rejectedBySomebody", { from });
    return { code: "APPROVAL_REJECTED", said, fixSaid: say("approval.deployOnceGone") };
  }
  const isOver = approval.expiresAt !== null && now >= approval.expiresAt;
  if (approval.state === "expired" || approval.state === "continued" || (approval.state === "waiting" && isOver)) {
    const at = utcMinute(approval.expiresAt ?? now);
    return approval.onTimeLimit === "CONTINUE"
      ? { code: "APPROVAL_EXPIRED", said: say("approval.limitGoesOn", { at }) }
      : {
          code: "APPROVAL_EXPIRED",
          said: say("approval.limitStays", { at, from }),
          fixSaid: say("approval.deployAnew"),
        };
  }
  if (approval.state === "approved") {
    const given = standingApprovals(deployment).map((each) => each.name ?? each.actor);
    const what = { names: listSaid(given, "and"), count: approvalCountSaid(approval) };
    const said = isInFlight(deployment) ? say("approval.approvedGoesOn", what) : say("approval.approvedAlready", what);
    return { code: "APPROVAL_NOT_NEEDED", said };
  }
  return isAwaitingSwitch(deployment) ? null : notWaiting();
}

function notWaiting(): Refusal {
  return { code: "NOT_WAITING_FOR_APPROVAL", said: say("approval.notWaiting") };
}
