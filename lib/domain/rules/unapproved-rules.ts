import type { ApprovalRequest } from "../deployment/approval.ts";
import { approvalCountSaid } from "../deployment/approval.ts";
import { type Deployment, isInFlight } from "../deployment/deployment.ts";
import { reasonOf } from "../deployment/deployment-stage.ts";
import { type Revision, revisionName, type SlotColor } from "../observation/slot.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";

/** A revision whose newest release ended without the approval that it began under. */
export interface UnapprovedRevision {
  revision: Revision;
  deploymentId: string;
  /** How its asking stood when it ended. */
  state: ApprovalRequest["state"];
  /** Why in words: who rejected it and when, which time limit ended, or what stopped it before. */
  why: string;
  /** `why` in no language yet. */
  whySaid?: Sentence;
  /** Whether an earlier release of the same revision was approved, or needed nobody: it may have been live rightly. */
  wasCleared: boolean;
}

/** Whether a release has ended without the approval that it began under. What it started may run on all the same. */
export function endedUnapproved({ kind, status, approval, revision }: Deployment): boolean {
  if (kind !== "RELEASE" || isInFlight({ status }) || !revision || !approval) return false;
  return approval.state !== "approved" && approval.state !== "continued";
}

/** From every release of these revisions, in any order: those whose newest release has ended without its approval. */
export function findUnapproved(releases: readonly Deployment[]): UnapprovedRevision[] {
  return [...releases]
    .sort((a, b) => a.startedAt - b.startedAt || a.id.localeCompare(b.id))
    .reduce<UnapprovedRevision[]>((known, release, index, all) => {
      const isSame = (other: Deployment) => other.revision?.taskDefinition === release.revision?.taskDefinition;
      return withRelease(
        known,
        release,
        all.slice(0, index).some((other) => isSame(other) && isCleared(other)),
      );
    }, []);
}

/** The list after one release changed: it is added, replaced or, once released anew rightly, taken away. */
export function withRelease(
  known: readonly UnapprovedRevision[],
  release: Deployment,
  wasCleared: boolean,
): UnapprovedRevision[] {
  const { kind, revision, approval } = release;
  if (kind !== "RELEASE" || isInFlight(release) || !revision) return [...known];
  const isSame = (one: UnapprovedRevision) => one.revision.taskDefinition === revision.taskDefinition;
  const others = known.filter((one) => !isSame(one));
  if (!approval || !endedUnapproved(release)) return others;
  const whySaid = whyUnapproved(release, approval);
  return [
    ...others,
    {
      revision,
      deploymentId: release.id,
      state: approval.state,
      why: inEnglish(whySaid),
      whySaid,
      wasCleared: wasCleared || known.some((one) => isSame(one) && one.wasCleared),
    },
  ];
}

/** Why `to` may not get traffic while it runs a revision that was not approved; null when nothing is known against it. */
export function findUnapprovedBlocker(
  unapproved: readonly UnapprovedRevision[] | undefined,
  to: SlotColor,
  revision: Revision | null,
): Blocker | null {
  const found = findEntry(unapproved, revision);
  if (!found) return null;
  const version = revisionName(found.revision);
  const said = say("blocker.neverApproved", { to, version, why: found.whySaid ?? found.why });
  return blocker(CODES[found.state], said, say("blocker.deployAnewApproved"));
}

/** The same for a way back: what an earlier release was approved for was live rightly, and may be again. */
export function findUnapprovedReturn(
  unapproved: readonly UnapprovedRevision[] | undefined,
  to: SlotColor,
  revision: Revision | null,
): Blocker | null {
  return findEntry(unapproved, revision)?.wasCleared ? null : findUnapprovedBlocker(unapproved, to, revision);
}

const CODES = {
  rejected: "APPROVAL_REJECTED",
  expired: "APPROVAL_EXPIRED",
  waiting: "APPROVAL_REQUIRED",
  approved: "APPROVAL_REQUIRED",
  continued: "APPROVAL_REQUIRED",
} as const satisfies Record<ApprovalRequest["state"], Blocker["code"]>;

function findEntry(unapproved: readonly UnapprovedRevision[] = [], revision: Revision | null) {
  if (!revision) return null;
  return unapproved.find((one) => one.revision.taskDefinition === revision.taskDefinition) ?? null;
}

/** Whether it was approved, went on without by its rule, or began where nobody had to approve. */
export function isCleared({ kind, approval }: Deployment): boolean {
  if (kind !== "RELEASE") return false;
  return !approval || approval.state === "approved" || approval.state === "continued";
}

function whyUnapproved(release: Deployment, approval: ApprovalRequest): Sentence {
  const ended = release.finishedAt ?? release.startedAt;
  if (approval.state === "rejected") {
    const word = release.approvals.findLast((each) => each.decision === "rejected");
    const by = word ? (word.name ?? word.actor) : say("blocker.somebody");
    const at = utcMinute(word?.at ?? ended);
    return word?.comment
      ? say("blocker.whyRejectedComment", { by, at, comment: word.comment })
      : say("blocker.whyRejected", { by, at });
  }
  const count = approvalCountSaid(approval);
  if (approval.state === "expired")
    return say("blocker.whyExpired", { at: utcMinute(approval.expiresAt ?? ended), count });
  const at = utcMinute(ended);
  const reason = reasonOf(release);
  return reason ? say("blocker.whyEndedReason", { at, count, reason }) : say("blocker.whyEnded", { at, count });
}
