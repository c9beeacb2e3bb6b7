import type { SmokeResult } from "../application/smoke-check.ts";
import type { StageTimeouts } from "../application/stage-timeouts.ts";
import type { OutsideCaller } from "../observation/outside-caller.ts";
import type { Rollout } from "../observation/rollout.ts";
import type { Revision, SlotColor } from "../observation/slot.ts";
import type { Traffic } from "../observation/traffic.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { Blocker } from "../verb/blocker.ts";
import type { Approval, ApprovalRequest, DeploymentSource } from "./approval.ts";
import type { Breach } from "./breach-record.ts";
import type { DeploymentPlan, ShiftStep } from "./deployment-plan.ts";
import type { FailureEvidence } from "./failure-evidence.ts";
import type { Somebody } from "./person.ts";

export const DEPLOYMENT_KINDS = ["RELEASE", "SWITCH", "ROLLBACK"] as const;
export type DeploymentKind = (typeof DEPLOYMENT_KINDS)[number];

/** ECS's service deployment statuses. */
export const DEPLOYMENT_STATUSES = [
  "PENDING",
  "IN_PROGRESS",
  "SUCCESSFUL",
  "STOP_REQUESTED",
  "STOPPED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];
const TERMINAL_STATUSES: ReadonlySet<DeploymentStatus> = new Set([
  "SUCCESSFUL",
  "STOPPED",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
]);

/** ECS's lifecycle stages, in order, so that every controller shares one timeline. */
export const STAGES = [
  "PRE_SCALE_UP",
  "SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "BAKE_TIME",
  "CLEAN_UP",
] as const;
export type Stage = (typeof STAGES)[number];

export const STAGE_STATUSES = ["PENDING", "IN_PROGRESS", "AWAITING_ACTION", "SUCCEEDED", "FAILED", "SKIPPED"] as const;
export type StageStatus = (typeof STAGE_STATUSES)[number];

/** One stage's record; times are epoch ms. */
export interface StageRecord {
  stage: Stage;
  status: StageStatus;
  startedAt: number | null;
  finishedAt: number | null;
  /** What it waits for or why it failed, in English. */
  detail?: string;
  /** `detail` in no language yet; left out by older records, and where it is text of AWS's or a person's. */
  detailSaid?: Sentence;
  /** What came of the smoke check, for the stage that makes it. */
  smoke?: SmokeResult;
}

/** What shows after a switch that the traffic really moved; all in ms after the write was sent. */
export interface Proof {
  /** Until the rule read back exactly as asked. */
  ruleReadBackMs: number;
  /** Until the first request served by the new side was seen. */
  firstRequestOnNewMs?: number;
  /** Until the last request served by the old side was seen. */
  lastRequestOnOldMs?: number;
  /** Requests that the new side served while verifying, by its log. */
  requests?: number;
  /** Those of them that it answered with 5xx. */
  failedRequests?: number;
  /** True when all of it was seen; "switched, not verified" otherwise. */
  proven: boolean;
  /** Why not (yet) verified, in English. */
  note?: string;
  /** `note` in no language yet. */
  noteSaid?: Sentence;
}

/** One journal line: every AWS write has an intent before it and an outcome after it. */
export interface JournalEntry {
  /** Ascending within a deployment. */
  sequence: number;
  at: number;
  step: string;
  phase: "intent" | "done" | "failed" | "note";
  message: string;
  /** `message` in no language yet; left out by older lines. */
  said?: Sentence;
  awsRequestId?: string;
}

/** Who did it: an identity as people know it, and through what. */
export interface Actor extends Somebody {
  name: string;
  via: "session" | "token" | "engine";
}

/** An approver's word against refusals, for one deployment. */
interface Override {
  /** The side that it lets take traffic. */
  to: SlotColor;
  actor: Actor;
  reason: string;
  blockers: Blocker[];
  /** Epoch ms. */
  at: number;
}

/** What a deployment in flight waits for. Times are epoch ms. */
export interface Waiting {
  for: string;
  since: number;
  until: number;
  outcome: string;
  /** Both in no language yet; `forSaid` is left out where the stage's own detail is what it waits for. */
  forSaid?: Sentence;
  outcomeSaid?: Sentence;
}

/** One recorded attempt to change what is live. Times are epoch ms. */
export interface Deployment {
  id: string;
  application: string;
  kind: DeploymentKind;
  status: DeploymentStatus;
  stage: Stage;
  /** The side that was live when it began. */
  from: SlotColor;
  /** The side that is to be live when it ends. */
  to: SlotColor;
  /** What `from` ran when it began. */
  fromRevision: Revision | null;
  /** What `to` runs once scaled up. */
  revision: Revision | null;
  startedAt: number;
  finishedAt: number | null;
  actor: Actor;
  reason: string | null;
  /** Why it is in this status, in English. */
  statusReason: string | null;
  /** `statusReason` in no language yet; left out by older records, and where it is text of AWS's or a person's. */
  statusSaid?: Sentence;
  stages: StageRecord[];
  /** Everybody's word on it, oldest first, also what counts no more. */
  approvals: Approval[];
  /** How traffic is moved to `to`; all at once when left out. */
  rollout?: Rollout;
  /** Its steps in order; left out by records from before there were any. */
  steps?: ShiftStep[];
  /** Whom it has to ask before production traffic moves; left out where nobody has to approve. */
  approval?: ApprovalRequest;
  /** Where the revision comes from, where whoever deployed it said so. */
  source?: DeploymentSource;
  proof: Proof | null;
  /** End of the bake, once it has begun. */
  bakeUntil: number | null;
  /** What a failed deployment left behind to read: stop reasons, exit codes, last log lines. */
  evidence: FailureEvidence | null;
  /** Which figure broke which bound, when that turned it round. `at` is epoch ms. */
  breach?: Breach & { at: number };
  /** Who took note that Switchyard turned it round by itself, and when (epoch ms); left out until somebody did. */
  acknowledged?: { actor: Actor; at: number; reason: string | null };
  /** Longest times that were configured when it began; the defaults when left out. */
  timeouts?: StageTimeouts;
  /** What it waits for and until when, as of the look at AWS it is shown with; never stored. */
  waiting?: Waiting;
  /** True when traffic was moved while the database was away, and the record was written afterwards. */
  late?: boolean;
  /** Minutes for which the old side is kept warm once it has ended well; left out where no window was configured. */
  windowMinutes?: number;
  /** Epoch ms of the window's end, once a person has moved it. */
  windowUntil?: number;
  /** The side that was asked to run nothing after it, and when (epoch ms). */
  retired?: { slot: SlotColor; at: number };
  /** The refusals that an approver overrode, and why. */
  override?: Override;
  /** The deployment that AWS drives and this one follows; left out where Switchyard moves the traffic. */
  aws?: FollowedDeployment;
  /** The engine's own memory of it. */
  plan?: DeploymentPlan;
}

/** An AWS deployment as it is followed. Times are epoch ms. */
export interface FollowedDeployment {
  /** ARN of the ECS service deployment or CodeDeploy's id; null until AWS has told it. */
  id: string | null;
  /** When its start was sent; null before that. */
  sentAt: number | null;
  /** The gate that waits for a person now; null while none does. */
  gate: FollowedGate | null;
  /** A person's answer that AWS was not told yet; null otherwise. */
  answer: { gate: string; action: "CONTINUE" | "ROLLBACK"; at: number; expiresAt?: number | null } | null;
  /** Gates that were answered from here, oldest first: none is answered twice. */
  answered: AnsweredGate[];
  /** Gates that ended without an answer from here, oldest first; left out while there is none. */
  ended?: EndedGate[];
  /** When AWS last took it to roll the deployment back; left out before that. */
  rollbackAskedAt?: number;
  /** Since when AWS does not tell of it, in good looks; left out while it does. */
  unseenSince?: number;
  /** Since when AWS says that it has ended, where the look at that moment left something unclear; left out otherwise. */
  overSince?: number;
  /** Started by somebody else: a pipeline, the console, Terraform. */
  isForeign?: true;
  /** Who that was, as CloudTrail says; left out while it is not known yet. */
  startedBy?: OutsideCaller;
  /** Who ended it, where nobody here did; left out while it is not known yet. */
  endedBy?: OutsideCaller;
  /** AWS stopped it because another deployment of the service was started after it. */
  isSuperseded?: true;
  /** It failed, and AWS rolls nothing back. */
  isFailed?: true;
  /** Where the rule sent traffic when it was over, where AWS had moved it and left it so; left out otherwise. */
  left?: Traffic["live"];
}

/** What waits for a person, and what AWS does by itself when nobody answers. */
export interface FollowedGate {
  id: string;
  stage: Stage;
  /** Null where AWS does not tell it. */
  expiresAt: number | null;
  onExpiry: "ROLLBACK" | "CONTINUE";
}

/** A gate that was answered from here; `at` is epoch ms. */
interface AnsweredGate {
  gate: string;
  action: "CONTINUE" | "ROLLBACK";
  at: number;
  /** When it would have ended by itself: AWS may give the gate of a later step the same id. Left out by older records. */
  expiresAt?: number | null;
  /** How long it had waited, in ms; left out by older records. */
  waitedMs?: number;
}

/** A gate that nobody answered from here. Times are epoch ms. */
export interface EndedGate extends FollowedGate {
  /** When it was first seen to have ended. */
  at: number;
  /** How long it had waited until then, in ms. */
  waitedMs: number;
  /** Nobody answered it in time, or somebody did elsewhere. */
  how: "expired" | "elsewhere";
  /** What AWS did then; null where nobody answered and the whole deployment was stopped. */
  action: "ROLLBACK" | "CONTINUE" | null;
  /** Who answered it elsewhere, as CloudTrail says; left out while it is not known yet. */
  by?: OutsideCaller;
}

/** A deployment that still changes. */
export function isInFlight(deployment: Pick<Deployment, "status">): boolean {
  return !TERMINAL_STATUSES.has(deployment.status);
}

/** The stage at which people are waited for before production: AWS's own gate may be at any of those before the shift. */
export function pauseStage(deployment: Pick<Deployment, "aws" | "stage">): Stage {
  return deployment.aws ? deployment.stage : "PRE_PRODUCTION_TRAFFIC_SHIFT";
}

/** A deployment that waits for a person before the production shift. */
export function isAwaitingSwitch(deployment: Pick<Deployment, "aws" | "stage" | "stages" | "status">): boolean {
  const at = pauseStage(deployment);
  return (
    deployment.status === "IN_PROGRESS" &&
    STAGES.indexOf(at) < STAGES.indexOf("PRODUCTION_TRAFFIC_SHIFT") &&
    deployment.stages.some(({ stage, status }) => stage === at && status === "AWAITING_ACTION")
  );
}
