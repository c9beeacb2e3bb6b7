import { acknowledgeRollback } from "@/lib/operations/acknowledge-rollback.ts";
import { ofDeployment, runOperation } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const POST = runOperation(acknowledgeRollback, { named: ofDeployment });
