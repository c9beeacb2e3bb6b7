import { abortInput } from "@/lib/operations/abort-deployment.ts";
import { acknowledgeRollbackInput } from "@/lib/operations/acknowledge-rollback.ts";
import { approveInput } from "@/lib/operations/approve-deployment.ts";
import { extendInput } from "@/lib/operations/extend-window.ts";
import { rejectInput } from "@/lib/operations/reject-deployment.ts";
import { retireInput } from "@/lib/operations/retire-side.ts";
import { body, change, HANDOVER_FILES, HASH, identified, type Json, read, ref } from "./openapi-parts.ts";

const accepted = (summary: string, input: Json): Json => ({
  post: change(summary, 202, ref("Deployment"), input),
});
/** Of one deployment. */
export const DEPLOYMENTS: Record<string, Json> = {
  "/api/v1/deployments/{id}": identified("deployment", {
    get: read("One deployment with its journal", ref("DeploymentWithJournal")),
  }),
  "/api/v1/deployments/{id}/handover": identified("deployment", {
    get: read("What happened to it, from the audit", ref("Handover"), [], HANDOVER_FILES),
  }),
  "/api/v1/deployments/{id}/approve": identified(
    "deployment",
    accepted("Approve a deployment that waits", body(approveInput, { receipt: HASH, comment: "Looked at it" })),
  ),
  "/api/v1/deployments/{id}/reject": identified(
    "deployment",
    accepted("Reject a deployment that waits", body(rejectInput, { comment: "Not before Monday" })),
  ),
  "/api/v1/deployments/{id}/abort": identified(
    "deployment",
    accepted("End it with the old side live", body(abortInput, { comment: "Wrong tag" })),
  ),
  "/api/v1/deployments/{id}/extend": identified(
    "deployment",
    accepted("Move the end of its bake or window", body(extendInput, { minutes: 30 })),
  ),
  "/api/v1/deployments/{id}/retire": identified(
    "deployment",
    accepted("Stop the side that is not live", body(retireInput, { comment: "Not needed" })),
  ),
  "/api/v1/deployments/{id}/acknowledge": identified("deployment", {
    post: change(
      "Take note that Switchyard rolled it back by itself; for people",
      200,
      ref("Deployment"),
      body(acknowledgeRollbackInput, { reason: "Fixed in 1.4.1" }),
    ),
  }),
};
