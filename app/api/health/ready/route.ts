import { readReadiness } from "@/lib/process/readiness.ts";

export const dynamic = "force-dynamic";

/** For load balancers: whether to send requests here. AWS or the database being away does not change it. */
export function GET(): Response {
  const { isReady, words } = readReadiness();
  const headers = { "cache-control": "no-store", ...(isReady ? {} : { "retry-after": "1" }) };
  return new Response(`${words}\n`, { status: isReady ? 200 : 503, headers });
}
