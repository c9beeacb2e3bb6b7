import type { Grant } from "@/lib/domain/access/grant.ts";
import type { Role } from "@/lib/domain/access/role.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";

/** What is chosen for a new grant. */
export interface GrantChoice {
  kind: Grant["kind"];
  who: string;
  role: Role;
  application: string | null;
  expiresAt: number | null;
  reason?: string;
}

/** The page's server actions, as the desk calls them. */
export interface AccessActions {
  grant(choice: GrantChoice): Promise<Result<Grant>>;
  revoke(input: { grantId: string }): Promise<Result<Grant>>;
  endSessions(input: { personId: string }): Promise<Result<{ personId: string; count: number }>>;
}
