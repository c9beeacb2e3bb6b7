import type { Sentence } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";

/** Every reason an action can be refused for; the code is part of the API's contract and only ever added to. */
export const BLOCKER_CODES = [
  "FORBIDDEN",
  "NOT_FOUND",
  "INVALID_INPUT",
  "DEPLOYMENT_IN_FLIGHT",
  "NO_DEPLOYMENT_IN_FLIGHT",
  "ALREADY_LIVE",
  "STANDBY_EMPTY",
  "STANDBY_NOT_HEALTHY",
  "STANDBY_NOT_STABLE",
  "STANDBY_FLAPPING",
  "STANDBY_TOO_SMALL",
  "STANDBY_ROLLING_OUT",
  "LISTENER_DRIFT",
  "LISTENER_UNKNOWN",
  "TRAFFIC_SPLIT",
  "DRIFT_NOT_ACKNOWLEDGED",
  "FROZEN",
  "RECEIPT_OUTDATED",
  "NOTHING_TO_ROLL_BACK",
  "OLD_SIDE_NOT_HEALTHY",
  "NOT_WAITING_FOR_APPROVAL",
  "APPROVAL_REQUIRED",
  "APPROVAL_NOT_NEEDED",
  "APPROVAL_EXPIRED",
  "APPROVAL_REJECTED",
  "OWN_DEPLOYMENT",
  "APPROVER_NOT_COUNTED",
  "RECEIPT_REQUIRED",
  "QUIET_HOURS",
  "FREEZE_WINDOW",
  "NOT_BAKING",
  "STILL_LIVE",
  "WINDOW_OPEN",
  "NOT_PROVEN",
  "ALARM_RED",
  "NOT_OFFERED",
  "NOTHING_WAITS",
  "AWS_DISAGREES",
  "NOT_APPROVABLE",
  "IMAGE_NOT_FOUND",
  "IMAGE_PLATFORM",
  "TASK_DEFINITION_NOT_FOUND",
  "TASK_DEFINITION_INACTIVE",
  "REVISION_NOT_ALLOWED",
  "OBSERVATION_STALE",
  "STORE_UNAVAILABLE",
  "ISSUER_UNAVAILABLE",
  "AWS_ERROR",
  "AWS_THROTTLED",
  "AWS_UNAVAILABLE",
  "AWS_DENIED",
  "AWS_CREDENTIALS",
  "RATE_LIMITED",
  "NOT_ACCEPTABLE",
  "STARTING",
  "ALREADY_DELIVERED",
  "BEING_DELIVERED",
  "ENDPOINT_GONE",
  "UNAUTHENTICATED",
  "STEP_UP_REQUIRED",
  "LAST_ADMIN",
  "FOREIGN_ORIGIN",
  "STILL_SERVED",
  "WAYS_IN_UNKNOWN",
  "ROLLBACK_NOT_ACKNOWLEDGED",
  "NEW_ERROR_KINDS",
  "TASK_NEEDS_GONE",
] as const;
export type BlockerCode = (typeof BLOCKER_CODES)[number];

/** Why an action is refused: the same words in tooltip, refusal, API answer and audit row. */
export interface Blocker {
  code: BlockerCode;
  /** One sentence for an operator. */
  message: string;
  /** What to do about it, where something can be done. */
  fix?: string;
  /** `message` and `fix` in no language yet: pages and problem details put them into the reader's. */
  said?: Sentence;
  fixSaid?: Sentence;
}

/** What a blocker, an alarm or a breach says, ready to stand in another sentence. */
export function toldOf({ message, said }: { message: string; said?: Sentence }): Told {
  return said ?? message;
}

/** Expected failures are values. `extra` carries what the caller needs to go on, such as a fresh receipt. */
export type Result<T, E = unknown> =
  | { ok: true; value: T }
  | ({ ok: false; extra?: E } & Blocker & { blockers?: Blocker[] });
