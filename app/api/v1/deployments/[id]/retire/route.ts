import { retireSide } from "@/lib/operations/retire-side.ts";
import { ofDeployment, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(retireSide, {
  named: ofDeployment,
  status: 202,
});
