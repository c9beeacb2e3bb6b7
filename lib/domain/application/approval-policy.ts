import type { Role } from "../access/role.ts";

/** What happens when the time limit of an approval ends: as ECS names it for a PAUSE hook. */
export const ON_TIME_LIMIT = ["ROLLBACK", "CONTINUE"] as const;

/** How many people must say yes before production traffic moves, and who counts. */
export interface ApprovalRule {
  /** Different people. */
  approvers: number;
  requesterMayApprove: boolean;
  /** Whose approval counts: any of these is enough. A role counts with those above it. */
  from: { roles: readonly Role[]; addresses: readonly string[]; claims: readonly string[] };
  timeLimitMinutes: number;
  onTimeLimit: (typeof ON_TIME_LIMIT)[number];
}

/** What needs approval in an application; null: it does not. A rollback never does. */
export interface ApprovalPolicy {
  release: ApprovalRule | null;
  switch: ApprovalRule | null;
}
