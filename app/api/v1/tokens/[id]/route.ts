import { revokeToken } from "@/lib/operations/revoke-token.ts";
import { getToken } from "@/lib/queries/get-token.ts";
import { answerQuery, runOperation } from "../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, { id }: { id: string }) => getToken(ctx, id));

export const DELETE = runOperation(revokeToken, { named: ({ id }: { id: string }) => ({ tokenId: id }) });
