"use server";

import type { PutOff } from "@/lib/domain/readiness/readiness.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { putOffStep } from "@/lib/operations/put-off-step.ts";
import { act } from "../act.ts";

export async function putOffAction(input: {
  application: string;
  step: string;
  reason: string;
  until: number | null;
}): Promise<Result<PutOff>> {
  return act((ctx) => putOffStep(ctx, input));
}
