"use server";

import type { Result } from "@/lib/domain/verb/blocker.ts";
import { type AddedApplications, addApplications } from "@/lib/operations/add-applications.ts";
import { act } from "../act.ts";

export async function addApplicationsAction(input: {
  proposals: { name: string; hash: string }[];
}): Promise<Result<AddedApplications>> {
  return act((ctx) => addApplications(ctx, input));
}
