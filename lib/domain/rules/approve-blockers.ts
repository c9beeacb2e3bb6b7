import type { Deployment } from "../deployment/deployment.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import { type Approver, findApproveRefusals, findMissingApproval } from "./approval-rules.ts";

/** Why traffic cannot be moved by a click while approvals are missing; null when none are. */
export function findMissingApprovalBlocker(deployment: Deployment): Blocker | null {
  const missing = findMissingApproval(deployment);
  return missing && blocker(missing.code, missing.said, missing.fixSaid);
}

/** Every reason why this person's approval would not be taken now; empty when it would. */
export function findApproveBlockers(deployment: Deployment, approver: Approver, now: number): Blocker[] {
  return findApproveRefusals(deployment, approver, now).map(({ code, said, fixSaid }) => blocker(code, said, fixSaid));
}
