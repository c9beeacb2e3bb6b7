"use server";

import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { approveDeployment } from "@/lib/operations/approve-deployment.ts";
import { rejectDeployment } from "@/lib/operations/reject-deployment.ts";
import { act } from "../act.ts";

type Answer = Promise<Result<Deployment, { receipt?: Receipt }>>;

export async function approveAction(input: { deploymentId: string; receipt: string; comment?: string }): Answer {
  return act((ctx) => approveDeployment(ctx, input));
}

export async function rejectAction(input: { deploymentId: string; comment?: string }): Answer {
  return act((ctx) => rejectDeployment(ctx, input));
}
