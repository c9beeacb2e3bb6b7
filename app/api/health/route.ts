import { type Health, readHealth } from "@/lib/process/health.ts";
import packageJson from "@/package.json";

export const dynamic = "force-dynamic";

/** For load balancers and people without a session: nothing in it tells more than whether the parts work. */
export async function GET(): Promise<Response> {
  const health: Health = await readHealth(packageJson.version);
  return Response.json(health, {
    status: health.status === "ok" || health.status === "degraded" ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
