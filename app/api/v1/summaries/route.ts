import { listSummaries } from "@/lib/queries/list-applications.ts";
import { answerQuery } from "../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery(listSummaries);
