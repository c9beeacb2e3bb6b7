import { addApplications } from "@/lib/operations/add-applications.ts";
import { getDiscovery } from "@/lib/queries/get-discovery.ts";
import { answerQuery, runOperation } from "../compose-route.ts";
import { isFlagSet } from "../query-flag.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, _names: undefined, search) => getDiscovery(ctx, isFlagSet(search, "fresh")));

export const POST = runOperation(addApplications);
