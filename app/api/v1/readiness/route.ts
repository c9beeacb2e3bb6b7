import { listReadiness } from "@/lib/queries/get-readiness.ts";
import { answerQuery } from "../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery(listReadiness);
