import { rejectDeployment } from "@/lib/operations/reject-deployment.ts";
import { ofDeployment, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(rejectDeployment, {
  named: ofDeployment,
  status: 202,
});
