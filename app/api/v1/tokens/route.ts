import { createToken } from "@/lib/operations/create-token.ts";
import { listTokens } from "@/lib/queries/list-tokens.ts";
import { answerQuery, runOperation } from "../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery(listTokens);

export const POST = runOperation(createToken, { status: 201, show: ({ token, secret }) => ({ ...token, secret }) });
