"use server";

import { redirect } from "next/navigation";
import type { FormRefusal } from "@/components/board/board-actions.ts";
import { acceptedPath } from "@/components/board/rollback-path.ts";
import type { Deployment } from "@/lib/domain/deployment/deployment.ts";
import type { Rollout } from "@/lib/domain/observation/rollout.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { Receipt } from "@/lib/domain/snapshot/receipt.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { abortDeployment } from "@/lib/operations/abort-deployment.ts";
import { acknowledgeDrift } from "@/lib/operations/acknowledge-drift.ts";
import { acknowledgeRollback } from "@/lib/operations/acknowledge-rollback.ts";
import { addUnusedGroup } from "@/lib/operations/add-unused-group.ts";
import { deploy } from "@/lib/operations/deploy.ts";
import { extendWindow } from "@/lib/operations/extend-window.ts";
import { retireSide } from "@/lib/operations/retire-side.ts";
import { rollBack } from "@/lib/operations/roll-back.ts";
import { switchTraffic } from "@/lib/operations/switch-traffic.ts";
import { type DeployPlan, getDeployPlan } from "@/lib/queries/get-deploy-plan.ts";
import { getReceipt } from "@/lib/queries/get-receipt.ts";
import { act } from "../act.ts";

type Answer = Promise<Result<Deployment, { receipt?: Receipt }>>;

export async function deployAction(input: {
  application: string;
  imageTag?: string;
  image?: string;
  taskDefinition?: string;
  reason?: string;
  rollout?: Rollout;
  idempotencyKey?: string;
}): Answer {
  return act((ctx) => deploy(ctx, input));
}

export async function switchAction(input: {
  application: string;
  to: SlotColor;
  receipt: string;
  reason?: string;
  rollout?: Rollout;
  override?: { application: string; reason: string };
  idempotencyKey?: string;
}): Answer {
  return act((ctx) => switchTraffic(ctx, input));
}

export async function rollBackAction(input: {
  application: string;
  to?: SlotColor;
  reason?: string;
  override?: { application: string; reason: string };
  idempotencyKey?: string;
}): Answer {
  return act((ctx) => rollBack(ctx, input));
}

/** The same from a form; accepted, it leads to the page that says so. */
export async function rollBackFormAction(_before: FormRefusal, form: FormData): Promise<FormRefusal> {
  const application = textOf(form, "application");
  const asked = { application, to: textOf(form, "to"), idempotencyKey: textOf(form, "idempotencyKey") };
  const result = await act((ctx) => rollBack(ctx, asked));
  if (!result.ok) return result;
  redirect(acceptedPath(result.value));
}

/** A field that holds text; a file or nothing is told as missing. */
function textOf(form: FormData, name: string): string | undefined {
  const value = form instanceof FormData ? form.get(name) : null;
  return typeof value === "string" ? value : undefined;
}

export async function abortAction(input: { deploymentId: string; comment?: string }): Answer {
  return act((ctx) => abortDeployment(ctx, input));
}

export async function extendAction(input: { deploymentId: string; minutes?: number }): Answer {
  return act((ctx) => extendWindow(ctx, input));
}

export async function retireAction(input: { deploymentId: string; comment?: string; gate?: string }): Answer {
  return act((ctx) => retireSide(ctx, input));
}

export async function receiptAction(application: string, to: SlotColor): Promise<Result<Receipt>> {
  return act((ctx) => getReceipt(ctx, application, to));
}

export async function deployPlanAction(
  application: string,
  request: { imageTag?: string; image?: string; taskDefinition?: string },
): Promise<Result<DeployPlan>> {
  return act((ctx) => getDeployPlan(ctx, application, request));
}

export async function acknowledgeRollbackAction(input: { deploymentId: string }): Promise<Result<unknown>> {
  return act((ctx) => acknowledgeRollback(ctx, input));
}

export async function addGroupAction(input: {
  application: string;
  to: SlotColor;
  weights: { blue: number; green: number };
}): Promise<Result<unknown>> {
  return act((ctx) => addUnusedGroup(ctx, input));
}

export async function acknowledgeAction(input: { application: string; drift: string }): Promise<Result<unknown>> {
  return act((ctx) => acknowledgeDrift(ctx, input));
}
