/** Every route under /api with the methods that it has; a test holds it against the files. HEAD goes with GET, OPTIONS with all. */
export const API_ROUTES: Readonly<Record<string, readonly string[]>> = {
  "/api/auth/[...nextauth]": ["GET", "POST"],
  "/api/health": ["GET"],
  "/api/health/live": ["GET"],
  "/api/health/ready": ["GET"],
  "/api/metrics": ["GET"],
  "/api/v1/applications": ["GET"],
  "/api/v1/applications/[name]": ["GET"],
  "/api/v1/applications/[name]/commands": ["GET"],
  "/api/v1/applications/[name]/deployments": ["GET", "POST"],
  "/api/v1/applications/[name]/drifts": ["POST"],
  "/api/v1/applications/[name]/errors": ["GET"],
  "/api/v1/applications/[name]/handover": ["GET"],
  "/api/v1/applications/[name]/images": ["GET"],
  "/api/v1/applications/[name]/incidents": ["GET"],
  "/api/v1/applications/[name]/incidents/[id]": ["GET"],
  "/api/v1/applications/[name]/live": ["GET"],
  "/api/v1/applications/[name]/logs": ["GET"],
  "/api/v1/applications/[name]/logs/history": ["GET"],
  "/api/v1/applications/[name]/readiness": ["GET", "POST"],
  "/api/v1/applications/[name]/receipt": ["GET"],
  "/api/v1/applications/[name]/rollback": ["POST"],
  "/api/v1/applications/[name]/switch": ["POST"],
  "/api/v1/approvals": ["GET"],
  "/api/v1/audit": ["GET"],
  "/api/v1/deployments/[id]": ["GET"],
  "/api/v1/deployments/[id]/abort": ["POST"],
  "/api/v1/deployments/[id]/acknowledge": ["POST"],
  "/api/v1/deployments/[id]/approve": ["POST"],
  "/api/v1/deployments/[id]/extend": ["POST"],
  "/api/v1/deployments/[id]/handover": ["GET"],
  "/api/v1/deployments/[id]/live": ["GET"],
  "/api/v1/deployments/[id]/reject": ["POST"],
  "/api/v1/deployments/[id]/retire": ["POST"],
  "/api/v1/discovery": ["GET", "POST"],
  "/api/v1/freezes": ["GET", "POST"],
  "/api/v1/freezes/[id]": ["GET", "DELETE"],
  "/api/v1/live": ["GET"],
  "/api/v1/openapi.json": ["GET"],
  "/api/v1/readiness": ["GET"],
  "/api/v1/tokens": ["GET", "POST"],
  "/api/v1/tokens/[id]": ["GET", "DELETE"],
  "/api/v1/summaries": ["GET"],
  "/api/v1/waits": ["GET"],
};

const PATTERNS = Object.entries(API_ROUTES).map(([path, methods]) => ({
  pattern: new RegExp(
    `^${path
      .replaceAll(".json", "\\.json")
      .replace(/\[\.{3}\w+\]/, ".+")
      .replaceAll(/\[\w+\]/g, "[^/]+")}/?$`,
  ),
  methods,
}));

/** Why no route answers such a request: no such address, or not by this method; null when one does. */
export function findRouteProblem(method: string, pathname: string): Response | null {
  if (!isDecodable(pathname))
    return problem(
      400,
      "INVALID_INPUT",
      "Bad address",
      `${pathname.slice(0, 200)} has a % that is not followed by two digits of UTF-8`,
    );
  const route = PATTERNS.find(({ pattern }) => pattern.test(pathname));
  if (!route) return problem(404, "NOT_FOUND", "Not found", `There is no ${pathname.slice(0, 200)}`);
  const allowed = [...route.methods, ...(route.methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
  if (allowed.includes(method)) return null;
  const detail = `${pathname.slice(0, 200)} takes ${route.methods.join(" and ")}, not ${method.slice(0, 20)}`;
  return problem(405, "METHOD_NOT_ALLOWED", "Not by this method", detail, { allow: allowed.join(", ") });
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

function problem(status: number, code: string, title: string, detail: string, headers: Record<string, string> = {}) {
  const body = { type: `urn:switchyard:problem:${code}`, title, status, detail, code };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}
