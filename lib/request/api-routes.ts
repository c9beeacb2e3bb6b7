import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { toldIn } from "../domain/sentence/told.ts";
import { cutText } from "../domain/text/cut-text.ts";
import type { Language } from "../messages/language.ts";
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
  "/api/v1/applications/[name]/target-groups": ["POST"],
  "/api/v1/applications/[name]/errors": ["GET"],
  "/api/v1/applications/[name]/handover": ["GET"],
  "/api/v1/applications/[name]/images": ["GET"],
  "/api/v1/applications/[name]/incidents": ["GET"],
  "/api/v1/applications/[name]/incidents/[id]": ["GET"],
  "/api/v1/applications/[name]/live": ["GET"],
  "/api/v1/applications/[name]/logs": ["GET"],
  "/api/v1/applications/[name]/logs/history": ["GET"],
  "/api/v1/applications/[name]/logs/search": ["POST"],
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
  "/api/v1/applications/[name]/live": ["patch", "briefly"],
  "/api/v1/applications/[name]/logs": ["slot", "since", "filter", "briefly"],
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
  "/api/v1/live": ["patch", "view", "briefly"],
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
export function findRouteProblem(
  method: string,
  pathname: string,
  query = new URLSearchParams(),
  language: Language = "en",
): Response | null {
  const path = cutText(pathname, 200);
  if (!isDecodable(pathname)) return problem(400, "INVALID_INPUT", say("rest.badAddress", { path }), language);
  const route = PATTERNS.find(({ pattern }) => pattern.test(pathname));
  if (!route) return problem(404, "NOT_FOUND", say("rest.noRoute", { path }), language);
  const allowed = [...route.methods, ...(route.methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
  if (allowed.includes(method)) {
    const said = route.queries && findQueryProblem(route.queries, query);
    return said && problem(422, "INVALID_INPUT", said, language);
  }
  const said = say("rest.takes", { path, methods: listSaid(route.methods, "and"), method: cutText(method, 20) });
  return problem(405, "METHOD_NOT_ALLOWED", said, language, { allow: allowed.join(", ") });
}

function findQueryProblem(known: readonly string[], query: URLSearchParams): Sentence | null {
  const wrong = [...query.keys()].find((name) => !known.includes(name));
  if (wrong === undefined) return null;
  const name = JSON.stringify(cutText(wrong, 80));
  return known.length > 0
    ? say("rest.noParameter", { name, names: known.join(", ") })
    : say("rest.noParameters", { name });
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

function problem(
  status: 400 | 404 | 405 | 422,
  code: string,
  said: Sentence,
  language: Language,
  headers: Record<string, string> = {},
) {
  const title = toldIn(say(`problem.title.${status}`), language);
  const body = { type: `urn:switchyard:problem:${code}`, title, status, detail: toldIn(said, language), code, said };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "content-language": language,
      vary: "accept-language, cookie",
      ...headers,
    },
  });
}
