import { switchTraffic } from "@/lib/operations/switch-traffic.ts";
import { ofApplication, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(switchTraffic, {
  named: ofApplication,
  status: 202,
  withKey: true,
});
