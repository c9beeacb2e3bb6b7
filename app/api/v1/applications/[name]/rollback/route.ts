import { rollBack } from "@/lib/operations/roll-back.ts";
import { ofApplication, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(rollBack, {
  named: ofApplication,
  status: 202,
  withKey: true,
});
