"use server";

import type { Result } from "@/lib/domain/blocker.ts";
import type { Grant } from "@/lib/domain/grant.ts";
import type { Role } from "@/lib/domain/role.ts";
import { type EndedSessions, endSessions } from "@/lib/operations/end-sessions.ts";
import { grantRole } from "@/lib/operations/grant-role.ts";
import { revokeGrant } from "@/lib/operations/revoke-grant.ts";
import { act } from "../act.ts";

export async function grantRoleAction(input: {
  kind: Grant["kind"];
  who: string;
  role: Role;
  application: string | null;
  expiresAt: number | null;
  reason?: string;
}): Promise<Result<Grant>> {
  return act((ctx) => grantRole(ctx, input));
}

export async function revokeGrantAction(input: { grantId: string }): Promise<Result<Grant>> {
  return act((ctx) => revokeGrant(ctx, input));
}

export async function endSessionsAction(input: { personId: string }): Promise<Result<EndedSessions>> {
  return act((ctx) => endSessions(ctx, input));
}
