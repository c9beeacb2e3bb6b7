"use server";

import type { Freeze } from "@/lib/domain/rules/freeze.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { freezeLine } from "@/lib/operations/freeze-line.ts";
import { liftFreeze } from "@/lib/operations/lift-freeze.ts";
import { act } from "../act.ts";

export async function freezeAction(input: {
  application: string | null;
  reason: string;
  until: number | null;
}): Promise<Result<Freeze>> {
  return act((ctx) => freezeLine(ctx, input));
}

export async function liftAction(input: { freezeId: string }): Promise<Result<Freeze>> {
  return act((ctx) => liftFreeze(ctx, input));
}
