import { currentConfig } from "@/lib/config/current-config.ts";
import { type Health, readHealth } from "@/lib/process/health.ts";
import packageJson from "@/package.json";

export const dynamic = "force-dynamic";

/** For load balancers and people without a session: nothing in it tells more than whether the parts work. */
export async function GET(): Promise<Response> {
  const health: Health = await readHealth(packageJson.version);
  return Response.json(health, {
    status: health.status === "ok" || health.status === "degraded" ? 200 : 503,
    headers: { "cache-control": "no-store", ...policyHeaders() },
  });
}

/** What proxy.ts, which this route does without, gives every other answer. */
function policyHeaders(): Record<string, string> {
  const policy = { "content-security-policy": "default-src 'none'; frame-ancestors 'none'" };
  if (!currentConfig().auth.url.startsWith("https://")) return policy;
  return { ...policy, "strict-transport-security": "max-age=31536000; includeSubDomains" };
}
