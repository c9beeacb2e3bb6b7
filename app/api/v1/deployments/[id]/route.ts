import { getDeployment } from "@/lib/queries/get-deployment.ts";
import { answerQuery } from "../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery(
  (ctx, { id }: { id: string }) => getDeployment(ctx, id),
  ({ deployment, journal }) => ({ ...deployment, journal }),
);
