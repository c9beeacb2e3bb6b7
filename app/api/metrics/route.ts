import { maySee } from "@/lib/domain/access/role.ts";
import { EXPOSITION_TYPE, writeExposition } from "@/lib/process/exposition.ts";
import { readMetrics } from "@/lib/process/metrics.ts";
import packageJson from "@/package.json";
import { handleRead, type RouteContext } from "../v1/handle.ts";

export const dynamic = "force-dynamic";

/** For Prometheus, with a token that only looks; of applications outside its scope nothing is told. */
export function GET(request: Request): Promise<Response> {
  const answer = async ({ runtime, identity }: RouteContext) => {
    const metrics = await readMetrics(runtime, packageJson.version, (name) => maySee(identity, name));
    return new Response(writeExposition(metrics), {
      headers: { "content-type": EXPOSITION_TYPE, "cache-control": "no-store" },
    });
  };
  return handleRead(request, answer, ["text/plain"]);
}
