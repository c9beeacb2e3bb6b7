import { approveDeployment } from "@/lib/operations/approve-deployment.ts";
import { ofDeployment, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(approveDeployment, {
  named: ofDeployment,
  status: 202,
});
