import { abortDeployment } from "@/lib/operations/abort-deployment.ts";
import { ofDeployment, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(abortDeployment, {
  named: ofDeployment,
  status: 202,
});
