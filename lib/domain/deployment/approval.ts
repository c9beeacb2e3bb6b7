import type { ApprovalRule } from "../application/approval-policy.ts";
import type { Observation } from "../observation/observation.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";
import type { Weights } from "../observation/traffic.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { isSamePerson, type Somebody } from "./person.ts";

/**
 * What is approved: the facts of a receipt without the healthy counts, which change by themselves and which the interlock
 * guards at the shift.
 */
export interface ApprovalSubject {
  to: SlotColor;
  listenerOrRuleArn: string;
  weights: Weights;
  revisions: Record<SlotColor, Revision | null>;
}

/** One person's word on a deployment. */
export interface Approval {
  actor: string;
  /** Other names of the same person; left out in records of before. */
  people?: readonly string[];
  /** As people know them; left out in records of before. */
  name?: string;
  decision: "approved" | "rejected";
  comment?: string;
  at: number;
  /** Hash of what the person had read. */
  receipt?: string;
  /** Set once it counts no more, because what was approved has changed. */
  lapsed?: { at: number; why: string; said?: Sentence };
}

/** The asking for approval of one deployment, by the rule as it was when the deployment began. */
export interface ApprovalRequest extends ApprovalRule {
  /** `approved` and `continued` go on to the shift as soon as nothing is in the way. */
  state: "waiting" | "approved" | "continued" | "rejected" | "expired";
  /** Approvals that count now. */
  given: number;
  /** Epoch ms; null until people are asked. A lapse does not move it. */
  expiresAt: number | null;
  /** Null until people are asked. */
  subject: ApprovalSubject | null;
}

/** Where a revision comes from, as whoever deployed it says; nothing of it was checked. */
export interface DeploymentSource {
  commit?: string;
  /** https only. */
  url?: string;
  /** https only. */
  pipeline?: string;
}

/** One string for what is approved, key order fixed, so that it can be compared and hashed. */
export function canonicalSubject(subject: ApprovalSubject): string {
  const revision = (r: Revision | null) => (r ? [r.taskDefinition, r.image] : null);
  return JSON.stringify([
    "switchyard-approval-1",
    subject.to,
    subject.listenerOrRuleArn,
    [subject.weights.blue, subject.weights.green],
    [revision(subject.revisions.blue), revision(subject.revisions.green)],
  ]);
}

/** Approvals that count now, oldest first. */
export function standingApprovals(deployment: { approvals: readonly Approval[] }): Approval[] {
  return deployment.approvals.filter((approval) => approval.decision === "approved" && !approval.lapsed);
}

/** Whether this person's word is among them. */
export function hasSaid(approvals: readonly Approval[], person: Somebody): boolean {
  return approvals.some((approval) => isSamePerson(giverOf(approval), person));
}

/** Who gave it. */
export function giverOf({ actor, people }: Approval): Somebody {
  return { id: actor, ...(people ? { people } : {}) };
}

/** "1 of 2 approvals". */
export function approvalCountSaid({ given, approvers }: Pick<ApprovalRequest, "given" | "approvers">): Sentence {
  return say("approval.count", { given, approvers });
}

/** What an approval of a switch to `to` would be bound to now. */
export function subjectOf(observation: Pick<Observation, "traffic" | "slots">, to: SlotColor): ApprovalSubject {
  const { traffic, slots } = observation;
  return {
    to,
    listenerOrRuleArn: traffic.listenerOrRuleArn,
    weights: { blue: traffic.weights.blue, green: traffic.weights.green },
    revisions: { blue: slots.blue.revision, green: slots.green.revision },
  };
}
