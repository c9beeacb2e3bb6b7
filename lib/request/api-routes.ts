import { cutText } from "../domain/text/cut-text.ts";
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

/** Query parameters of each route, as the OpenAPI document has them; a test holds it against that. None where it is left out. */
export const API_QUERIES: Readonly<Record<string, readonly string[]>> = {
  "/api/v1/applications/[name]/commands": ["action", "to", "imageTag", "image", "taskDefinition"],
  "/api/v1/applications/[name]/deployments": ["limit", "cursor", "idempotencyKey"],
  "/api/v1/applications/[name]/handover": ["hours"],
  "/api/v1/applications/[name]/incidents/[id]": ["download"],
  "/api/v1/applications/[name]/live": ["patch"],
  "/api/v1/applications/[name]/logs": ["slot", "since", "filter"],
  "/api/v1/applications/[name]/logs/history": [
    "before",
    "after",
    "since",
    "until",
    "slot",
    "filter",
    "query",
    "limit",
    "download",
  ],
  "/api/v1/applications/[name]/readiness": ["fresh"],
  "/api/v1/applications/[name]/receipt": ["to"],
  "/api/v1/approvals": ["count"],
  "/api/v1/audit": ["application", "actor", "verb", "outcome", "from", "to", "bom", "limit", "cursor"],
  "/api/v1/discovery": ["fresh"],
  "/api/v1/live": ["patch", "view"],
  "/api/v1/waits": ["count"],
};

const PATTERNS = Object.entries(API_ROUTES).map(([path, methods]) => ({
  pattern: new RegExp(
    `^${path
      .replaceAll(".json", "\\.json")
      .replace(/\[\.{3}\w+\]/, ".+")
      .replaceAll(/\[\w+\]/g, "[^/]+")}/?$`,
  ),
  methods,
  // What other programs ask of us by their own rules is theirs to say.
  queries: path.startsWith("/api/v1/") ? (API_QUERIES[path] ?? []) : null,
}));

/**
 * Why no route answers such a request: no such address, not by this method, or with a query parameter that there is not, as one that
 * is misspelt would answer something else than was asked; null when one does.
 */
export function findRouteProblem(method: string, pathname: string, query = new URLSearchParams()): Response | null {
  if (!isDecodable(pathname))
    return problem(
      400,
      "INVALID_INPUT",
      "Bad address",
      `${cutText(pathname, 200)} has a % that is not followed by two digits of UTF-8`,
    );
  const route = PATTERNS.find(({ pattern }) => pattern.test(pathname));
  if (!route) return problem(404, "NOT_FOUND", "Not found", `There is no ${cutText(pathname, 200)}`);
  const allowed = [...route.methods, ...(route.methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
  if (allowed.includes(method)) return route.queries && findQueryProblem(route.queries, query);
  const detail = `${cutText(pathname, 200)} takes ${route.methods.join(" and ")}, not ${cutText(method, 20)}`;
  return problem(405, "METHOD_NOT_ALLOWED", "Not by this method", detail, { allow: allowed.join(", ") });
}

function findQueryProblem(known: readonly string[], query: URLSearchParams): Response | null {
  const wrong = [...query.keys()].find((name) => !known.includes(name));
  if (wrong === undefined) return null;
  const there = known.length > 0 ? `known here: ${known.join(", ")}` : "this address has none";
  const detail = `There is no query parameter ${JSON.stringify(cutText(wrong, 80))}; ${there}`;
  return problem(422, "INVALID_INPUT", "Not understood", detail);
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
