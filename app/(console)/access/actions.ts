"use server";

import type { GrantChoice } from "@/components/access/access-actions.ts";
import type { Grant } from "@/lib/domain/access/grant.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { type EndedSessions, endSessions } from "@/lib/operations/end-sessions.ts";
import { grantRole } from "@/lib/operations/grant-role.ts";
import { revokeGrant } from "@/lib/operations/revoke-grant.ts";
import { act } from "../act.ts";

export async function grantRoleAction(input: GrantChoice): Promise<Result<Grant>> {
  return act((ctx) => grantRole(ctx, input));
}

export async function revokeGrantAction(input: { grantId: string }): Promise<Result<Grant>> {
  return act((ctx) => revokeGrant(ctx, input));
}

export async function endSessionsAction(input: { personId: string }): Promise<Result<EndedSessions>> {
  return act((ctx) => endSessions(ctx, input));
}
