import { acknowledgeDrift } from "@/lib/operations/acknowledge-drift.ts";
import { ofApplication, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(acknowledgeDrift, { named: ofApplication });
