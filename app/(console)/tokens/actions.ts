"use server";

import type { ApiToken } from "@/lib/domain/access/api-token.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import type { Verb } from "@/lib/domain/verb/verb.ts";
import { type CreatedToken, createToken } from "@/lib/operations/create-token.ts";
import { revokeToken } from "@/lib/operations/revoke-token.ts";
import { act } from "../act.ts";

export async function createTokenAction(input: {
  name: string;
  verbs: Verb[];
  applications: string[];
  expiresAt: number;
}): Promise<Result<CreatedToken>> {
  return act((ctx) => createToken(ctx, input));
}

export async function revokeTokenAction(input: { tokenId: string }): Promise<Result<ApiToken>> {
  return act((ctx) => revokeToken(ctx, input));
}
