import type { Sentence } from "../sentence/sentence.ts";

/** How what was asked for ended: it was done, a rule refused it, or AWS or the database failed. */
export const AUDIT_OUTCOMES = ["done", "refused", "failed"] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Actions of rows that no verb names: what came of a verb, and what is about no deployment. */
export const AUDIT_EVENTS = [
  "traffic.switched",
  "traffic.shifted",
  "traffic.rolled-back",
  "deployment.succeeded",
  "deployment.stopped",
  "deployment.rolled-back",
  "deployment.rollback-failed",
  "side.retired",
  "scaling.suspended",
  "scaling.resumed",
  "session.started",
  "session.ended",
  "session.revoked",
  "session.refused",
  "token.created",
  "token.revoked",
  "token.refused",
  "grant.made",
  "grant.revoked",
  "delivery.retried",
  "request.refused",
  "audit.pruned",
] as const;

/** One line of who did what, to what, why and how it ended. Fields that may be left out are so where there is nothing to say. */
export interface AuditRow {
  id: string;
  /** Epoch ms at which it was over and written down. */
  at: number;
  /** Epoch ms at which it was asked for; rows of before this field lack it. */
  askedAt?: number;
  actorId: string;
  actorName: string;
  role: string | null;
  via: string;
  address: string | null;
  /** Id of the session or token it was asked with; never its secret. */
  credentialId?: string;
  /** "deployment.switch" for what was asked; past tense, "traffic.switched", for what came of it. */
  action: string;
  application: string | null;
  deploymentId: string | null;
  /** What it is about where that is neither application nor deployment: a token's id and the like. */
  subject?: string;
  /** How its object was before, in words. */
  before?: string;
  /** How its object is or is to be after it, in words. */
  after?: string;
  outcome: AuditOutcome;
  /** The blocker's code or the AWS error's, when not done. */
  code: string | null;
  message: string;
  /** `message` in no language yet; rows of before this field, and text of AWS's, lack it. */
  said?: Sentence;
  /** The same of `before`. */
  beforeSaid?: Sentence;
  /** The same of `after`. */
  afterSaid?: Sentence;
  reason: string | null;
  /** Hash of the receipt that the asker had read. */
  receipt?: string;
  /** Of the call that AWS refused or failed. */
  awsRequestId?: string;
  /** Of every AWS write that belongs to it, oldest first. */
  awsRequestIds?: readonly string[];
  /** Place in the chain, given by the store. */
  sequence?: number;
  /** SHA-256 over the hash of the row before and this row's content, given by the store. */
  hash?: string;
}
