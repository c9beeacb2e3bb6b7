import { deploy } from "@/lib/operations/deploy.ts";
import { findRequested } from "@/lib/queries/find-requested.ts";
import { listDeployments } from "@/lib/queries/list-deployments.ts";
import { answerQuery, ofApplication, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, { name }: { name: string }, search) => {
  const key = search.get("idempotencyKey");
  const page = { limit: search.get("limit"), cursor: search.get("cursor") };
  return key === null ? listDeployments(ctx, name, page) : findRequested(ctx, name, key);
});

export const POST = runOperation(deploy, {
  named: ofApplication,
  status: 202,
  withKey: true,
});
