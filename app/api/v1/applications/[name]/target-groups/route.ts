import { addUnusedGroup } from "@/lib/operations/add-unused-group.ts";
import { ofApplication, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(addUnusedGroup, { named: ofApplication });
