import { extendWindow } from "@/lib/operations/extend-window.ts";
import { ofDeployment, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(extendWindow, {
  named: ofDeployment,
  status: 202,
});
